import type { BoxPx } from "../../../pipeline/detection/box.ts";

/** A mask as COCO has it: runs of 0 and 1 in turn, down the columns; the runs as numbers or packed into text. */
export interface RunLengthMask {
  readonly counts: readonly number[] | string;
  readonly size: readonly [height: number, width: number];
}

/** A mask of more pixels is larger than any image that is read. */
const mostMaskPixels = 2 ** 40;

/**
 * The runs of a packed mask: each a number in groups of five bits from the lowest, 0x20 marking that more follow, 0x10 of the last its
 * sign, 48 added to be text; from the fourth on, the difference to the run before the last. After the COCO API, `rleFrString`.
 * `null` for text that is no such thing.
 */
const unpackRuns = (text: string): readonly number[] | null => {
  const runs: number[] = [];
  let position = 0;
  while (position < text.length) {
    let value = 0;
    let scale = 1;
    for (;;) {
      const group = text.charCodeAt(position++) - 48;
      if (!(group >= 0 && group < 64) || scale > 2 ** 45) return null;
      value += (group & 0x1f) * scale;
      scale *= 32;
      if ((group & 0x20) !== 0) continue;
      if ((group & 0x10) !== 0) value -= scale;
      break;
    }
    const before = runs.length > 2 ? (runs.at(-2) ?? 0) : 0;
    runs.push(value + before);
  }
  return runs;
};

/**
 * The box round a mask's ones, edges as real numbers. Costs one step a run, whatever the size that the mask claims.
 * Returns the reason where the mask is broken, `null` where it holds no ones.
 */
export const maskBox = ({ counts, size: [height, width] }: RunLengthMask): BoxPx | null | string => {
  const sizeIsSane = [height, width].every((n) => Number.isInteger(n) && n > 0);
  if (!sizeIsSane || height * width > mostMaskPixels) return "a mask without a size";
  const runs = typeof counts === "string" ? unpackRuns(counts) : counts;
  if (runs === null) return "a packed mask that cannot be unpacked";
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  let from = 0;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i] ?? 0;
    if (!Number.isInteger(run) || run < 0) return "a mask with a run that is no length";
    const to = from + run;
    if (i % 2 === 1 && run > 0) {
      const [first, last] = [Math.floor(from / height), Math.floor((to - 1) / height)];
      x0 = Math.min(x0, first);
      x1 = Math.max(x1, last + 1);
      // A run on into the next column touches the last row of this one and the first of that.
      y0 = Math.min(y0, first === last ? from % height : 0);
      y1 = Math.max(y1, first === last ? ((to - 1) % height) + 1 : height);
    }
    from = to;
  }
  if (from !== height * width) return "a mask whose runs do not fill its size";
  return x1 > x0 ? { x0, y0, x1, y1 } : null;
};
