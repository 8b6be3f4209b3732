import { productCodec } from "../product-kind.ts";

/** What the model found in an acquisition: `encodeDetections`. */
export const detections = productCodec({
  kind: "detections",
  key: "detections",
  name: "batches of detections",
  colour: "detections",
  class: "results",
});
