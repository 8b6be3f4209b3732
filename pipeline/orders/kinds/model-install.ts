import { digest, label, size } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";

/** Take a model in, piece by piece; it works only once it is activated. */
export const modelInstall = orderKind({
  kind: "model-install",
  meaning: "take in a model that the uplink brings",
  fields: {
    model: label,
    /** Of the whole model. */
    sha256: digest,
    /** Of what goes up for it. */
    upload: size,
  },
});
