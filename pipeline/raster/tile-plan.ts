import { SwathError } from "../errors.ts";
import type { PixelWindow } from "./raster.ts";

/** Size and overlap of the tiles that a scene is cut into. */
export interface TileShape {
  /** Width of what the model sees, in pixels; its height too where `heightPx` is not given. */
  readonly sizePx: number;
  readonly heightPx?: number;
  /** How far neighbouring tiles reach over each other at least, in pixels. */
  readonly overlapPx: number;
  /**
   * Windows start at multiples of this from the area's corner; 1 when not given. A network with strides gives another
   * answer when its grid is shifted, so tiles of one that takes any size lie on the grid of the whole scene.
   */
  readonly gridPx?: number;
}

/** One tile of a plan: what is read, and the part of it that no other tile owns. */
export interface Tile {
  /** Position in the plan, row by row from the upper left. */
  readonly index: number;
  /** What is read, in scene pixels. Smaller than the tile size where the area is, and at its right and lower end on a grid. */
  readonly window: PixelWindow;
  /** What this tile answers for. The cores of a plan cover the area once, without gaps or overlaps. */
  readonly core: PixelWindow;
}

type SquareShape = Omit<TileShape, "heightPx">;

/** Pixels of a whole tile. */
export const tilePixels = ({ sizePx, heightPx = sizePx }: TileShape): number => sizePx * heightPx;

/** The shorter side of a whole tile. */
export const shorterSide = ({ sizePx, heightPx = sizePx }: TileShape): number => Math.min(sizePx, heightPx);

/** Where windows start along one axis, from 0. */
const startsOf = (length: number, { sizePx, overlapPx, gridPx = 1 }: SquareShape): readonly number[] => {
  const free = sizePx - overlapPx;
  const step = free - (free % gridPx);
  const count = length <= sizePx ? 1 : Math.ceil((length - sizePx) / step) + 1;
  // Without a grid the last tile is shifted back into the area instead of padded: the model sees real pixels everywhere.
  // On a grid it must not be shifted. It ends with the area, as the whole scene would.
  return Array.from({ length: count }, (_, i) =>
    i > 0 && i === count - 1 && gridPx === 1 ? length - sizePx : i * step,
  );
};

/** Window starts and core borders along one axis. */
const planAxis = (start: number, length: number, shape: SquareShape) => {
  const end = start + length;
  const windows = startsOf(length, shape).map((offset) => ({
    at: start + offset,
    end: Math.min(start + offset + shape.sizePx, end),
  }));
  return windows.map(({ at, end: windowEnd }, i) => {
    const previous = windows[i - 1];
    const next = windows[i + 1];
    // Neighbours meet in the middle of what they share.
    const coreAt = previous === undefined ? start : Math.floor((previous.end + at) / 2);
    const coreEnd = next === undefined ? end : Math.floor((windowEnd + next.at) / 2);
    return { at, extent: windowEnd - at, coreAt, coreEnd };
  });
};

const checkShape = ({ sizePx, overlapPx, gridPx = 1 }: SquareShape): void => {
  if (!Number.isInteger(sizePx) || sizePx < 1) {
    throw new SwathError("config", { what: "tile size", wanted: "a whole number ≥ 1", got: `${sizePx}` });
  }
  if (!Number.isInteger(gridPx) || gridPx < 1 || sizePx % gridPx !== 0) {
    const wanted = `a whole number ≥ 1 that divides the tile size ${sizePx}`;
    throw new SwathError("config", { what: "tile grid", wanted, got: `${gridPx}` });
  }
  if (!Number.isInteger(overlapPx) || overlapPx < 0 || overlapPx > sizePx - gridPx) {
    const wanted = `a whole number from 0 to ${sizePx - gridPx}`;
    throw new SwathError("config", { what: "tile overlap", wanted, got: `${overlapPx}` });
  }
};

/**
 * Cuts `area` into overlapping tiles. Plain data: reads nothing.
 * Throws `SwathError("config")` for a size below 1, a grid that is below 1 or does not divide the size, or an overlap that
 * is negative or leaves no step of the grid.
 */
export const planTiles = (area: PixelWindow, shape: TileShape): readonly Tile[] => {
  const { heightPx = shape.sizePx, ...across } = shape;
  const down = { ...across, sizePx: heightPx };
  for (const axis of [across, down]) checkShape(axis);
  const columns = planAxis(area.x, area.width, across);
  const rows = planAxis(area.y, area.height, down);
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
