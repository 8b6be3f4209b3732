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

/** Cell coordinates stay exact in one number: 2²⁶ columns of cells, negative ones included. */
const cellKey = (column: number, row: number): number => row * 2 ** 26 + column;

/**
 * Grids by powers of two of the longer side, so that neither many small nor a few huge boxes make a query slow.
 * Boxes whose intersection over union is at least t have sides within a factor t of each other, which bounds the levels
 * to be looked at; and where a query would visit more cells than a level has boxes, the boxes are gone through instead.
 */
export const boxIndex = (iou: number): BoxIndex => {
  const levels = new Map<number, Level>();
  return {
    add(box) {
      const exponent = sizeExponent(box);
      let level = levels.get(exponent);
      if (level === undefined) {
        level = { cellPx: 2 ** exponent, boxes: [], cells: new Map() };
        levels.set(exponent, level);
      }
      const key = cellKey(cellAt(centreX(box), level), cellAt(centreY(box), level));
      const cell = level.cells.get(key);
      if (cell === undefined) level.cells.set(key, [box]);
      else cell.push(box);
      level.boxes.push(box);
    },
    overlaps(box) {
      const exponent = sizeExponent(box);
      const reach = iou > 0 ? Math.ceil(-Math.log2(iou)) + 1 : Number.POSITIVE_INFINITY;
      for (const [other, level] of levels) {
        if (Math.abs(other - exponent) <= reach && levelOverlaps(level, box, iou)) return true;
      }
      return false;
    },
  };
};

const centreX = ({ x0, x1 }: BoxPx): number => (x0 + x1) / 2;
const centreY = ({ y0, y1 }: BoxPx): number => (y0 + y1) / 2;
const cellAt = (px: number, { cellPx }: Level): number => Math.floor(px / cellPx);

/** Smallest n with longer side ≤ 2ⁿ, from 0: below a pixel it makes no difference. */
const sizeExponent = ({ x0, y0, x1, y1 }: BoxPx): number =>
  Math.ceil(Math.log2(Math.max(x1 - x0, y1 - y0, 1)));

const levelOverlaps = (level: Level, box: BoxPx, iou: number): boolean => {
  // A box of this level reaches at most half a cell from its centre.
  const half = level.cellPx / 2;
  const left = cellAt(box.x0 - half, level);
  const right = cellAt(box.x1 + half, level);
  const top = cellAt(box.y0 - half, level);
  const bottom = cellAt(box.y1 + half, level);
  if ((right - left + 1) * (bottom - top + 1) >= level.boxes.length)
    return anyOverlaps(level.boxes, box, iou);
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const cell = level.cells.get(cellKey(column, row));
      if (cell !== undefined && anyOverlaps(cell, box, iou)) return true;
    }
  }
  return false;
};

const anyOverlaps = (others: readonly BoxPx[], box: BoxPx, iou: number): boolean => {
  for (const other of others) if (boxIou(other, box) > iou) return true;
  return false;
};
