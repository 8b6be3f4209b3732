/** What a satellite sends down of what it sees. */
export type Policy =
  /** Every tile, lossless; the ground runs the model. The yardstick of all savings. */
  | { readonly name: "raw" }
  /** Every tile, lossy; the ground runs the model on what the codec left. */
  | { readonly name: "compress"; readonly format: "webp" | "avif" | "jpeg"; readonly quality: number }
  /** Tiles that are neither empty nor cloudy, lossless; the ground runs the model. */
  | { readonly name: "screen"; readonly maxCloudShare: number }
  /** Detections only. */
  | { readonly name: "detect" }
  /** Detections and an image chip for each. */
  | { readonly name: "chips"; readonly marginPx: number; readonly quality: number }
  /** Detections; a chip only for those whose score is below `sureAbove`. */
  | {
      readonly name: "adaptive";
      readonly sureAbove: number;
      readonly marginPx: number;
      readonly quality: number;
    };

export type PolicyName = Policy["name"];

export const policyNames: readonly PolicyName[] = [
  "raw",
  "compress",
  "screen",
  "detect",
  "chips",
  "adaptive",
];

/** Whether the model runs on board; it runs on the ground otherwise. */
export const detectsOnBoard = (policy: Policy): boolean =>
  policy.name === "detect" || policy.name === "chips" || policy.name === "adaptive";
