import type { Policy } from "../pipeline/product/policy.ts";
import type { ProductKind } from "../pipeline/product/product.ts";
import { encodeChips } from "../pipeline/product/chip.ts";
import { chipWindow } from "../pipeline/product/chip-window.ts";
import { encodeDetections } from "../pipeline/product/detection-batch.ts";
import type { Detection } from "../pipeline/detection/detection.ts";
import type { SceneReader } from "../pipeline/raster/scene.ts";

/** What a policy makes of an acquisition, before it has a place in the store. */
export interface ProductDraft {
  readonly kind: ProductKind;
  readonly tile: number | null;
  readonly payload: Uint8Array;
}

/** Results before pictures of results before pictures: sent first when smaller. */
export const priorityOf: Readonly<Record<ProductKind, number>> = {
  detections: 0,
  chips: 1,
  "tile-lossless": 2,
  "tile-lossy": 2,
};

/** Detections of which the policy wants a picture, by their index in the batch. */
const wantChips = (policy: Policy, detections: readonly Detection[]): readonly number[] => {
  if (policy.name === "chips") return detections.map((_, index) => index);
  if (policy.name !== "adaptive") return [];
  return detections.flatMap(({ score }, index) => (score < policy.sureAbove ? [index] : []));
};

/**
 * The products of an acquisition whose detections were made on board: the batch, and where the policy asks for them
 * the chips, all in one product. An acquisition without detections still sends its empty batch:
 * "nothing there" is a result, and the ground must be able to tell it from silence.
 */
export const selectResults = async (
  policy: Policy,
  reader: SceneReader,
  bands: readonly string[],
  detections: readonly Detection[],
): Promise<readonly ProductDraft[]> => {
  const { scene } = reader;
  const batch: ProductDraft = {
    kind: "detections",
    tile: null,
    payload: encodeDetections({ scene: scene.id, georeference: scene.georeference, detections }),
  };
  const wanted = wantChips(policy, detections);
  if (wanted.length === 0 || (policy.name !== "chips" && policy.name !== "adaptive")) return [batch];
  const cutOuts = [];
  for (const detectionIndex of wanted) {
    const { boxPx } = detections[detectionIndex] as Detection;
    const window = chipWindow(boxPx, scene, { marginPx: policy.marginPx });
    cutOuts.push({ detectionIndex, window, raster: await reader.readWindow(window, bands) });
  }
  const payload = await encodeChips(cutOuts, { quality: policy.quality });
  return [batch, { kind: "chips", tile: null, payload }];
};
