import type { Policy } from "../../pipeline/mission/policy.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
import { encodeChips } from "../../pipeline/product/chip.ts";
import { chipWindow } from "../../pipeline/product/chip-window.ts";
import { encodeDetections } from "../../pipeline/product/detection-batch.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { windowArea } from "../../pipeline/raster/raster.ts";
import type { SceneReader } from "../../pipeline/raster/scene.ts";
import { worthOfChips, worthOfDetections } from "./product-value.ts";

/** What a policy makes of an acquisition, before it has a place in the store. */
export interface ProductDraft {
  readonly kind: ProductKind;
  readonly tile: number | null;
  readonly payload: Uint8Array;
  /** What it is worth to the ground: see `worth.ts`. */
  readonly value: number;
  /** Samples that went through an image encoder for it: what it cost the computer. */
  readonly encodedSamples: number;
}

const chipsOf = async (
  policy: Policy & { readonly name: "chips" | "adaptive" },
  reader: SceneReader,
  bands: readonly string[],
  detections: readonly Detection[],
): Promise<ProductDraft | null> => {
  const sureAbove = policy.name === "adaptive" ? policy.sureAbove : Infinity;
  const cutOuts = detections.flatMap(({ score, boxPx }, detectionIndex) => {
    if (score >= sureAbove) return [];
    const window = chipWindow(boxPx, reader.scene, { marginPx: policy.marginPx });
    // Read one by one as they are encoded: thousands of cut-outs at once would not fit into memory.
    return [{ detectionIndex, window, read: () => reader.readWindow(window, bands) }];
  });
  if (cutOuts.length === 0) return null;
  const pixels = cutOuts.reduce((sum, { window }) => sum + windowArea(window), 0);
  const payload = await encodeChips(cutOuts, { quality: policy.quality });
  const value = worthOfChips(cutOuts.map(({ detectionIndex }) => detections[detectionIndex]?.score ?? 0));
  return { kind: "chips", tile: null, payload, value, encodedSamples: pixels * bands.length };
};

/**
 * The products of an acquisition whose detections were made on board: the batch, and where the policy asks for them
 * the chips, all in one product. `detections` are quantised, in scene pixels. An acquisition without any still sends its
 * empty batch: "nothing there" is a result, and the ground must be able to tell it from silence.
 * Throws `SwathError("raster")` when the pixels of a chip cannot be read.
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
    value: worthOfDetections(detections),
    encodedSamples: 0,
  };
  if (policy.name !== "chips" && policy.name !== "adaptive") return [batch];
  const chips = await chipsOf(policy, reader, bands, detections);
  return chips === null ? [batch] : [batch, chips];
};
