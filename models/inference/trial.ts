import { seeded } from "../../pipeline/seeded.ts";
import type { SizePx } from "../heads/head.ts";
import type { OutputTensor } from "../runtimes/network-session.ts";

/** A tile of patches and noise that a network is tried with before its first real one. */
export interface TrialRules {
  /** Where the network takes any size. */
  readonly sizePx: SizePx;
  /** Of each channel: the input's numbers lie between these. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** What a network answered to it. Plain data that crosses threads. */
export interface Trial {
  readonly inputPx: SizePx;
  readonly inputType: string;
  /** Every output, in the file's order; four dimensions as [1, channels, rows, columns]. */
  readonly outputs: readonly (readonly [name: string, tensor: OutputTensor])[];
}

/** Patches of this many pixels have a brightness of their own. */
const patchPx = 16;

/** Writes the tile into an input, channel after channel or pixel after pixel; the same numbers each time. */
export const fillTrial = (
  { low, high }: TrialRules,
  { width, height }: SizePx,
  order: "NCHW" | "NHWC",
  out: Float32Array,
): void => {
  const random = seeded("trial tile", 1);
  const channels = low.length;
  const columns = Math.ceil(width / patchPx);
  for (let channel = 0; channel < channels; channel += 1) {
    const [from, to] = [low[channel] as number, high[channel] as number];
    const patches = Float32Array.from({ length: columns * Math.ceil(height / patchPx) }, () =>
      random.uniform(),
    );
    for (let i = 0; i < width * height; i += 1) {
      const [x, y] = [i % width, Math.floor(i / width)];
      const patch = patches[Math.floor(y / patchPx) * columns + Math.floor(x / patchPx)] as number;
      const share = 0.7 * patch + 0.3 * random.uniform();
      out[order === "NCHW" ? channel * width * height + i : i * channels + channel] =
        from + (to - from) * share;
    }
  }
};
