import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { Affine } from "../pipeline/raster/georeference.ts";
import { type Instant, formatInstant } from "../pipeline/units.ts";

/** What to write: 16-bit planes on one north-up grid in a projected coordinate reference system. */
export interface GeoTiffContent {
  readonly width: number;
  readonly height: number;
  /** One a band, each `width · height` samples, row by row. */
  readonly planes: readonly Uint16Array[];
  readonly bandNames: readonly string[];
  /** `reflectance = scale · sample`. */
  readonly scale: number;
  readonly nodata: number;
  /** Code of a projected CRS, e.g. 32631. */
  readonly epsg: number;
  /** Without rotation: only pixel sizes and origin are written. */
  readonly transform: Affine;
  readonly acquiredAt: Instant;
  readonly software: string;
}

const compress = promisify(deflate);
const tileSide = 512;

type FieldType = 2 | 3 | 4 | 12;
const fieldBytes: Readonly<Record<FieldType, number>> = { 2: 1, 3: 2, 4: 4, 12: 8 };

interface Field {
  readonly tag: number;
  readonly type: FieldType;
  readonly values: readonly number[];
}

const ascii = (tag: number, text: string): Field => ({
  tag,
  type: 2,
  values: [...Buffer.from(`${text}\0`, "latin1")],
});
const shorts = (tag: number, ...values: number[]): Field => ({ tag, type: 3, values });
const longs = (tag: number, values: readonly number[]): Field => ({ tag, type: 4, values });
const doubles = (tag: number, ...values: number[]): Field => ({ tag, type: 12, values });

/** One tile of a plane as horizontal differences (predictor 2), little-endian; pixels beyond the edge repeat nodata. */
const differenceTile = (plane: Uint16Array, content: GeoTiffContent, x0: number, y0: number): Buffer => {
  const { width, height, nodata } = content;
  const tile = new Uint16Array(tileSide * tileSide);
  for (let y = 0; y < tileSide; y++) {
    let previous = 0;
    for (let x = 0; x < tileSide; x++) {
      const inside = x0 + x < width && y0 + y < height;
      const sample = inside ? plane[(y0 + y) * width + x0 + x]! : nodata;
      tile[y * tileSide + x] = sample - previous;
      previous = sample;
    }
  }
  return Buffer.from(tile.buffer);
};

/** GDAL's own tag, which names bands and scales for every GDAL-based tool. */
const gdalMetadata = ({ bandNames, scale }: GeoTiffContent): string => {
  const items = bandNames.flatMap((name, i) => [
    `<Item name="DESCRIPTION" sample="${i}" role="description">${name}</Item>`,
    `<Item name="OFFSET" sample="${i}" role="offset">0</Item>`,
    `<Item name="SCALE" sample="${i}" role="scale">${scale}</Item>`,
  ]);
  return `<GDALMetadata>${items.join("")}</GDALMetadata>`;
};

const fieldsOf = (
  content: GeoTiffContent,
  offsets: readonly number[],
  sizes: readonly number[],
): readonly Field[] => {
  const { width, height, planes, transform, epsg, acquiredAt, software, nodata } = content;
  const [pixelX, , x0, , pixelY, y0] = transform;
  const bands = planes.length;
  const geoKeys = [1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg];
  return [
    longs(256, [width]),
    longs(257, [height]),
    shorts(258, ...planes.map(() => 16)),
    shorts(259, 8), // deflate as Adobe defined it
    shorts(262, 1), // black is zero
    shorts(277, bands),
    shorts(284, 2), // plane by plane
    ascii(305, software),
    ascii(306, formatInstant(acquiredAt).slice(0, 19).replaceAll("-", ":").replace("T", " ")),
    shorts(317, 2), // horizontal differences
    shorts(322, tileSide),
    shorts(323, tileSide),
    longs(324, offsets),
    longs(325, sizes),
    shorts(338, ...planes.slice(1).map(() => 0)), // extra samples of no stated kind
    shorts(339, ...planes.map(() => 1)), // unsigned
    doubles(33550, pixelX, -pixelY, 0),
    doubles(33922, 0, 0, 0, x0, y0, 0),
    shorts(34735, 1, 1, 0, geoKeys.length / 4, ...geoKeys),
    ascii(42112, gdalMetadata(content)),
    ascii(42113, `${nodata}`),
  ].filter(({ values }) => values.length > 0);
};

const writeValue = (buffer: Buffer, type: FieldType, value: number, at: number): void => {
  if (type === 2) buffer.writeUInt8(value, at);
  else if (type === 3) buffer.writeUInt16LE(value, at);
  else if (type === 4) buffer.writeUInt32LE(value, at);
  else buffer.writeDoubleLE(value, at);
};

/** Header, directory and the values that do not fit in it; the length depends on counts only, not on offsets. */
const encodeHead = (fields: readonly Field[]): Buffer => {
  const directoryEnd = 8 + 2 + fields.length * 12 + 4;
  const lengths = fields.map(({ type, values }) => fieldBytes[type] * values.length);
  const outside = lengths.reduce((sum, length) => sum + (length > 4 ? length + (length % 2) : 0), 0);
  const head = Buffer.alloc(directoryEnd + outside);
  head.write("II*\0", 0, "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(fields.length, 8);
  let free = directoryEnd;
  fields.forEach(({ tag, type, values }, i) => {
    const entry = 10 + i * 12;
    const length = lengths[i] ?? 0;
    head.writeUInt16LE(tag, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(values.length, entry + 4);
    const at = length > 4 ? free : entry + 8;
    if (length > 4) head.writeUInt32LE(free, entry + 8);
    values.forEach((value, k) => writeValue(head, type, value, at + k * fieldBytes[type]));
    if (length > 4) free += length + (length % 2);
  });
  return head;
};

/**
 * Writes a tiled GeoTIFF as Sentinel-2 COGs have it: 512² tiles, deflate, predictor 2, one plane a band, directory first.
 * No overviews: what is rendered here is small. Rejects with the file system's error.
 */
export const writeGeoTiff = async (path: string, content: GeoTiffContent): Promise<void> => {
  const { width, height, planes } = content;
  const starts = (length: number) =>
    Array.from({ length: Math.ceil(length / tileSide) }, (_, i) => i * tileSide);
  const tiles = await Promise.all(
    planes.flatMap((plane) =>
      // Level 3: noise does not compress, and higher levels take twice the time for 2 % of the size.
      starts(height).flatMap((y) =>
        starts(width).map((x) => compress(differenceTile(plane, content, x, y), { level: 3 })),
      ),
    ),
  );
  const sizes = tiles.map(({ length }) => length);
  const { length: headLength } = encodeHead(fieldsOf(content, sizes, sizes));
  let at = headLength;
  const offsets = sizes.map((size) => (at += size) - size);
  await writeFile(path, [encodeHead(fieldsOf(content, offsets, sizes)), ...tiles]);
};
