import { SwathError } from "../../pipeline/errors.ts";
import { formatBytes } from "../../pipeline/format.ts";
import type { Computer, Precision } from "../../pipeline/mission/spacecraft.ts";
import type { Bytes } from "../../pipeline/units.ts";
import { effectiveOps } from "./computer.ts";

/** A model that writes token after token. */
export interface Generator {
  /** Of its weights, all of which are read for every token. */
  readonly weights: Bytes;
  /** Of one token, multiply and add counted as two. */
  readonly operationsEach: number;
  readonly precision: Precision;
}

/** How fast a computer writes, and what holds it back. */
export interface GenerationRate {
  readonly tokensPerSecond: number;
  readonly boundBy: "memory traffic" | "operations";
}

/**
 * Tokens a second, one at a time, of all chips together. A token takes one pass over all weights, so that
 * `tokens/s ≤ bandwidth / bytes of weights` (the roofline of Williams et al., CACM 52, 2009, at one row of activations), and no more than
 * its operations allow. Chips share the weights out, or each has its own and they share the tokens: both come to the same.
 * Measured decoders reach 0.75 … 0.85 of it.
 *
 * @throws SwathError("config") where the weights do not fit in memory, or the computer's memory is not known
 */
export const generationRate = (
  computer: Computer,
  { weights, operationsEach, precision }: Generator,
): GenerationRate => {
  const { memory, memoryBandwidth, chips, name } = computer;
  if (memory === undefined || memoryBandwidth === undefined) {
    throw new SwathError("config", {
      what: `computer "${name}" cannot be judged for a model with weights of ${formatBytes(weights)}`,
      wanted: "`memory` and `memoryBandwidth` of its computer",
      got: memory === undefined ? "no `memory`" : "no `memoryBandwidth`",
      hint: "swath presets NAME --yaml writes a spacecraft as a file to edit",
    });
  }
  if (weights > memory * chips) {
    throw new SwathError("config", {
      what: `computer "${name}" has no room for the weights`,
      wanted: `at most ${formatBytes(memory * chips)} of memory`,
      got: formatBytes(weights),
      hint: "quantise the model, or choose another computer",
    });
  }
  const byTraffic = (memoryBandwidth * chips) / weights;
  const byOperations = effectiveOps(computer, precision) / operationsEach;
  return byTraffic <= byOperations
    ? { tokensPerSecond: byTraffic, boundBy: "memory traffic" }
    : { tokensPerSecond: byOperations, boundBy: "operations" };
};
