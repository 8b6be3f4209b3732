import { batchOf, chipParameters, chipsOf } from "./detection-products.ts";
import { numberParameter } from "./parameter.ts";
import { policyKind } from "./policy-kind.ts";

/** Detections; a chip only for those whose score leaves doubt. */
export const adaptive = policyKind({
  name: "adaptive",
  sends: "Detections, and chips only where the model is not sure.",
  where: "board",
  parameters: {
    sureAbove: numberParameter({
      name: "sure-above",
      low: 0,
      high: 1,
      initial: 0.6,
      help: "score from which on a detection goes without a chip",
    }),
    ...chipParameters,
  },
  ofDetections: async (seen, settings) => [
    batchOf(seen),
    ...(await chipsOf(seen, settings, ({ score }) => score < settings.sureAbove)),
  ],
});
