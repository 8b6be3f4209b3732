import { translateBox } from "./box.ts";
import { boxIndex } from "./box-index.ts";
import type { Detection } from "./detection.ts";
import type { Tile } from "../raster/tile-plan.ts";

/** The one order of detections: best score first; ties by box (x0, y0, x1, y1) and class. Total: equal means identical. */
export const compareDetections = (a: Detection, b: Detection): number =>
  b.score - a.score ||
  a.boxPx.x0 - b.boxPx.x0 ||
  a.boxPx.y0 - b.boxPx.y0 ||
  a.boxPx.x1 - b.boxPx.x1 ||
  a.boxPx.y1 - b.boxPx.y1 ||
  a.classId - b.classId;

/** What one tile gave. */
export interface TileDetections {
  readonly tile: Tile;
  /** In pixels of the tile. */
  readonly detections: readonly Detection[];
}

/**
 * Greedy suppression within each class: of two boxes whose intersection over union exceeds `iou`, the one that
 * `compareDetections` puts first stays. Returns some of the detections given, sorted; independent of their order, and
 * merging the result again changes nothing.
 */
export const mergeDetections = (detections: readonly Detection[], iou: number): readonly Detection[] =>
  suppress(detections.toSorted(compareDetections), iou);

/**
 * The detections of one scene, in scene pixels and `compareDetections` order, from those of its overlapping tiles.
 *
 * The tile whose core holds a box's centre sees the object whole and with the most around it, so its word counts before
 * that of its neighbours, whatever the scores: half a ship at a tile's edge cannot win over the ship. A neighbour's
 * detection counts only where the owner has none there and its centre lies so close to the neighbour's own core that the
 * two may differ in where they put the centre (otherwise both could leave the object to the other).
 *
 * Independent of the order of `parts` and of the detections in them; never makes a box that no tile gave.
 */
export const mergeTileDetections = (parts: readonly TileDetections[], iou: number): readonly Detection[] => {
  const owned: Detection[] = [];
  const nearby: Detection[] = [];
  for (const { tile, detections } of parts) {
    for (const { classId, score, boxPx } of detections) {
      const scenePx = translateBox(boxPx, tile.window.x, tile.window.y);
      const distance = distanceFromCore(scenePx, tile);
      if (distance === 0) owned.push({ classId, score, boxPx: scenePx });
      else if (distance <= centreTolerance(scenePx)) nearby.push({ classId, score, boxPx: scenePx });
    }
  }
  const ranked = [...owned.sort(compareDetections), ...nearby.sort(compareDetections)];
  return suppress(ranked, iou).sort(compareDetections);
};

type Box = Detection["boxPx"];

/** How far the box's centre lies outside the tile's core, in pixels, along the worse axis; 0 inside. */
const distanceFromCore = ({ x0, y0, x1, y1 }: Box, { core }: Tile): number => {
  const x = (x0 + x1) / 2;
  const y = (y0 + y1) / 2;
  // Half-open as pixels are: a centre on a border belongs to one core only, which the smallest number stands for.
  const right = x >= core.x + core.width ? Math.max(x - core.x - core.width, Number.MIN_VALUE) : 0;
  const bottom = y >= core.y + core.height ? Math.max(y - core.y - core.height, Number.MIN_VALUE) : 0;
  return Math.max(core.x - x, core.y - y, right, bottom, 0);
};

/** By how much two looks at one object may differ in its centre: a quarter of its longer side, at least two pixels. */
const centreTolerance = ({ x0, y0, x1, y1 }: Box): number => Math.max(2, Math.max(x1 - x0, y1 - y0) / 4);

/** Keeps, in the order given, each detection that no earlier kept one of its class overlaps by more than `iou`. */
const suppress = (ranked: readonly Detection[], iou: number): Detection[] => {
  const indexes = new Map<number, ReturnType<typeof boxIndex>>();
  return ranked.filter(({ classId, boxPx }) => {
    let index = indexes.get(classId);
    if (index === undefined) {
      index = boxIndex(iou);
      indexes.set(classId, index);
    }
    if (index.overlaps(boxPx)) return false;
    index.add(boxPx);
    return true;
  });
};
