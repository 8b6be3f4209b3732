import { SwathError } from "../errors.ts";
import type { Band, Raster } from "../raster/raster.ts";
import { allocateSamples, bytesPerSample } from "../raster/samples.ts";
import { ByteReader, ByteWriter } from "./byte-cursor.ts";
import { decodeImage, encodeImage, type ImageFormat, imageFormats } from "./image-codec.ts";
import { maxTileSamples } from "./lossless-tile.ts";
import { applyStretch, samplesOfCodes, type Stretch, stretchOver } from "./stretch.ts";
import { readMask, writeMask } from "./valid-mask.ts";

/**
 * Lossy tiles: what policy `compress` sends. Every band is stretched to eight bits, and the bands stand one above the
 * other in one grey image. Wire format: docs/formats.md.
 */
export const lossyTileVersion = 1;

export interface LossyOptions {
  readonly format: ImageFormat;
  /** 1…100, as the format understands it. */
  readonly quality: number;
}

const maxBands = 256;

/** Throws `SwathError("config")` for an empty raster, a quality outside 1…100 or more rows than the format holds. */
export const encodeLossyTile = async (raster: Raster, options: LossyOptions): Promise<Uint8Array> => {
  const { width, height, planes, valid } = raster;
  const pixels = width * height;
  if (
    pixels < 1 ||
    planes.length < 1 ||
    planes.length > maxBands ||
    pixels * planes.length > maxTileSamples
  ) {
    const got = `${width} × ${height} × ${planes.length}`;
    throw new SwathError("config", { what: "lossy tile", wanted: `1 to ${maxTileSamples} samples`, got });
  }
  const out = new ByteWriter();
  out.u8(lossyTileVersion);
  out.u8(imageFormats.indexOf(options.format));
  out.varint(width);
  out.varint(height);
  out.varint(planes.length);
  writeMask(valid, out);
  const stacked = new Uint8Array(pixels * planes.length);
  planes.forEach((plane, b) => {
    const stretch = stretchOver(plane, valid);
    out.f32(stretch.low);
    out.f32(stretch.high);
    stacked.set(applyStretch(plane, stretch), b * pixels);
  });
  const image = { width, height: height * planes.length, channels: 1, data: stacked } as const;
  out.raw(await encodeImage(image, options.format, options.quality));
  return out.finish();
};

/**
 * A raster like the one that `encodeLossyTile` was given: mask exact, samples approximate, nodata pixels at the bands'
 * nodata value where they have one. `bands` comes from the scene, which both sides know.
 * Throws `SwathError("link")` for damaged bytes, an unknown version, or bands that do not fit.
 */
export const decodeLossyTile = async (bytes: Uint8Array, bands: readonly Band[]): Promise<Raster> => {
  const input = new ByteReader("lossy tile", bytes);
  input.version(lossyTileVersion);
  const format = imageFormats[input.u8()];
  if (format === undefined) throw input.corrupt(imageFormats.join(", "), "another image format");
  const width = input.varint("width", maxTileSamples);
  const height = input.varint("height", maxTileSamples);
  const count = input.varint("number of bands", maxBands);
  if (count !== bands.length) throw input.corrupt(`${bands.length} bands`, `${count}`);
  const pixels = width * height;
  if (pixels * count < 1 || pixels * count > maxTileSamples) {
    throw input.corrupt(`1 to ${maxTileSamples} samples`, `${width} × ${height} × ${count}`);
  }
  const valid = readMask(input, pixels);
  const stretches = bands.map(() => ({ low: input.f32("stretch"), high: input.f32("stretch") }));
  const shape = { width, height: height * count, channels: 1 } as const;
  const stacked = await decodeImage(input.rest(), format, shape);
  const planes = bands.map((band, b) => {
    const codes = stacked.subarray(b * pixels, (b + 1) * pixels);
    return restore(codes, band, stretches[b]!, valid);
  });
  return { width, height, bands, planes, valid };
};

const restore = (codes: Uint8Array, band: Band, stretch: Stretch, valid: Uint8Array | null) => {
  const table = allocateSamples(band.sampleType, 256);
  const whole = !band.sampleType.startsWith("float");
  const [least, most] = whole ? integerRange(band) : [-Infinity, Infinity];
  samplesOfCodes(stretch).forEach((sample, code) => {
    table[code] = Math.max(least, Math.min(whole ? Math.round(sample) : sample, most));
  });
  const plane = allocateSamples(band.sampleType, codes.length);
  for (let i = 0; i < codes.length; i++) {
    const missing = valid !== null && valid[i] === 0 && band.nodata !== null;
    plane[i] = missing ? (band.nodata ?? 0) : table[codes[i]!]!;
  }
  return plane;
};

const integerRange = ({ sampleType }: Band): readonly [number, number] => {
  const bits = bytesPerSample(sampleType) * 8;
  return sampleType.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
};
