import type { OnnxFile } from "../runtimes/onnx-file.ts";

/** How the input lies, from its shape: the short one of the inner sides is the channels. */
export interface InputGuess {
  readonly layout: "NCHW" | "NHWC";
  readonly channels: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

const numberOr = (side: number | string | undefined): number | null =>
  typeof side === "number" ? side : null;

/** `null` when the input is no image: not one of four dimensions. */
export const guessInput = (file: OnnxFile): InputGuess | null => {
  const [input, ...others] = file.inputs;
  if (input === undefined || others.length > 0 || input.shape.length !== 4) return null;
  const [, second, third, fourth] = input.shape.map(numberOr);
  const last = typeof fourth === "number" && fourth <= 16 && !(typeof second === "number" && second <= 16);
  return last
    ? { layout: "NHWC", channels: fourth, height: second ?? null, width: third ?? null }
    : { layout: "NCHW", channels: second ?? null, height: third ?? null, width: fourth ?? null };
};
