import type { ByteReader } from "../../byte-cursor.ts";
import { baseOf, looseBitsOf, tokenCount, unzigzag } from "../residual-token.ts";
import { readTables } from "../table-list.ts";
import { BitReader } from "./bit-reader.ts";
import { RansDecoder, type RansTable, ransTable } from "./rans-decoder.ts";
import { activityLevels, allocatePaddedBands, type PaddedBands, walkBand } from "./sample-predictor.ts";

const looseBits = Uint8Array.from({ length: tokenCount }, (_, token) => looseBitsOf(token));
const bases = Int32Array.from({ length: tokenCount }, (_, token) => baseOf(token));

/** One band in a buffer that its predecessors are already in, with what the walk leaves behind for the next band. */
interface BandPlace {
  readonly padded: PaddedBands;
  readonly band: number;
  readonly maxLevel: number;
  readonly residualsBefore: Int32Array | null;
  /** `width · height`; written. */
  readonly residuals: Int32Array;
}

const decodeBand = (place: BandPlace, input: ByteReader): void => {
  const { padded, band, maxLevel, residualsBefore, residuals } = place;
  const tables: RansTable[] = [];
  for (const { end, frequencies } of readTables(activityLevels, input)) {
    const table = ransTable(frequencies);
    while (tables.length < end) tables.push(table);
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

/**
 * Reads the predicted bands of a tile of version 1, one after the other: what satellites sent before version 2, which is slower to read.
 * Each call gives the next band: rows of levels, `stride` from one to the next; `bands`: how many there will be. Throws `SwathError("link")` for bytes that no
 * encoder made.
 */
export const openVersion1Bands = (width: number, height: number, bands: number) => {
  const padded = allocatePaddedBands(width, height, bands);
  let band = 0;
  let residualsBefore: Int32Array | null = null;
  return (maxLevel: number, input: ByteReader) => {
    const residuals = new Int32Array(width * height);
    decodeBand({ padded, band, maxLevel, residualsBefore, residuals }, input);
    const from = padded.origin + band * padded.bandStride;
    band++;
    residualsBefore = residuals;
    return { levels: padded.samples.subarray(from), stride: padded.stride };
  };
};
