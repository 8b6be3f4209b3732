import type { ByteReader, ByteWriter } from "../byte-cursor.ts";
import { groupLevels } from "./context-map.ts";
import { tokenCount } from "./residual-token.ts";
import { frequencyTotal, normaliseFrequencies } from "./symbol-frequencies.ts";

/**
 * The tables of frequencies in front of a band: one for each run of neighbouring activity levels, so that each level has one.
 */

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

/** The table of a level that no sample is at: never asked, but a table. */
const certain = (): Uint16Array => {
  const frequencies = new Uint16Array(tokenCount);
  frequencies[0] = frequencyTotal;
  return frequencies;
};

/** Frequencies of `tokenCount` tokens that serve the levels before `end` which no table before serves. */
export interface LevelTable {
  readonly end: number;
  readonly frequencies: Uint16Array;
}

/** Chooses the tables for these counts (`counts[level][token]`), writes and gives them, in order. */
export const writeTables = (counts: readonly Uint32Array[], out: ByteWriter): readonly LevelTable[] => {
  const groups = groupLevels(counts);
  out.varint(groups.length);
  let begin = 0;
  return groups.map((group) => {
    out.varint(group.end - begin);
    begin = group.end;
    const seen = group.counts.some((count) => count > 0);
    const frequencies = seen ? normaliseFrequencies(group.counts) : certain();
    writeFrequencies(frequencies, out);
    return { end: group.end, frequencies };
  });
};

/** Reads what `writeTables` wrote for `levels` levels. Throws `SwathError("link")` for what it cannot have written. */
export const readTables = (levels: number, input: ByteReader): readonly LevelTable[] => {
  const tables: LevelTable[] = [];
  let end = 0;
  const groups = input.varint("number of tables", levels);
  for (let g = 0; g < groups; g++) {
    end += input.varint("levels in a table", levels - end);
    tables.push({ end, frequencies: readFrequencies(input) });
  }
  if (end !== levels) throw input.corrupt(`tables for ${levels} levels`, `${end}`);
  return tables;
};
