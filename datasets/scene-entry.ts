import { basename, extname } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import type { Georeference } from "../pipeline/raster/georeference.ts";
import type { Band } from "../pipeline/raster/raster.ts";
import type { Instant } from "../pipeline/units.ts";
import { timeInName } from "./acquisition-time.ts";
import { bandNamesOf, commonNameOf } from "./band-name.ts";
import type { CatalogueOptions, SceneAsset, SceneEntry } from "./catalogue.ts";
import type { FileBand, RasterFile } from "./geotiff/raster-file.ts";
import { openRaster } from "./image/open-raster.ts";

/** What a dataset says of a band besides the file; anything absent is as the file has it. */
export interface ToldBand {
  readonly name: string;
  readonly commonName?: string | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  readonly nodata?: number | null | undefined;
  readonly unit?: Band["unit"] | undefined;
}

/** The files of a scene and what is known of it before they are opened. */
export interface EntrySource {
  readonly id: string;
  /** `band` names the only band of a file; `told`, in file order, wins over it. */
  readonly files: readonly {
    readonly path: string;
    readonly band: string | null;
    readonly told?: readonly ToldBand[];
  }[];
  readonly acquiredAt?: Instant | null;
  readonly platform?: string | null;
  readonly georeference?: Georeference | null;
}

/** A scene whose files may not say what their counts are worth, and the largest count in a sample of its pixels. */
export interface UnscaledEntry {
  readonly entry: SceneEntry;
  /** Bands whose scale is still to be settled; `scale` 1 and unit `dn` until then. */
  readonly unscaled: ReadonlySet<string>;
  readonly peak: number;
  /** Which bands were left out and why, a sentence each. */
  readonly notes: readonly string[];
}

interface OpenFile {
  readonly file: RasterFile;
  readonly source: EntrySource["files"][number];
}

/** File extensions of the formats that `openRaster` reads. */
const extensions = new Set([".tif", ".tiff", ".gtiff", ".png", ".jpg", ".jpeg", ".webp"]);

/** True when the name is that of a format that Swath reads. */
export const isImageFile = (path: string): boolean => extensions.has(extname(path).toLowerCase());

// Landsat counts its bands otherwise than Sentinel-2: its B7 is no red edge.
const isLandsat = (path: string): boolean => /(?:^|[^A-Za-z])(?:L[CET]0?[4-9]|HLS\.L)/.test(basename(path));

const isTiff = (path: string): boolean => /\.g?tiff?$/i.test(path);

const bandOf = (file: RasterFile, inFile: FileBand, told: ToldBand): Band => {
  const common = told.commonName ?? (isLandsat(file.path) ? null : commonNameOf(told.name));
  const scale = told.scale ?? inFile.scale;
  const offset = told.offset ?? inFile.offset;
  const isFloat = file.sampleType.startsWith("float");
  const isMeasured = isFloat ? Boolean(common) : scale !== 1 || offset !== 0;
  return {
    name: told.name,
    ...(common ? { commonName: common } : {}),
    sampleType: file.sampleType,
    scale,
    offset,
    unit: told.unit ?? (isMeasured ? "reflectance" : "dn"),
    nodata: told.nodata === undefined ? file.nodata : told.nodata,
  };
};

/** Spectral counts that nothing gives a worth. Pictures (8 bit, PNG) are counts and stay so. */
const isUnscaled = (band: Band, file: RasterFile): boolean =>
  isTiff(file.path) &&
  (band.sampleType === "uint16" || band.sampleType === "int16") &&
  band.unit === "dn" &&
  band.commonName !== undefined;

/** The largest sample in five windows of one band: enough to tell 0…10,000 from 0…65,535. */
const peakOf = async (file: RasterFile): Promise<number> => {
  const [width, height] = [Math.min(256, file.width), Math.min(256, file.height)];
  const places = [
    [0.5, 0.5],
    [0.15, 0.15],
    [0.85, 0.15],
    [0.15, 0.85],
    [0.85, 0.85],
  ] as const;
  let peak = 0;
  for (const [fx, fy] of places) {
    const x = Math.round((file.width - width) * fx);
    const y = Math.round((file.height - height) * fy);
    const { planes } = await file.readWindow({ x, y, width, height }, [0]);
    for (const value of planes[0] ?? []) if (value > peak && value !== file.nodata) peak = value;
  }
  return peak;
};

const isSameGrid = (a: RasterFile, b: RasterFile): boolean => {
  if (a.width !== b.width || a.height !== b.height) return false;
  if (!a.georeference || !b.georeference) return true;
  const [pixel, , x, , , y] = a.georeference.transform;
  const [, , bx, , , by] = b.georeference.transform;
  return Math.max(Math.abs(x - bx), Math.abs(y - by)) <= Math.abs(pixel) / 2;
};

const toldBands = ({ file, source }: OpenFile, options: CatalogueOptions): readonly ToldBand[] => {
  const count = file.bands.length;
  if (source.told?.length === count) return source.told;
  if (options.bandNames?.length === count) return options.bandNames.map((name) => ({ name }));
  if (source.band && count === 1) return [{ name: source.band }];
  const isPicture = file.sampleType === "uint8" || !isTiff(file.path);
  return bandNamesOf(
    file.bands.map(({ description }) => description),
    isPicture,
  ).map((name) => ({ name }));
};

const describeOpen = async (
  source: EntrySource,
  files: readonly OpenFile[],
  options: CatalogueOptions,
): Promise<UnscaledEntry> => {
  const finest = files
    .map(({ file }) => file)
    .reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const bands: Band[] = [];
  const assets: SceneAsset[] = [];
  const notes: string[] = [];
  const unscaled = new Set<string>();
  let peak = 0;
  for (const open of files) {
    const { file } = open;
    const told = toldBands(open, options);
    if (!isSameGrid(finest, file)) {
      const names = told.map(({ name }) => name).join(", ");
      const sizes = `${file.width} × ${file.height} pixels, others ${finest.width} × ${finest.height}`;
      notes.push(`scene "${source.id}": ${names} left out, since it lies on another grid (${sizes})`);
      continue;
    }
    const described = told.map((band, i) => bandOf(file, file.bands[i]!, band));
    const twice = described.find(({ name }) => bands.some((other) => other.name === name));
    if (twice) {
      const what = `scene "${source.id}": two files hold band "${twice.name}"`;
      throw new SwathError("dataset", {
        what,
        got: basename(file.path),
        hint: "put each scene into its own folder",
      });
    }
    const counts = described.filter((band) => isUnscaled(band, file));
    if (counts.length > 0 && options.reflectanceScale === undefined && peak === 0) peak = await peakOf(file);
    for (const { name } of counts) unscaled.add(name);
    bands.push(...described);
    assets.push({ path: file.path, bands: described.map(({ name }, index) => ({ name, index })) });
  }
  const names = source.files.map(({ path }) => basename(path));
  const scene = {
    id: source.id,
    width: finest.width,
    height: finest.height,
    bands,
    georeference: source.georeference ?? finest.georeference,
    acquiredAt: source.acquiredAt ?? names.map(timeInName).find((time) => time !== null) ?? null,
    platform: source.platform ?? (names.some((name) => /sentinel-?2/i.test(name)) ? "sentinel-2" : null),
  };
  return { entry: { scene, assets, labels: null }, unscaled, peak, notes };
};

/**
 * Opens the files of a scene and describes it from what they say. The grid is that of the finest file; bands on another
 * one are left out. Throws `SwathError("raster")` for a file that cannot be read, `SwathError("dataset")` for a band
 * that two files hold.
 */
export const describeScene = async (
  source: EntrySource,
  options: CatalogueOptions,
): Promise<UnscaledEntry> => {
  const files: OpenFile[] = [];
  try {
    for (const file of source.files) files.push({ file: await openRaster(file.path), source: file });
    return await describeOpen(source, files, options);
  } finally {
    for (const { file } of files) await file[Symbol.asyncDispose]();
  }
};
