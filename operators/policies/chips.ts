import { batchOf, chipParameters, chipsOf } from "./detection-products.ts";
import { policyKind } from "./policy-kind.ts";

/** Detections and an image chip for each. */
export const chips = policyKind({
  name: "chips",
  sends: "As detect, with an image chip for each detection.",
  where: "board",
  parameters: chipParameters,
  ofDetections: async (seen, settings) => [batchOf(seen), ...(await chipsOf(seen, settings, () => true))],
});
