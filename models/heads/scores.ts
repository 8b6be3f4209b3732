import type { z } from "zod";
import type { activation } from "./card-fields.ts";

/** What `activation` accepts. */
export type Activation = z.output<typeof activation>;

/**
 * Turns `count` numbers, `step` apart from `at` on, into scores 0…1, written to the start of `out`.
 * Softmax subtracts the largest first, so that no exponential overflows.
 */
export const activate = (
  activation: Activation,
  data: Float32Array,
  at: number,
  step: number,
  out: Float32Array,
): void => {
  const count = out.length;
  if (activation === "softmax") {
    let largest = -Infinity;
    for (let k = 0; k < count; k += 1) largest = Math.max(largest, data[at + k * step] as number);
    let sum = 0;
    for (let k = 0; k < count; k += 1) {
      out[k] = Math.exp((data[at + k * step] as number) - largest);
      sum += out[k] as number;
    }
    for (let k = 0; k < count; k += 1) out[k] = (out[k] as number) / sum;
    return;
  }
  for (let k = 0; k < count; k += 1) {
    const value = data[at + k * step] as number;
    out[k] = activation === "sigmoid" ? 1 / (1 + Math.exp(-value)) : value;
  }
};

/** The class of an output channel; −1 for the one that stands for nothing. */
export const classOfChannel = (channel: number, background: number | undefined): number => {
  if (background === undefined || channel < background) return channel;
  return channel === background ? -1 : channel - 1;
};
