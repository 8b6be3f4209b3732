import { boxIou, type BoxPx } from "./box.ts";

/** A growing set of boxes that answers whether one of them overlaps another box by more than a fixed share. */
export interface BoxIndex {
  add(box: BoxPx): void;
  /** True when the intersection over union with any box added exceeds the index's `iou`. */
  overlaps(box: BoxPx): boolean;
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
  };
};

const longerSide = ({ x0, y0, x1, y1 }: BoxPx): number => Math.max(x1 - x0, y1 - y0);

/**
 * Intersection over union of boxes never exceeds that of their extents along either axis. To exceed t, therefore, sides
 * have to lie within a factor t of each other, and centres no further apart than half of both sides less t of one.
 */
const levelOverlaps = ({ cellPx, boxes, cells }: Level, box: BoxPx, iou: number): boolean => {
  const side = longerSide(box);
  // The sides of a level's boxes: above half a cell (or below one pixel), up to a cell.
  if (cellPx < iou * side || (side < (iou * cellPx) / 2 && cellPx > 1)) return false;
  const reachX = cellPx / 2 + (1e-9 - iou) * (box.x1 - box.x0);
  const reachY = cellPx / 2 + (1e-9 - iou) * (box.y1 - box.y0);
  const left = Math.floor((box.x0 - reachX) / cellPx);
  const right = Math.floor((box.x1 + reachX) / cellPx);
  const top = Math.floor((box.y0 - reachY) / cellPx);
  const bottom = Math.floor((box.y1 + reachY) / cellPx);
  if ((right - left + 1) * (bottom - top + 1) >= boxes.length) return anyOverlaps(boxes, box, iou);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const cell = cells.get(cellKey(column, row));
      if (cell !== undefined && anyOverlaps(cell, box, iou)) return true;
    }
  }
  return false;
};

const anyOverlaps = (others: readonly BoxPx[], box: BoxPx, iou: number): boolean => {
  for (const other of others) if (boxIou(other, box) > iou) return true;
  return false;
};
