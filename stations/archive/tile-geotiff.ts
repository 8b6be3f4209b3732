import { deflateSync } from "node:zlib";
import type { Affine } from "../../pipeline/raster/georeference.ts";
import type { PixelWindow, Raster } from "../../pipeline/raster/raster.ts";
import type { SampleType } from "../../pipeline/raster/samples.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import {
  type TiffField,
  asciiField,
  doubleField,
  layTiff,
  longField,
  shortField,
} from "../../pipeline/raster/tiff-layout.ts";

/*
 * A tile as a GeoTIFF of the plainest kind: one deflated strip a band (technical note 3 to TIFF 6.0), samples as the sensor gave them;
 * OGC GeoTIFF 1.1 (19-008r4) for where it lies.
 */

/** TIFF's name for how samples are to be read: 1 unsigned, 2 signed, 3 floating point. */
const sampleFormat = (type: SampleType): number => (type.startsWith("u") ? 1 : type.startsWith("i") ? 2 : 3);

/** Where the tile lies; nothing where its scene has no coordinate reference system with a number. */
const geoFields = ({ georeference }: Scene, { x, y }: PixelWindow): readonly TiffField[] => {
  const epsg = Number(/^EPSG:(\d+)$/.exec(georeference?.crs ?? "")?.[1] ?? NaN);
  if (georeference === null || !(epsg > 0)) return [];
  const [a, b, c, d, e, f]: Affine = georeference.transform;
  const isGeographic = georeference.proj4.includes("+proj=longlat");
  // ModelTransformation takes any affine transform; GTModelType, GTRasterType, and the number of the system.
  const system = isGeographic ? [2, 2048] : [1, 3072];
  const keys = [1024, 0, 1, system[0] as number, 1025, 0, 1, 1, system[1] as number, 0, 1, epsg];
  const matrix = [a, b, 0, a * x + b * y + c, d, e, 0, d * x + e * y + f, 0, 0, 0, 0, 0, 0, 0, 1];
  return [doubleField(34264, ...matrix), shortField(34735, 1, 1, 0, keys.length / 4, ...keys)];
};

const nodataText = (nodata: number | null): readonly TiffField[] =>
  nodata === null ? [] : [asciiField(42113, Number.isNaN(nodata) ? "nan" : `${nodata}`)];

/** A raster whose upper left pixel is that of `window` in `scene`, as a GeoTIFF; bands in the raster's order. */
export const tileGeoTiff = (raster: Raster, scene: Scene, window: PixelWindow): Uint8Array => {
  const { width, height, bands, planes } = raster;
  const strips = planes.map((plane) =>
    deflateSync(Buffer.from(plane.buffer, plane.byteOffset, plane.byteLength), { level: 6 }),
  );
  const perBand = <T>(of: (index: number) => T): T[] => planes.map((_, index) => of(index));
  const names = bands.map(
    ({ name }, index) =>
      `<Item name="DESCRIPTION" sample="${index}" role="description">${name.replaceAll(/[<>&]/g, "_")}</Item>`,
  );
  const fieldsAt = (offsets: readonly number[], sizes: readonly number[]): readonly TiffField[] => [
    longField(256, width),
    longField(257, height),
    shortField(258, ...perBand((index) => 8 * (planes[index]?.BYTES_PER_ELEMENT ?? 1))),
    shortField(259, 8), // deflate as Adobe defined it
    shortField(262, 1), // black is zero
    longField(273, ...offsets),
    shortField(277, planes.length),
    longField(278, height), // one strip a band
    longField(279, ...sizes),
    shortField(284, 2), // plane by plane
    ...(planes.length > 1 ? [shortField(338, ...planes.slice(1).map(() => 0))] : []), // extra samples of no stated kind
    shortField(339, ...bands.map(({ sampleType }) => sampleFormat(sampleType))),
    ...geoFields(scene, window),
    asciiField(42112, `<GDALMetadata>${names.join("")}</GDALMetadata>`),
    ...nodataText(bands[0]?.nodata ?? null),
  ];
  return Buffer.concat(layTiff(strips, fieldsAt));
};
