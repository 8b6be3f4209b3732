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
});
