import { boxIou, translateBox } from "./box.ts";
import { type BoxIndex, boxIndex } from "./box-index.ts";
import type { Detection } from "./detection.ts";
import {
  convexIou,
  isTurnedBox,
  outlineArea,
  type OutlinePx,
  sharedArea,
  translateOutline,
} from "./outline.ts";
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
 * Greedy suppression within each class: of two boxes (turned ones as they lie) whose intersection over union exceeds `iou`, the one that
 * `compareDetections` puts first stays. Returns some of the detections given, sorted; independent of their order, and
 * merging the result again changes nothing.
 */
export const mergeDetections = (detections: readonly Detection[], iou: number): readonly Detection[] =>
  suppress(detections.toSorted(compareDetections), [], iou);

/**
 * The detections of one scene, in scene pixels and `compareDetections` order, from those of its overlapping tiles.
 *
 * The tile whose core holds a box's centre sees the object with the most around it, so its word counts before that of its
 * neighbours, whatever the scores. A neighbour's detection counts only where its centre lies so close to the neighbour's
 * own core that the two may differ in where they put the centre (otherwise both could leave the object to the other).
 * Such a detection, and one that a tile's edge cuts where the scene goes on, gives way to any box that covers most of it:
 * part of a ship cannot win over the ship.
 *
 * Independent of the order of `parts` and of the detections in them; never makes a box that no tile gave.
 */
export const mergeTileDetections = (parts: readonly TileDetections[], iou: number): readonly Detection[] => {
  const area = boundsOf(parts);
  const sure: Detection[] = [];
  const cut: Detection[] = [];
  const nearby: Detection[] = [];
  for (const { tile, detections } of parts) {
    for (const { classId, score, boxPx: tilePx, outlinePx } of detections) {
      const { x, y } = tile.window;
      const boxPx = translateBox(tilePx, x, y);
      const distance = distanceFromCore(boxPx, tile);
      if (distance > centreTolerance(boxPx)) continue;
      const rank = distance > 0 ? nearby : isCut(boxPx, tile, area) ? cut : sure;
      const shape = outlinePx === undefined ? {} : { outlinePx: translateOutline(outlinePx, x, y) };
      rank.push({ classId, score, boxPx, ...shape });
    }
  }
  const doubtful = [...cut.sort(compareDetections), ...nearby.sort(compareDetections)];
  return suppress(sure.sort(compareDetections), doubtful, iou).sort(compareDetections);
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

/** What the tiles given cover. */
const boundsOf = (parts: readonly TileDetections[]): Box => {
  const windows = parts.map(({ tile }) => tile.window);
  return {
    x0: windows.reduce((least, w) => Math.min(least, w.x), Number.POSITIVE_INFINITY),
    y0: windows.reduce((least, w) => Math.min(least, w.y), Number.POSITIVE_INFINITY),
    x1: windows.reduce((most, w) => Math.max(most, w.x + w.width), Number.NEGATIVE_INFINITY),
    y1: windows.reduce((most, w) => Math.max(most, w.y + w.height), Number.NEGATIVE_INFINITY),
  };
};

/** True when the box reaches a side of its tile (to a pixel) beyond which the scene goes on. */
const isCut = ({ x0, y0, x1, y1 }: Box, { window }: Tile, area: Box): boolean =>
  (x0 < window.x + 1 && window.x > area.x0) ||
  (y0 < window.y + 1 && window.y > area.y0) ||
  (x1 > window.x + window.width - 1 && window.x + window.width < area.x1) ||
  (y1 > window.y + window.height - 1 && window.y + window.height < area.y1);

/**
 * Keeps, in the order given, each detection that no earlier kept one of its class overlaps by more than `iou`; after them
 * likewise of the `doubtful` ones, those of which no kept one covers most. Turned boxes are compared as they lie.
 */
const suppress = (ranked: readonly Detection[], doubtful: readonly Detection[], iou: number): Detection[] => {
  const indexes = new Map<number, BoxIndex>();
  const indexOf = (classId: number): BoxIndex => {
    const index = indexes.get(classId) ?? boxIndex(iou);
    indexes.set(classId, index);
    return index;
  };
  const kept: Detection[] = [];
  const turned = new Map<Box, OutlinePx>();
  const isKnown = (index: BoxIndex, { boxPx, outlinePx }: Detection, isDoubtful: boolean): boolean => {
    if (outlinePx === undefined || !isTurnedBox(outlinePx)) {
      return index.overlaps(boxPx) || (isDoubtful && index.covers(boxPx));
    }
    // Boxes round long objects side by side at a slant overlap where the objects do not.
    turned.set(boxPx, outlinePx);
    const most = isDoubtful ? outlineArea(outlinePx) / 2 : Number.POSITIVE_INFINITY;
    return index.some(boxPx, (other) => {
      const shape = turned.get(other);
      if (shape === undefined) return boxIou(other, boxPx) > iou;
      return convexIou(shape, outlinePx) > iou || (isDoubtful && sharedArea(outlinePx, shape) > most);
    });
  };
  const consider = (detection: Detection, isDoubtful: boolean): void => {
    const index = indexOf(detection.classId);
    if (isKnown(index, detection, isDoubtful)) return;
    index.add(detection.boxPx);
    kept.push(detection);
  };
  for (const detection of ranked) consider(detection, false);
  for (const detection of doubtful) consider(detection, true);
  return kept;
};
