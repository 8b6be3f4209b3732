import { boxArea, boxIou, type BoxPx } from "./box.ts";

/** A growing set of boxes that answers how they overlap another box. */
export interface BoxIndex {
  add(box: BoxPx): void;
  /** True when the intersection over union with any box added exceeds the index's `iou`. */
  overlaps(box: BoxPx): boolean;
  /** True when `test` holds for any box added whose extents overlap those of `box`. */
  some(box: BoxPx, test: (added: BoxPx) => boolean): boolean;
  /** True when any box added covers more than half of `box`. */
  covers(box: BoxPx): boolean;
}

/** Boxes of about one size, in square cells of that size, each in the cell of its centre. */
interface Level {
  readonly cellPx: number;
  readonly boxes: BoxPx[];
  readonly cells: Map<number, BoxPx[]>;
}

/** Different cells may share a key: what lies in them is compared in any case. Small integers make the quickest keys. */
const cellKey = (column: number, row: number): number =>
  (Math.imul(row, 73_856_093) ^ Math.imul(column, 19_349_663)) & 0x3fff_ffff;

/**
 * Grids by powers of two of the longer side, so that neither many small nor a few huge boxes make a query slow.
 * Where a query would visit more cells than a level has boxes, the boxes are gone through instead.
 */
export const boxIndex = (iou: number): BoxIndex => {
  const levels = new Map<number, Level>();
  return {
    add(box) {
      const exponent = Math.ceil(Math.log2(Math.max(longerSide(box), 1)));
      let level = levels.get(exponent);
      if (level === undefined) {
        level = { cellPx: 2 ** exponent, boxes: [], cells: new Map() };
        levels.set(exponent, level);
      }
      const column = Math.floor((box.x0 + box.x1) / 2 / level.cellPx);
      const row = Math.floor((box.y0 + box.y1) / 2 / level.cellPx);
      const key = cellKey(column, row);
      const cell = level.cells.get(key);
      if (cell === undefined) level.cells.set(key, [box]);
      else cell.push(box);
      level.boxes.push(box);
    },
    overlaps(box) {
      for (const level of levels.values()) if (levelOverlaps(level, box, iou)) return true;
      return false;
    },
    some(box, test) {
      for (const level of levels.values()) if (someNear(level, box, 0, test)) return true;
      return false;
    },
    covers(box) {
      const isCovered = (other: BoxPx): boolean => boxIntersection(other, box) > boxArea(box) / 2;
      for (const level of levels.values()) if (someNear(level, box, 0, isCovered)) return true;
      return false;
    },
  };
};

const longerSide = ({ x0, y0, x1, y1 }: BoxPx): number => Math.max(x1 - x0, y1 - y0);

/**
 * Intersection over union of boxes never exceeds that of their extents along either axis. To exceed t, therefore, sides
 * have to lie within a factor t of each other, and centres no further apart than half of both sides less t of one.
 */
const levelOverlaps = (level: Level, box: BoxPx, iou: number): boolean => {
  const { cellPx } = level;
  const side = longerSide(box);
  // The sides of a level's boxes: above half a cell (or below one pixel), up to a cell.
  if (cellPx < iou * side || (side < (iou * cellPx) / 2 && cellPx > 1)) return false;
  return someNear(level, box, iou, (other) => boxIou(other, box) > iou);
};

/** True when `test` holds for a box of the level whose extents overlap those of `box` by more than `share` of the latter. */
const someNear = (
  { cellPx, boxes, cells }: Level,
  box: BoxPx,
  share: number,
  test: (other: BoxPx) => boolean,
): boolean => {
  const reachX = cellPx / 2 + (1e-9 - share) * (box.x1 - box.x0);
  const reachY = cellPx / 2 + (1e-9 - share) * (box.y1 - box.y0);
  const left = Math.floor((box.x0 - reachX) / cellPx);
  const right = Math.floor((box.x1 + reachX) / cellPx);
  const top = Math.floor((box.y0 - reachY) / cellPx);
  const bottom = Math.floor((box.y1 + reachY) / cellPx);
  if ((right - left + 1) * (bottom - top + 1) >= boxes.length) return boxes.some(test);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      if (cells.get(cellKey(column, row))?.some(test)) return true;
    }
  }
  return false;
};

const boxIntersection = (a: BoxPx, b: BoxPx): number =>
  Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0)) *
  Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));
