import type { Detection } from "../../pipeline/detection/detection.ts";
import { mergeTileDetections } from "../../pipeline/detection/merge.ts";
import { quantiseDetections } from "../../pipeline/product/detection-batch.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { Tile } from "../../pipeline/raster/tile-plan.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { ImageryProcessor, SeenTile } from "./imagery-processor.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { ProductArrival, LandedDetection } from "../../pipeline/mission/landing.ts";

/** Everything that the ground knows of one acquisition. */
export interface AcquisitionState {
  readonly acquisition: Acquisition;
  readonly scene: Scene;
  readonly plan: readonly Tile[];
  /** Null when the model runs on board, and once the acquisition is let go: it holds what is needed to see tiles. */
  processor: ImageryProcessor | null;
  readonly tileArrivals: Map<number, ProductArrival>;
  /** Tiles that the ground has requested, and when: for policies that detect on board. */
  readonly asked: Map<number, Instant>;
  readonly seen: SeenTile[];
  /** Of policies that detect on board: the batch, once it is down. */
  batch: {
    readonly detections: readonly Detection[];
    readonly arrival: ProductArrival;
    /** Beginning of the digest of the model that found them, where the satellite says it. */
    readonly model?: string;
  } | null;
  chips: ProductArrival | null;
}

const latest = (arrivals: readonly ProductArrival[]): ProductArrival =>
  arrivals.reduce((a, b) =>
    b.atCentre > a.atCentre || (b.atCentre === a.atCentre && b.number > a.number) ? b : a,
  );

/** The last of the products that a tile was put together from. */
export const lastOf = ({ tileArrivals }: AcquisitionState, { from }: SeenTile): ProductArrival =>
  latest(from.map((index) => tileArrivals.get(index) as ProductArrival));

/** How far (x, y) lies outside of the tile's core along the worse axis, in pixels; negative inside. */
const distanceFromCore = ({ core }: Tile, x: number, y: number): number =>
  Math.max(core.x - x, x - core.x - core.width, core.y - y, y - core.y - core.height);

/** The tile seen that answers for (x, y): it holds it in its core, or is nearest when nobody saw the one that does. */
const ownerOf = (seen: readonly SeenTile[], x: number, y: number): SeenTile =>
  seen.reduce((a, b) => (distanceFromCore(b.tile, x, y) < distanceFromCore(a.tile, x, y) ? b : a));

/**
 * The detections of an acquisition in their final form: those of the batch as they came, those of imagery merged over
 * tile borders and put on the same grid as the batch, so that both ways of working can be compared to the last bit.
 *
 * A detection on imagery is dated by the tile that answers for its centre: `doneAt` says when the ground's processors were done
 * with that, after the last of the cores that the model needed for it.
 */
export const landedDetections = (
  state: AcquisitionState,
  mergeIou: number,
  doneAt: (tile: number) => Instant,
): readonly LandedDetection[] => {
  const { batch } = state;
  if (batch !== null) {
    const { arrival } = batch;
    return batch.detections.map((detection) => ({ detection, arrival, publishedAt: arrival.atCentre }));
  }
  const seen = state.seen.toSorted((a, b) => a.tile.index - b.tile.index);
  const merged = quantiseDetections(mergeTileDetections(seen, mergeIou), state.scene);
  return merged.map((detection) => {
    const { x0, y0, x1, y1 } = detection.boxPx;
    const source = ownerOf(seen, (x0 + x1) / 2, (y0 + y1) / 2);
    return { detection, arrival: lastOf(state, source), publishedAt: doneAt(source.tile.index) };
  });
};
