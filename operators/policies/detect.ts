import { batchOf } from "./detection-products.ts";
import { policyKind } from "./policy-kind.ts";

/** Detections only. */
export const detect = policyKind({
  name: "detect",
  sends: "The model runs on board; only detections go down.",
  where: "board",
  parameters: {},
  ofDetections: async (seen) => [batchOf(seen)],
});
