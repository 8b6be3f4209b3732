import { digest, label } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";
import { sequenceField } from "./model-install.ts";

/** Work with a model that is on board. */
export const modelActivate = orderKind({
  kind: "model-activate",
  meaning: "work with a model that is on board",
  fields: {
    model: label,
    sha256: digest,
    sequence: sequenceField,
  },
});
