import { digest, label } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";
import { exampleDigest, sequenceField } from "./model-install.ts";

/** Work with a model that is on board. */
export const modelActivate = orderKind({
  kind: "model-activate",
  meaning: "work with a model that is on board",
  fields: {
    model: label,
    sha256: digest,
    sequence: sequenceField,
  },
  asked: {
    words: {
      model: "name of the model",
      sha256: "SHA-256 of all of it, 64 hexadecimal digits: summaries tell it with each model",
      sequence: "number of the order among those about models to that satellite, 1 for the first",
    },
    example: `model-activate --model ships-s2:int8 --sha256 ${exampleDigest} --sequence 2 --to walker-1-1 --deadline 2d`,
  },
});
