import { SwathError } from "../../errors.ts";
import type { Band, Raster } from "../../raster/raster.ts";
import { allocateSamples, type SampleType, sampleTypeOf, type SampleArray } from "../../raster/samples.ts";
import { decodeBand, encodeBand } from "./band-codec.ts";
import { ByteReader, ByteWriter } from "../byte-cursor.ts";
import { readLevelMap, samplesByLevel, toLevels, writeLevelMap } from "./level-map.ts";
import { allocatePaddedBands, type PaddedBands } from "./sample-predictor.ts";
import { shuffleBytes, unshuffleBytes } from "./shuffled-bytes.ts";
import { readMask, writeMask } from "../valid-mask.ts";

/**
 * Lossless tiles: what policy `raw` sends, and so the yardstick of every saving. Integers of 8 and 16 bits are predicted
 * across space and bands and entropy-coded (`sample-predictor.ts`, `band-codec.ts`); wider integers and floats are
 * byte-shuffled and compressed with Brotli. Wire format: docs/formats.md.
 */
export const losslessTileVersion = 1;

/** Most samples in a tile, all bands together; bounds what a hostile payload can make a station allocate. */
export const maxTileSamples = 1 << 25;
const maxBands = 256;

const sampleTypes: readonly SampleType[] = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "float64",
];

const ranges: Partial<Record<SampleType, readonly [least: number, most: number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
};

/** The predicted bands of a tile as they become known, and what prediction carries from one to the next. */
class BandStack {
  readonly padded: PaddedBands;
  #count = 0;
  #residualsBefore: Int32Array | null = null;

  constructor(width: number, height: number, bands: number) {
    this.padded = allocatePaddedBands(width, height, bands);
  }

  next(maxLevel: number) {
    const { width, height } = this.padded;
    const residuals = new Int32Array(width * height);
    const place = {
      padded: this.padded,
      band: this.#count,
      maxLevel,
      residualsBefore: this.#residualsBefore,
      residuals,
    };
    this.#count++;
    this.#residualsBefore = residuals;
    return place;
  }
}

const isPredicted = (type: SampleType): boolean => ranges[type] !== undefined;

/**
 * All of `raster`, mask and masked samples included.
 * Throws `SwathError("config")` for a raster without pixels or with more than `maxTileSamples` samples.
 */
export const encodeTile = (raster: Raster): Uint8Array => {
  const { width, height, planes } = raster;
  const samples = width * height * planes.length;
  if (samples < 1 || samples > maxTileSamples || planes.length > maxBands) {
    const got = `${width} × ${height} × ${planes.length}`;
    throw new SwathError("config", { what: "lossless tile", wanted: `1 to ${maxTileSamples} samples`, got });
  }
  const out = new ByteWriter();
  out.u8(losslessTileVersion);
  out.varint(width);
  out.varint(height);
  out.varint(planes.length);
  writeMask(raster.valid, out);
  const types = planes.map(sampleTypeOf);
  const stack = new BandStack(width, height, types.filter(isPredicted).length);
  planes.forEach((plane, b) => {
    const type = types[b]!;
    out.u8(sampleTypes.indexOf(type));
    if (!isPredicted(type)) return out.block(shuffleBytes(plane));
    const { map, maxLevel, levels } = toLevels(plane);
    writeLevelMap(map, maxLevel, out);
    encodeBand(stack.next(maxLevel), levels, out);
  });
  return out.finish();
};

/**
 * The raster that `encodeTile` was given. What the samples mean is not on the wire: `bands` comes from the scene, which
 * both sides know.
 * Throws `SwathError("link")` for damaged bytes, an unknown version, or bands that do not fit.
 */
export const decodeTile = (bytes: Uint8Array, bands: readonly Band[]): Raster => {
  const input = new ByteReader("lossless tile", bytes);
  input.version(losslessTileVersion);
  const width = input.varint("width", maxTileSamples);
  const height = input.varint("height", maxTileSamples);
  const count = input.varint("number of bands", maxBands);
  if (count !== bands.length) throw input.corrupt(`${bands.length} bands`, `${count}`);
  if (width * height * count > maxTileSamples || width * height * count < 1) {
    throw input.corrupt(`1 to ${maxTileSamples} samples`, `${width} × ${height} × ${count}`);
  }
  const valid = readMask(input, width * height);
  const stack = new BandStack(width, height, bands.filter((band) => isPredicted(band.sampleType)).length);
  const planes = bands.map((band) => {
    const type = sampleTypes[input.u8()];
    if (type !== band.sampleType) throw input.corrupt(`${band.name} as ${band.sampleType}`, `${type}`);
    if (!isPredicted(type)) {
      return unshuffleBytes(type, width * height, input.block("samples"), (got, cause) =>
        input.corrupt(`${width * height} samples of ${type}`, got, cause),
      );
    }
    return readPredicted(input, stack, type);
  });
  input.end();
  return { width, height, bands, planes, valid };
};

const readPredicted = (input: ByteReader, stack: BandStack, type: SampleType): SampleArray => {
  const { map, maxLevel } = readLevelMap(input);
  const table = samplesByLevel(map, maxLevel);
  const [least, most] = ranges[type] ?? [0, 0];
  if (table[0]! < least || table[maxLevel]! > most) {
    throw input.corrupt(`samples from ${least} to ${most}`, `${table[0]} to ${table[maxLevel]}`);
  }
  const place = stack.next(maxLevel);
  decodeBand(place, input);
  const { width, height, stride, bandStride, origin, samples } = stack.padded;
  const plane = allocateSamples(type, width * height);
  for (let y = 0; y < height; y++) {
    const from = origin + place.band * bandStride + y * stride;
    for (let x = 0; x < width; x++) plane[y * width + x] = table[samples[from + x]!]!;
  }
  return plane;
};
