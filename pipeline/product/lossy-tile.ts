import { SwathError } from "../errors.ts";
import type { Band, Raster } from "../raster/raster.ts";
import { allocateSamples, bytesPerSample } from "../raster/samples.ts";
import { ByteReader, ByteWriter } from "./byte-cursor.ts";
import { decodeImage, encodeImage, type ImageFormat, imageFormats } from "./image-codec.ts";
import { maxTileSamples } from "./lossless/lossless-tile.ts";
import { applyStretch, samplesOfCodes, type Stretch, stretchOver } from "./stretch.ts";
import { readMask, writeMask } from "./valid-mask.ts";

/**
 * Lossy tiles: what policy `compress` sends. Every band is stretched to eight bits. Red, green and blue, where there are
 * all three, share a colour image; the other bands stand one above the other in a grey one. On six Sentinel-2 tiles in WebP
 * that took 6 to 34 % fewer bits than all bands in grey at equal mean PSNR for qualities 30 to 75. At 90 it went either way
 * (21 % fewer to 64 % more): the colour transform then costs more than it saves, blue most of all.
 * Wire format: docs/formats.md.
 */
export const lossyTileVersion = 1;

/** How a lossy tile is encoded. */
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
  const codes = planes.map((plane) => {
    const stretch = stretchOver(plane, valid);
    out.f32(stretch.low);
    out.f32(stretch.high);
    return applyStretch(plane, stretch);
  });
  for (const { channels, members } of imagesOf(raster.bands)) {
    const stacked = new Uint8Array(pixels * members.length);
    members.forEach((b, at) => {
      const own = codes[b]!;
      if (channels === 1) stacked.set(own, at * pixels);
      else for (let i = 0; i < pixels; i++) stacked[3 * i + at] = own[i]!;
    });
    const rows = height * (members.length / channels);
    const image = { width, height: rows, channels, data: stacked };
    out.block(await encodeImage(image, options.format, options.quality));
  }
  return out.finish();
};

/** Which bands (by index) share which image. Follows from the bands alone, which both sides know. */
const imagesOf = (bands: readonly Band[]): readonly { channels: 1 | 3; members: readonly number[] }[] => {
  const colours = ["red", "green", "blue"].map((name) => bands.findIndex((band) => band.commonName === name));
  const colour = colours.includes(-1) ? [] : colours;
  const grey = bands.flatMap((_, b) => (colour.includes(b) ? [] : [b]));
  return [
    ...(colour.length > 0 ? [{ channels: 3, members: colour } as const] : []),
    ...(grey.length > 0 ? [{ channels: 1, members: grey } as const] : []),
  ];
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
  const codes = bands.map(() => new Uint8Array(pixels));
  for (const { channels, members } of imagesOf(bands)) {
    const rows = height * (members.length / channels);
    const stacked = await decodeImage(input.block("image"), format, { width, height: rows, channels });
    members.forEach((b, at) => {
      const own = codes[b]!;
      if (channels === 1) own.set(stacked.subarray(at * pixels, (at + 1) * pixels));
      else for (let i = 0; i < pixels; i++) own[i] = stacked[3 * i + at]!;
    });
  }
  input.end();
  const planes = bands.map((band, b) => restore(codes[b]!, band, stretches[b]!, valid));
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
