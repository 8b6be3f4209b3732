import { oneOf, words } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";

/** Change how a satellite works. */
export const parameter = orderKind({
  kind: "parameter",
  meaning: "change how the satellite works from now on",
  fields: {
    name: oneOf(["duty"]),
    value: words("1 to 64 characters", /^[ -~]{1,64}$/),
  },
  asked: {
    words: {
      name: "what is changed: duty, the share of an orbit that the camera may work",
      value: "what it is from now on, such as 0.5",
    },
    example: "parameter --name duty --value 0.5 --to walker-1-1 --deadline 12h --file orders.yaml",
  },
});
