import { writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { Affine } from "../../pipeline/raster/georeference.ts";
import {
  type TiffField,
  asciiField,
  doubleField,
  layTiff,
  longField,
  shortField,
} from "../../pipeline/raster/tiff-layout.ts";
import { type Instant, formatInstant } from "../../pipeline/units.ts";

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
): readonly TiffField[] => {
  const { width, height, planes, transform, epsg, acquiredAt, software, nodata } = content;
  const [pixelX, , x0, , pixelY, y0] = transform;
  const bands = planes.length;
  const geoKeys = [1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg];
  return [
    longField(256, width),
    longField(257, height),
    shortField(258, ...planes.map(() => 16)),
    shortField(259, 8), // deflate as Adobe defined it
    shortField(262, 1), // black is zero
    shortField(277, bands),
    shortField(284, 2), // plane by plane
    asciiField(305, software),
    asciiField(306, formatInstant(acquiredAt).slice(0, 19).replaceAll("-", ":").replace("T", " ")),
    shortField(317, 2), // horizontal differences
    shortField(322, tileSide),
    shortField(323, tileSide),
    longField(324, ...offsets),
    longField(325, ...sizes),
    shortField(338, ...planes.slice(1).map(() => 0)), // extra samples of no stated kind
    shortField(339, ...planes.map(() => 1)), // unsigned
    doubleField(33550, pixelX, -pixelY, 0),
    doubleField(33922, 0, 0, 0, x0, y0, 0),
    shortField(34735, 1, 1, 0, geoKeys.length / 4, ...geoKeys),
    asciiField(42112, gdalMetadata(content)),
    asciiField(42113, `${nodata}`),
  ].filter(({ values }) => values.length > 0);
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
  await writeFile(
    path,
    layTiff(tiles, (offsets, sizes) => fieldsOf(content, offsets, sizes)),
  );
};
