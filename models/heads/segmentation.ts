import { patchesOf } from "./patches.ts";
import type { Head, HeadLimits } from "./head.ts";
import { activate, classOfChannel } from "./scores.ts";
import { checkScores } from "./anchor-table.ts";
import { checkFinite, outputNamed, rangeOf, shapeError } from "./tensor.ts";
import type { Outputs } from "../runtimes/network-session.ts";
import { z } from "zod";
import { activation, background, fraction, outlines, output } from "./card-fields.ts";

const segmentCard = z.object({
  kind: z.literal("segment"),
  output,
  activation,
  background,
  /** Input pixels a cell of the output. */
  strideCells: z.int().positive().default(1),
  /** A pixel belongs to an object from this score on. */
  pixelScore: fraction.default(0.5),
  /** Smaller objects are left out; in cells of the output. */
  minPixels: z.int().positive().default(1),
  ...outlines,
});

/** The fields of a card with a segmentation head. */
export type SegmentHead = z.output<typeof segmentCard>;

/** Which class each cell of a network's output belongs to. */
export interface CellMask {
  /** Class + 1, row by row; 0 for nothing. */
  readonly mask: Uint16Array;
  /** The score that decided. */
  readonly best: Float32Array;
  readonly columns: number;
}

/** Cells by the rules of the head. Throws `SwathError("model")` when shapes do not fit or values are not numbers. */
export const cellMask = (
  outputs: Outputs,
  { output = "", activation, background, strideCells, pixelScore }: SegmentHead,
  {
    classCount,
    inputPx,
    tilePx,
    isStrict,
  }: Pick<HeadLimits, "classCount" | "inputPx" | "tilePx" | "isStrict">,
): CellMask => {
  const { data, shape } = outputNamed(outputs, output);
  const channels = classCount + (background === undefined ? 0 : 1);
  const rows = Math.ceil(inputPx.height / strideCells);
  const columns = Math.ceil(inputPx.width / strideCells);
  const wanted = [1, channels, rows, columns];
  if (shape.length !== 4 || wanted.some((n, i) => n !== shape[i])) {
    throw shapeError("the segmentation output", `[${wanted.join(", ")}]`, shape);
  }
  checkFinite(data, output === "" ? "of the segmentation head" : `"${output}"`);
  if (isStrict && activation === "none") checkScores(...rangeOf(data), "the segmentation head");
  const cells = rows * columns;
  const mask = new Uint16Array(cells);
  const best = new Float32Array(cells);
  const scores = new Float32Array(channels);
  const isPadding = paddingTest(tilePx, strideCells, columns);
  for (let cell = 0; cell < cells; cell += 1) {
    if (isPadding(cell)) continue;
    activate(activation, data, cell, cells, scores);
    let channel = 0;
    for (let k = 1; k < channels; k += 1) {
      if ((scores[k] as number) > (scores[channel] as number)) channel = k;
    }
    const classId = classOfChannel(channel, background);
    best[cell] = scores[channel] as number;
    if (classId >= 0 && (best[cell] as number) >= pixelScore) mask[cell] = classId + 1;
  }
  return { mask, best, columns };
};

/**
 * One score a class for every cell: [1, channels, rows, columns]. A cell belongs to its best class, where that is not the
 * background and reaches `pixelScore`, and the cell does not lie in the padding. Patches of cells are the objects; the score
 * threshold chooses among them and does not change their shapes.
 */
export const segmentHead = (head: SegmentHead): Head => ({
  outputs: [head.output ?? ""],
  decode(outputs, limits) {
    const { mask, best, columns } = cellMask(outputs, head, limits);
    return patchesOf(mask, best, columns, { ...head, ...limits });
  },
});

/** Whether no pixel of a cell belongs to the tile. */
const paddingTest = ({ x, y, width, height }: HeadLimits["tilePx"], stride: number, columns: number) => {
  const [left, top] = [Math.floor(x / stride), Math.floor(y / stride)];
  const [right, bottom] = [Math.ceil((x + width) / stride), Math.ceil((y + height) / stride)];
  return (cell: number): boolean => {
    const row = Math.floor(cell / columns);
    const column = cell - row * columns;
    return column < left || column >= right || row < top || row >= bottom;
  };
};

/** The registry's entry for heads that classify each pixel. */
export const segment = { card: segmentCard, open: segmentHead } as const;
