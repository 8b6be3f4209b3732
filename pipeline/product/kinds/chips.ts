import { productCodec } from "../product-kind.ts";

/** Cut-outs around detections: `encodeChips`. */
export const chips = productCodec({
  kind: "chips",
  key: "chips",
  name: "chips",
  colour: "chips",
  class: "chips",
});
