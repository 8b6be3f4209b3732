import { encodeChips } from "../../pipeline/product/chip.ts";
import { chipWindow } from "../../pipeline/product/chip-window.ts";
import { encodeDetections } from "../../pipeline/product/detection-batch.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { windowArea } from "../../pipeline/raster/raster.ts";
import { wholeParameter } from "./parameter.ts";
import type { ProductDraft, SeenAcquisition } from "./policy-kind.ts";
import { worthOfChips, worthOfDetections } from "./product-value.ts";

/** The detections of an acquisition, all in one product. */
export const batchOf = ({ reader: { scene }, detections, model }: SeenAcquisition): ProductDraft => ({
  kind: "detections",
  tile: null,
  payload: encodeDetections({
    scene: scene.id,
    georeference: scene.georeference,
    detections,
    ...(model === undefined ? {} : { model }),
  }),
  value: worthOfDetections(detections),
  encodedSamples: 0,
});

/** What policies that cut out chips have in common. */
export const chipParameters = {
  marginPx: wholeParameter({
    name: "margin",
    unit: "px",
    low: 0,
    high: 256,
    initial: 8,
    help: "of surroundings on each side of a chip",
  }),
  quality: wholeParameter({ name: "quality", low: 1, high: 100, initial: 80, help: "of the chips' WebP" }),
};

/** Image chips of the detections that `wanted` picks, all in one product; none where it picks none. */
export const chipsOf = async (
  { reader, bands, detections }: SeenAcquisition,
  { marginPx, quality }: { readonly marginPx: number; readonly quality: number },
  wanted: (detection: Detection) => boolean,
): Promise<readonly ProductDraft[]> => {
  const cutOuts = detections.flatMap((detection, detectionIndex) => {
    if (!wanted(detection)) return [];
    const window = chipWindow(detection.boxPx, reader.scene, { marginPx });
    // Read one by one as they are encoded: thousands of cut-outs at once would not fit into memory.
    return [{ detectionIndex, window, read: () => reader.readWindow(window, bands) }];
  });
  if (cutOuts.length === 0) return [];
  const pixels = cutOuts.reduce((sum, { window }) => sum + windowArea(window), 0);
  const payload = await encodeChips(cutOuts, { quality });
  const value = worthOfChips(cutOuts.map(({ detectionIndex }) => detections[detectionIndex]?.score ?? 0));
  return [{ kind: "chips", tile: null, payload, value, encodedSamples: pixels * bands.length }];
};
