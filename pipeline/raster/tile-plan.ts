import { SwathError } from "../errors.ts";
import type { PixelWindow } from "./raster.ts";

export interface TileShape {
  /** Side of the square that the model sees, in pixels. */
  readonly sizePx: number;
  /** How far neighbouring tiles reach over each other, in pixels; at least the longest object expected. */
  readonly overlapPx: number;
}

/** One tile of a plan: what is read, and the part of it that no other tile owns. */
export interface Tile {
  /** Position in the plan, row by row from the upper left. */
  readonly index: number;
  /** What is read, in scene pixels. Smaller than the tile size only where the area itself is. */
  readonly window: PixelWindow;
  /** What this tile answers for. The cores of a plan cover the area once, without gaps or overlaps. */
  readonly core: PixelWindow;
}

/** Window starts and core borders along one axis. */
const planAxis = (start: number, length: number, size: number, overlap: number) => {
  if (length <= size) return [{ at: start, extent: length, coreAt: start, coreEnd: start + length }];
  const count = Math.ceil((length - overlap) / (size - overlap));
  // The last tile is shifted back into the area instead of padded: the model then sees real pixels everywhere.
  const starts = Array.from({ length: count }, (_, i) =>
    i === count - 1 ? start + length - size : start + i * (size - overlap),
  );
  return starts.map((at, i) => {
    const previous = starts[i - 1];
    const next = starts[i + 1];
    // Neighbours meet in the middle of what they share.
    const coreAt = previous === undefined ? start : Math.floor((previous + size + at) / 2);
    const coreEnd = next === undefined ? start + length : Math.floor((at + size + next) / 2);
    return { at, extent: size, coreAt, coreEnd };
  });
};

/**
 * Cuts `area` into overlapping square tiles. Plain data: reads nothing.
 * Throws `SwathError("config")` for a size below 1 or an overlap that is negative or not below the size.
 */
export const planTiles = (area: PixelWindow, { sizePx, overlapPx }: TileShape): readonly Tile[] => {
  if (!Number.isInteger(sizePx) || sizePx < 1) {
    throw new SwathError("config", { what: "tile size", wanted: "a whole number ≥ 1", got: `${sizePx}` });
  }
  if (!Number.isInteger(overlapPx) || overlapPx < 0 || overlapPx >= sizePx) {
    const wanted = `a whole number from 0 to ${sizePx - 1}`;
    throw new SwathError("config", { what: "tile overlap", wanted, got: `${overlapPx}` });
  }
  const columns = planAxis(area.x, area.width, sizePx, overlapPx);
  const rows = planAxis(area.y, area.height, sizePx, overlapPx);
  return rows.flatMap((row, r) =>
    columns.map((column, c) => ({
      index: r * columns.length + c,
      window: { x: column.at, y: row.at, width: column.extent, height: row.extent },
      core: {
        x: column.coreAt,
        y: row.coreAt,
        width: column.coreEnd - column.coreAt,
        height: row.coreEnd - row.coreAt,
      },
    })),
  );
};
