import type { TileShape } from "../pipeline/raster/tile-plan.ts";
import type { TilingReference } from "../measure/check/tiling-table.ts";

/** Sides of tiles that computers in orbit have memory for. */
const sizesPx = [256, 512, 1024] as const;

const overlapsPx = [0, 32, 64, 96, 128, 192] as const;

/** A network as large as ships-s2 needs some 600 MB for a tile of this side. */
const largestBlockPx = 2560;

/** `isFixed`: the network takes tiles of one size only. */
export const tilingReference = ({ sizePx, gridPx = 1 }: TileShape, isFixed: boolean): TilingReference => {
  const blockPx = Math.max(sizePx, largestBlockPx - (largestBlockPx % gridPx));
  return isFixed
    ? { kind: "overlap", blockPx, sizePx, overlapPx: Math.floor((3 * sizePx) / 4) }
    : { kind: "whole", blockPx, sizePx: blockPx, overlapPx: 0 };
};

/**
 * The tilings to compare, by size and overlap: the usual ones and the chosen one. Overlaps beyond half a tile, which
 * more than quadruple the work, only where chosen.
 */
export const tilingRows = ({ kind }: TilingReference, chosen: TileShape): readonly TileShape[] => {
  const { gridPx = 1 } = chosen;
  const sizes = kind === "overlap" ? [chosen.sizePx] : [...sizesPx, chosen.sizePx];
  const fitting = [...new Set(sizes)].filter((sizePx) => sizePx % gridPx === 0).sort((a, b) => a - b);
  return fitting.flatMap((sizePx) => {
    const usual = [...overlapsPx, chosen.overlapPx].filter((overlapPx) => overlapPx <= sizePx / 2);
    const own = sizePx === chosen.sizePx ? [chosen.overlapPx] : [];
    return [...new Set([...usual, ...own])]
      .sort((a, b) => a - b)
      .map((overlapPx) => ({ sizePx, overlapPx, gridPx }));
  });
};
