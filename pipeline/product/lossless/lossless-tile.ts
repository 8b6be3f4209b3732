import { SwathError } from "../../errors.ts";
import type { Band, Raster } from "../../raster/raster.ts";
import { allocateSamples, type SampleType, sampleTypeOf, type SampleArray } from "../../raster/samples.ts";
import { decodeBand, encodeBand } from "./band-codec.ts";
import { assertVersion, ByteReader, ByteWriter } from "../byte-cursor.ts";
import { openWorkspace } from "./kernel/workspace.ts";
import { readLevelMap, samplesByLevel, toLevels, writeLevelMap } from "./level-map.ts";
import { shuffleBytes, unshuffleBytes } from "./shuffled-bytes.ts";
import { readMask, writeMask } from "../valid-mask.ts";
import { openVersion1Bands } from "./version-1/band-decoder.ts";

/**
 * Lossless tiles: what policy `raw` sends, and so the yardstick of every saving. Integers of 8 and 16 bits are predicted
 * across space and bands and entropy-coded (`kernel/prediction.ts`, `band-codec.ts`); wider integers and floats are
 * byte-shuffled and compressed with Brotli. Wire format: docs/formats.md.
 */
export const losslessTileVersion = 2;
/** Versions that are read: satellites are not all of one age. */
const readVersions: readonly number[] = [1, losslessTileVersion];

/** Most samples in a tile with the border that each band has in memory. */
const maxPaddedSamples = 1 << 26;
const fits = (tile: { width: number; height: number; planes: readonly unknown[] }): boolean =>
  (tile.width + 4) * (tile.height + 4) * tile.planes.length <= maxPaddedSamples;

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

const isPredicted = (type: SampleType): boolean => ranges[type] !== undefined;

/**
 * All of `raster`, mask and masked samples included.
 * Throws `SwathError("config")` for a raster without pixels or with more than `maxTileSamples` samples.
 */
export const encodeTile = (raster: Raster): Uint8Array => {
  const { width, height, planes } = raster;
  const samples = width * height * planes.length;
  if (samples < 1 || samples > maxTileSamples || planes.length > maxBands || !fits(raster)) {
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
  const predicted = types.filter(isPredicted).length;
  const space = predicted > 0 ? openWorkspace(width, height, predicted) : null;
  let band = 0;
  planes.forEach((plane, b) => {
    const type = types[b]!;
    out.u8(sampleTypes.indexOf(type));
    if (space === null || !isPredicted(type)) return out.block(shuffleBytes(plane));
    const { map, maxLevel, levels } = toLevels(plane);
    writeLevelMap(map, maxLevel, out);
    encodeBand(space, band++, levels, maxLevel, out);
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
  const version = input.u8();
  if (!readVersions.includes(version)) assertVersion("lossless tile", losslessTileVersion, version);
  const width = input.varint("width", maxTileSamples);
  const height = input.varint("height", maxTileSamples);
  const count = input.varint("number of bands", maxBands);
  if (count !== bands.length) throw input.corrupt(`${bands.length} bands`, `${count}`);
  if (width * height * count > maxTileSamples || width * height * count < 1) {
    throw input.corrupt(`1 to ${maxTileSamples} samples`, `${width} × ${height} × ${count}`);
  }
  const valid = readMask(input, width * height);
  if (!fits({ width, height, planes: bands }))
    throw input.corrupt("a tile as wide as 4", `${width} × ${height}`);
  const predicted = bands.filter((band) => isPredicted(band.sampleType)).length;
  const nextLevels = (version === 1 ? openVersion1Bands : openBands)(width, height, predicted);
  const planes = bands.map((band) => {
    const type = sampleTypes[input.u8()];
    if (type !== band.sampleType) throw input.corrupt(`${band.name} as ${band.sampleType}`, `${type}`);
    if (!isPredicted(type)) {
      return unshuffleBytes(type, width * height, input.block("samples"), (got, cause) =>
        input.corrupt(`${width * height} samples of ${type}`, got, cause),
      );
    }
    return readPredicted(input, nextLevels, type, width, height);
  });
  input.end();
  return { width, height, bands, planes, valid };
};

/** Gives the levels of one band after the other: rows of `width` numbers, `stride` from one to the next. */
type LevelReader = (
  maxLevel: number,
  input: ByteReader,
) => { readonly levels: Int32Array | Float32Array; readonly stride: number };

const openBands = (width: number, height: number, bands: number): LevelReader => {
  const space = bands > 0 ? openWorkspace(width, height, bands) : null;
  let band = 0;
  return (maxLevel, input) => {
    if (space === null) throw input.corrupt("bands of integers", "more");
    return { levels: decodeBand(space, band++, maxLevel, input), stride: space.layout.stride / 4 };
  };
};

const readPredicted = (
  input: ByteReader,
  nextLevels: LevelReader,
  type: SampleType,
  width: number,
  height: number,
): SampleArray => {
  const { map, maxLevel } = readLevelMap(input);
  const table = samplesByLevel(map, maxLevel);
  const [least, most] = ranges[type] ?? [0, 0];
  if (table[0]! < least || table[maxLevel]! > most) {
    throw input.corrupt(`samples from ${least} to ${most}`, `${table[0]} to ${table[maxLevel]}`);
  }
  const { levels, stride } = nextLevels(maxLevel, input);
  const plane = allocateSamples(type, width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0, from = y * stride; x < width; x++) plane[y * width + x] = table[levels[from + x]!]!;
  }
  return plane;
};
