import { oneOf, words } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";

/** Change how a satellite works. */
export const parameter = orderKind({
  kind: "parameter",
  meaning: "change how the satellite works from now on",
  fields: {
    name: oneOf(["score", "policy"]),
    value: words("1 to 64 characters", /^[ -~]{1,64}$/),
  },
  asked: {
    words: {
      name: "what is changed: score, the least that is reported; policy, one of the policy's own settings",
      value: "what it is from now on, such as 0.6, or margin=16",
    },
    example: "parameter --name score --value 0.6 --to walker-1-1 --deadline 12h --file orders.yaml",
  },
});
