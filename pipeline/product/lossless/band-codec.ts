import { BitReader, BitWriter } from "./bit-stream.ts";
import type { ByteReader, ByteWriter } from "../byte-cursor.ts";
import { groupLevels } from "./context-map.ts";
import {
  frequencyTotal,
  normaliseFrequencies,
  RansDecoder,
  RansEncoder,
  type RansTable,
  ransTable,
  startsOf,
} from "./rans.ts";
import { baseOf, looseBitsOf, tokenCount, tokenOf, unzigzag, zigzag } from "./residual-token.ts";
import { activityLevels, type PaddedBands, walkBand } from "./sample-predictor.ts";

const looseBits = Uint8Array.from({ length: tokenCount }, (_, token) => looseBitsOf(token));
const bases = Int32Array.from({ length: tokenCount }, (_, token) => baseOf(token));

/** One band in a buffer that its predecessors are already in, with what the walk leaves behind for the next band. */
export interface BandPlace {
  readonly padded: PaddedBands;
  readonly band: number;
  readonly maxLevel: number;
  readonly residualsBefore: Int32Array | null;
  /** `width · height`; written. */
  readonly residuals: Int32Array;
}

/** Frequencies as alternating gap and value, closed by gap 0: most tokens of a calm context do not occur. */
const writeFrequencies = (frequencies: Uint16Array, out: ByteWriter): void => {
  let last = -1;
  frequencies.forEach((frequency, token) => {
    if (frequency === 0) return;
    out.varint(token - last);
    out.varint(frequency - 1);
    last = token;
  });
  out.varint(0);
};

const readFrequencies = (input: ByteReader): Uint16Array => {
  const frequencies = new Uint16Array(tokenCount);
  let token = -1;
  let sum = 0;
  for (;;) {
    const gap = input.varint("token gap", tokenCount - 1 - token);
    if (gap === 0) break;
    token += gap;
    frequencies[token] = input.varint("frequency", frequencyTotal - 1) + 1;
    sum += frequencies[token] ?? 0;
  }
  if (sum !== frequencyTotal) throw input.corrupt(`frequencies that sum to ${frequencyTotal}`, `${sum}`);
  return frequencies;
};

/** Writes the levels of one band. `levels`: whole numbers in `[0, maxLevel]`, `maxLevel` ≤ 65,535. */
export const encodeBand = (place: BandPlace, levels: ArrayLike<number>, out: ByteWriter): void => {
  const { padded, band, maxLevel, residualsBefore, residuals } = place;
  const samples = padded.width * padded.height;
  const activities = new Uint8Array(samples);
  const tokens = new Uint8Array(samples);
  const counts = Array.from({ length: activityLevels }, () => new Uint32Array(tokenCount));
  const loose = new BitWriter();
  walkBand(padded, band, maxLevel, residualsBefore, residuals, (activity, prediction, index) => {
    const level = levels[index]!;
    const value = zigzag(level - prediction);
    const token = tokenOf(value);
    activities[index] = activity;
    tokens[index] = token;
    const atLevel = counts[activity]!;
    atLevel[token] = atLevel[token]! + 1;
    const bits = looseBits[token]!;
    if (bits > 0) loose.write(value - bases[token]!, bits);
    return level;
  });

  const groups = groupLevels(counts);
  out.varint(groups.length);
  const tables: { frequencies: Uint16Array; starts: Uint16Array }[] = [];
  for (const group of groups) {
    const begin = tables.length;
    out.varint(group.end - begin);
    const seen = group.counts.some((count) => count > 0);
    const frequencies = seen ? normaliseFrequencies(group.counts) : certain();
    writeFrequencies(frequencies, out);
    const table = { frequencies, starts: startsOf(frequencies) };
    while (tables.length < group.end) tables.push(table);
  }

  const rans = new RansEncoder(samples);
  for (let i = samples - 1; i >= 0; i--) {
    const { frequencies, starts } = tables[activities[i]!]!;
    const token = tokens[i]!;
    rans.put(starts[token]!, frequencies[token]!);
  }
  out.block(rans.finish());
  out.block(loose.finish());
};

/** The table of a level that no sample is at: never asked, but a table. */
const certain = (): Uint16Array => {
  const frequencies = new Uint16Array(tokenCount);
  frequencies[0] = frequencyTotal;
  return frequencies;
};

/** Reads a band into its place. Throws `SwathError("link")` for anything that `encodeBand` cannot have written. */
export const decodeBand = (place: BandPlace, input: ByteReader): void => {
  const { padded, band, maxLevel, residualsBefore, residuals } = place;
  const groups = input.varint("number of tables", activityLevels);
  const tables: RansTable[] = [];
  for (let g = 0; g < groups; g++) {
    const end = tables.length + input.varint("levels in a table", activityLevels - tables.length);
    const table = ransTable(readFrequencies(input));
    while (tables.length < end) tables.push(table);
  }
  if (tables.length !== activityLevels) {
    throw input.corrupt(`tables for ${activityLevels} levels`, `${tables.length}`);
  }
  const rans = new RansDecoder(input.block("tokens"));
  const loose = new BitReader(input.block("loose bits"));
  walkBand(padded, band, maxLevel, residualsBefore, residuals, (activity, prediction, index) => {
    const token = rans.take(tables[activity]!);
    const bits = looseBits[token]!;
    const value = bases[token]! + (bits > 0 ? loose.read(bits) : 0);
    const level = prediction + unzigzag(value);
    if (level < 0 || level > maxLevel) {
      throw input.corrupt(`levels from 0 to ${maxLevel}`, `${level} at sample ${index}`);
    }
    return level;
  });
  if (!rans.finished || loose.overrun)
    throw input.corrupt("streams that end with the last sample", "other ends");
};
