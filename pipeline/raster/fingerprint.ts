import type { PixelWindow, Raster } from "./raster.ts";
import type { SampleArray } from "./samples.ts";

/** Blocks to a side of the window that a fingerprint is taken of; those at its border only serve the others as neighbours. */
const blocks = 18;
const inner = blocks - 2;
/** Longest side of the window, pixels: one block or four of most files. */
const longestPx = 126;
const form = /^order1:[0-9a-f]{64}$/;
/**
 * Bits of 256 in which copies of one scene may differ. Lossy copies differ in a few, other scenes in about half;
 * 64 would already be eight standard deviations from half.
 */
const mostDifferent = 25;
/** Blocks that may be as bright as their neighbours or not measured: with more, there is too little to tell scenes by. */
const mostUntold = 64;

/** The part of a scene that its fingerprint is taken of: a square in its middle. `null` for scenes of fewer than 18 pixels to a side. */
export const fingerprintWindow = ({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): PixelWindow | null => {
  const shortest = Math.min(width, height, longestPx);
  const side = shortest - (shortest % blocks);
  if (side < blocks) return null;
  const x = Math.floor((width - side) / 2);
  const y = Math.floor((height - side) / 2);
  return { x, y, width: side, height: side };
};

/** Whether a text has the form of a fingerprint. */
export const isFingerprint = (text: string): boolean => form.test(text);

/**
 * What a scene can be recognised by, from the first band of its `fingerprintWindow`: which of 16 × 16 blocks of pixels are brighter than
 * their four neighbours together, as `order1:` and 64 hexadecimal digits. Names, tiling, compression, sample type, scale and offset do
 * not matter, since none changes which are. Against neighbours, since one block against another tells mostly which way the scene
 * gets brighter, and many scenes get brighter one way. `null` where the window is too even, or too much of it is not measured.
 */
export const fingerprintOf = (raster: Raster): string | null => {
  const means = blockMeans(raster);
  const digits = new Uint8Array(inner ** 2 / 4);
  let untold = 0;
  for (let bit = 0; bit < inner ** 2; bit += 1) {
    const at = (Math.floor(bit / inner) + 1) * blocks + (bit % inner) + 1;
    const mean = (i: number): number => means[at + i] as number;
    const higher = 4 * mean(0) - (mean(-blocks) + mean(-1) + mean(1) + mean(blocks));
    if (higher > 0) digits[bit >> 2] = (digits[bit >> 2] as number) | (8 >> (bit & 3));
    else if (!(higher < 0)) untold += 1;
  }
  if (untold > mostUntold) return null;
  return `order1:${Array.from(digits, (digit) => digit.toString(16)).join("")}`;
};

/** Whether two fingerprints are of one scene: they differ in no more bits than a lossy copy does. */
export const isSameScene = (one: string, other: string): boolean => {
  if (!isFingerprint(one) || !isFingerprint(other)) return false;
  let different = 0;
  for (let i = "order1:".length; i < one.length; i += 1) {
    let bits = Number.parseInt(one[i] as string, 16) ^ Number.parseInt(other[i] as string, 16);
    for (; bits > 0; bits &= bits - 1) different += 1;
  }
  return different <= mostDifferent;
};

/** Mean of the measured samples of each block, row by row; NaN where there is none. */
const blockMeans = ({ width, height, planes, valid }: Raster): readonly number[] => {
  const plane = planes[0] as SampleArray;
  const [wide, high] = [Math.floor(width / blocks), Math.floor(height / blocks)];
  return Array.from({ length: blocks ** 2 }, (_, block) => {
    const [left, top] = [(block % blocks) * wide, Math.floor(block / blocks) * high];
    let [sum, measured] = [0, 0];
    for (let y = top; y < top + high; y += 1) {
      for (let at = y * width + left; at < y * width + left + wide; at += 1) {
        if (valid !== null && valid[at] === 0) continue;
        sum += plane[at] as number;
        measured += 1;
      }
    }
    return sum / measured;
  });
};
