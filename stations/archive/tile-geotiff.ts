import { deflateSync } from "node:zlib";
import type { Affine } from "../../pipeline/raster/georeference.ts";
import type { PixelWindow, Raster } from "../../pipeline/raster/raster.ts";
import type { SampleType } from "../../pipeline/raster/samples.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";

/*
 * A tile as a GeoTIFF of the plainest kind: little-endian, one deflated strip a band, samples as the sensor gave them. TIFF 6.0
 * (Adobe 1992) with its technical note 3 for the deflate; OGC GeoTIFF 1.1 (19-008r4) for where it lies.
 */

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
const longs = (tag: number, ...values: number[]): Field => ({ tag, type: 4, values });
const doubles = (tag: number, ...values: number[]): Field => ({ tag, type: 12, values });

/** TIFF's name for how samples are to be read: 1 unsigned, 2 signed, 3 floating point. */
const sampleFormat = (type: SampleType): number => (type.startsWith("u") ? 1 : type.startsWith("i") ? 2 : 3);

/** Where the tile lies; nothing where its scene has no coordinate reference system with a number. */
const geoFields = ({ georeference }: Scene, { x, y }: PixelWindow): readonly Field[] => {
  const epsg = Number(/^EPSG:(\d+)$/.exec(georeference?.crs ?? "")?.[1] ?? NaN);
  if (georeference === null || !(epsg > 0)) return [];
  const [a, b, c, d, e, f]: Affine = georeference.transform;
  const isGeographic = georeference.proj4.includes("+proj=longlat");
  // ModelTransformation takes any affine transform; GTModelType, GTRasterType, and the number of the system.
  const system = isGeographic ? [2, 2048] : [1, 3072];
  const keys = [1024, 0, 1, system[0] as number, 1025, 0, 1, 1, system[1] as number, 0, 1, epsg];
  const matrix = [a, b, 0, a * x + b * y + c, d, e, 0, d * x + e * y + f, 0, 0, 0, 0, 0, 0, 0, 1];
  return [doubles(34264, ...matrix), shorts(34735, 1, 1, 0, keys.length / 4, ...keys)];
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
  for (const [i, { tag, type, values }] of fields.entries()) {
    const entry = 10 + i * 12;
    const length = lengths[i] as number;
    head.writeUInt16LE(tag, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(values.length, entry + 4);
    const at = length > 4 ? free : entry + 8;
    if (length > 4) head.writeUInt32LE(free, entry + 8);
    for (const [k, value] of values.entries()) writeValue(head, type, value, at + k * fieldBytes[type]);
    if (length > 4) free += length + (length % 2);
  }
  return head;
};

const nodataText = (nodata: number | null): readonly Field[] =>
  nodata === null ? [] : [ascii(42113, Number.isNaN(nodata) ? "nan" : `${nodata}`)];

/** A raster whose upper left pixel is that of `window` in `scene`, as a GeoTIFF; bands in the raster's order. */
export const tileGeoTiff = (raster: Raster, scene: Scene, window: PixelWindow): Uint8Array => {
  const { width, height, bands, planes } = raster;
  const strips = planes.map((plane) =>
    deflateSync(Buffer.from(plane.buffer, plane.byteOffset, plane.byteLength), { level: 6 }),
  );
  const sizes = strips.map(({ length }) => length);
  const perBand = <T>(of: (index: number) => T): T[] => planes.map((_, index) => of(index));
  const names = bands.map(
    ({ name }, index) =>
      `<Item name="DESCRIPTION" sample="${index}" role="description">${name.replaceAll(/[<>&]/g, "_")}</Item>`,
  );
  const fieldsAt = (offsets: readonly number[]): readonly Field[] => [
    longs(256, width),
    longs(257, height),
    shorts(258, ...perBand((index) => 8 * (planes[index]?.BYTES_PER_ELEMENT ?? 1))),
    shorts(259, 8), // deflate as Adobe defined it
    shorts(262, 1), // black is zero
    longs(273, ...offsets),
    shorts(277, planes.length),
    longs(278, height), // one strip a band
    longs(279, ...sizes),
    shorts(284, 2), // plane by plane
    ...(planes.length > 1 ? [shorts(338, ...planes.slice(1).map(() => 0))] : []), // extra samples of no stated kind
    shorts(339, ...bands.map(({ sampleType }) => sampleFormat(sampleType))),
    ...geoFields(scene, window),
    ascii(42112, `<GDALMetadata>${names.join("")}</GDALMetadata>`),
    ...nodataText(bands[0]?.nodata ?? null),
  ];
  const { length: headLength } = encodeHead(fieldsAt(sizes));
  let at = headLength;
  const offsets = sizes.map((size) => (at += size) - size);
  return Buffer.concat([encodeHead(fieldsAt(offsets)), ...strips]);
};
