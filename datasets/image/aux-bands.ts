import type { FileBand, RasterFile } from "../geotiff/raster-file.ts";
import { parseNodata } from "../geotiff/gdal-metadata.ts";
import { maskFrom, maskZeros, nodataOfType } from "../geotiff/validity.ts";
import { xmlNumber, xmlText } from "../products/xml-element.ts";

/** What GDAL's `.aux.xml` (Persistent Auxiliary Metadata) says of one band; `null` where it says nothing. */
export interface AuxBand {
  readonly description: string | null;
  readonly scale: number | null;
  readonly offset: number | null;
  readonly unit: string | null;
  /** As it stands there; samples need not be able to hold it. */
  readonly nodata: number | null;
}

/** The bands of an `.aux.xml` by their numbers, from 1. Bands of which it says nothing are absent. */
export const auxBands = (xml: string): ReadonlyMap<number, AuxBand> => {
  const bands = new Map<number, AuxBand>();
  for (const [, attributes = "", inside = ""] of xml.matchAll(
    /<PAMRasterBand(\s[^<>]*)>(.*?)<\/PAMRasterBand>/gs,
  )) {
    const number = Number(/\sband\s*=\s*"(\d{1,5})"/.exec(attributes)?.[1] ?? Number.NaN);
    const band: AuxBand = {
      description: xmlText(inside, "Description") || null,
      scale: xmlNumber(inside, "Scale"),
      offset: xmlNumber(inside, "Offset"),
      unit: xmlText(inside, "UnitType") || null,
      nodata: parseNodata(xmlText(inside, "NoDataValue")),
    };
    if (Object.values(band).some((value) => value !== null)) bands.set(number, band);
  }
  return bands;
};

/** True where an `.aux.xml` says which value is no measurement: GDAL then passes over what the file says of it. */
export const saysNodata = (aux: ReadonlyMap<number, AuxBand>): boolean =>
  [...aux.values()].some(({ nodata }) => nodata !== null);

/** GDAL trusts a file's own scale and offset more than those beside it, a nodata value less. */
const joinBand = (own: FileBand, aux: AuxBand | undefined, type: RasterFile["sampleType"]): FileBand => {
  if (aux === undefined) return own;
  const isOwnScale = own.scale !== 1 || own.offset !== 0;
  const nodata = nodataOfType(aux.nodata, type);
  return {
    description: own.description ?? aux.description,
    scale: isOwnScale ? own.scale : (aux.scale ?? 1),
    offset: isOwnScale ? own.offset : (aux.offset ?? 0),
    unit: own.unit ?? aux.unit,
    ...(nodata === null ? {} : { nodata }),
  };
};

/**
 * An image with what its `.aux.xml` says of its bands. A mask says all of what is a measurement; else the nodata values there do. Takes
 * `file` over, which is to be opened without a nodata value of its own where `saysNodata`.
 */
export const withAuxBands = (file: RasterFile, aux: ReadonlyMap<number, AuxBand>): RasterFile => {
  if (aux.size === 0) return file;
  const bands = file.bands.map((band, i) => joinBand(band, aux.get(i + 1), file.sampleType));
  const [first] = bands;
  const isOne = bands.every(({ nodata }) => Object.is(nodata, first?.nodata));
  const nodata = isOne ? (first?.nodata ?? file.nodata) : null;
  if (!bands.some((band) => band.nodata !== undefined)) return { ...file, bands };
  return {
    ...file,
    bands,
    nodata,
    readWindow: async (window, bandIndexes, options = {}) => {
      const pixels = await file.readWindow(window, bandIndexes, options);
      if (file.hasMask) return pixels;
      const valid = bandIndexes.reduce<Uint8Array | null>((mask, band, i) => {
        const own = maskFrom([pixels.planes[i]!], bands[band]?.nodata ?? null);
        return own === null ? mask : mask === null ? own : maskZeros(mask, own);
      }, pixels.valid);
      return { ...pixels, valid };
    },
  };
};
