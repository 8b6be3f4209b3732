import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { SwathError } from "../../errors.ts";
import type { SampleArray } from "../../raster/samples.ts";
import type { ByteReader, ByteWriter } from "../byte-cursor.ts";

/**
 * Samples ↔ levels: whole numbers from 0 without the gaps that a change of units tore. Reflectance that was delivered
 * in 10,000 steps and stretched over 65,536 values uses every sixth or seventh of them; coded as it stands it costs
 * 2.7 bits a sample more.
 */
export type LevelMap =
  /** `sample = offset + step · level`. */
  | { readonly kind: "steps"; readonly offset: number; readonly step: number }
  /** `sample = ⌊(level + first) · 65535 / 10000 + ½⌋`: 10⁻⁴ reflectance on a full 16-bit scale. */
  | { readonly kind: "reflectance"; readonly first: number }
  /** `sample = values[level]`, ascending (histogram packing). */
  | { readonly kind: "list"; readonly values: Int32Array };

/** Samples as levels 0 … `maxLevel`, in the order of the samples. */
export interface Levels {
  readonly map: LevelMap;
  readonly maxLevel: number;
  readonly levels: Uint16Array;
}

const reflectanceSample = (k: number): number => Math.floor((k * 65_535 + 5_000) / 10_000);
const reflectanceLevel = (sample: number): number => Math.round((sample * 10_000) / 65_535);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The most compact map for these samples, and the levels. Samples: 8 or 16-bit integers, at least one. */
export const toLevels = (samples: SampleArray): Levels => {
  const present = new Uint8Array(65_536 + 32_768);
  for (let i = 0; i < samples.length; i++) present[samples[i]! + 32_768] = 1;
  const values: number[] = [];
  for (let slot = 0; slot < present.length; slot++) if (present[slot] === 1) values.push(slot - 32_768);
  const lowest = values[0] ?? 0;
  const highest = values.at(-1) ?? 0;

  const levelOf = new Uint16Array(present.length);
  const levelsWith = (map: LevelMap, maxLevel: number): Levels => {
    const levels = new Uint16Array(samples.length);
    for (let i = 0; i < samples.length; i++) levels[i] = levelOf[samples[i]! + 32_768]!;
    return { map, maxLevel, levels };
  };
  const fill = (level: (value: number, index: number) => number): void => {
    values.forEach((value, index) => (levelOf[value + 32_768] = level(value, index)));
  };

  const step = values.reduce((common, value) => gcd(common, value - lowest), 0) || 1;
  const first = reflectanceLevel(lowest);
  if (step === 1 && lowest >= 0 && values.every((v) => reflectanceSample(reflectanceLevel(v)) === v)) {
    fill((value) => reflectanceLevel(value) - first);
    return levelsWith({ kind: "reflectance", first }, reflectanceLevel(highest) - first);
  }
  // A list costs about a byte for each value; a quarter of the values present saves two bits a sample at least.
  const sparse = values.length * 4 < (highest - lowest) / step && values.length * 4 < samples.length;
  if (sparse) {
    fill((_, index) => index);
    return levelsWith({ kind: "list", values: Int32Array.from(values) }, values.length - 1);
  }
  fill((value) => (value - lowest) / step);
  return levelsWith({ kind: "steps", offset: lowest, step }, (highest - lowest) / step);
};

/** The sample of each level, in a table of `maxLevel + 1`. */
export const samplesByLevel = (map: LevelMap, maxLevel: number): Int32Array =>
  map.kind === "list"
    ? map.values
    : Int32Array.from({ length: maxLevel + 1 }, (_, level) =>
        map.kind === "steps" ? map.offset + map.step * level : reflectanceSample(level + map.first),
      );

const kinds = ["steps", "reflectance", "list"] as const;

/** Writes a map and its highest level (docs/formats.md). */
export const writeLevelMap = (map: LevelMap, maxLevel: number, out: ByteWriter): void => {
  out.u8(kinds.indexOf(map.kind));
  out.varint(maxLevel);
  if (map.kind === "steps") {
    out.varint(map.offset + 32_768);
    out.varint(map.step);
  } else if (map.kind === "reflectance") out.varint(map.first);
  else {
    const gaps = map.values.map((value, i) => value - (map.values[i - 1] ?? -32_768));
    const low = Uint8Array.from(gaps, (gap) => gap & 255);
    const high = Uint8Array.from(gaps, (gap) => gap >> 8);
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    out.block(brotliCompressSync(Buffer.concat([low, high]), quality));
  }
};

/** Reads `writeLevelMap`'s bytes. Throws `SwathError("link")` for what it cannot have written. */
export const readLevelMap = (input: ByteReader): { readonly map: LevelMap; readonly maxLevel: number } => {
  const kind = kinds[input.u8()];
  const maxLevel = input.varint("highest level", 65_535);
  if (kind === "steps") {
    const offset = input.varint("sample offset", 65_535 + 32_768) - 32_768;
    const step = input.varint("sample step", 65_535);
    return { map: { kind, offset, step }, maxLevel };
  }
  if (kind === "reflectance") return { map: { kind, first: input.varint("first step", 10_000) }, maxLevel };
  if (kind === undefined) throw input.corrupt("a known level map", "another");
  const count = maxLevel + 1;
  const gaps = inflateGaps(input, count);
  const values = new Int32Array(count);
  let value = -32_768;
  for (let i = 0; i < count; i++) {
    value += (gaps[i] ?? 0) + ((gaps[count + i] ?? 0) << 8);
    values[i] = value;
  }
  return { map: { kind, values }, maxLevel };
};

const inflateGaps = (input: ByteReader, count: number): Uint8Array => {
  const packed = input.block("level list");
  try {
    const gaps = brotliDecompressSync(packed, { maxOutputLength: 2 * count });
    if (gaps.length === 2 * count) return gaps;
    throw new SwathError("link", { what: "level list", wanted: `${2 * count} bytes`, got: `${gaps.length}` });
  } catch (cause) {
    throw input.corrupt(`a list of ${count} levels`, "damaged bytes", cause);
  }
};
