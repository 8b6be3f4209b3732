import { batchOf, chipParameters, chipsOf } from "../../../operators/policies/detection-products.ts";
import { wholeParameter } from "../../../operators/policies/parameter.ts";
import { policyKind } from "../../../operators/policies/policy-kind.ts";

/** Detections, and chips of the few that the model is surest of. */
export const best = policyKind({
  name: "best",
  sends: "Detections, and chips of those that the model is surest of.",
  where: "board",
  parameters: {
    count: wholeParameter({ name: "count", low: 1, high: 1000, initial: 5, help: "chips a scene" }),
    ...chipParameters,
  },
  ofDetections: async (seen, settings) => {
    const surest = new Set(seen.detections.toSorted((a, b) => b.score - a.score).slice(0, settings.count));
    return [batchOf(seen), ...(await chipsOf(seen, settings, (detection) => surest.has(detection)))];
  },
});
