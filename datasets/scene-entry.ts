import { formatCountOf } from "../pipeline/format.ts";
import { basename, extname } from "node:path";
import { SwathError } from "../pipeline/errors.ts";
import type { Georeference } from "../pipeline/raster/georeference.ts";
import { pixelSize } from "../pipeline/raster/pixel-size.ts";
import type { Band } from "../pipeline/raster/raster.ts";
import type { Instant } from "../pipeline/units.ts";
import { timeInName } from "./acquisition-time.ts";
import { commonNameOf, foreignNumbers, isReflected } from "./band-name.ts";
import { type CatalogueOptions, type SceneAsset, type SceneEntry, sceneId } from "./catalogue.ts";
import type { NoPlace } from "./crs/coordinate-system.ts";
import type { ImagePlace } from "./crs/image-place.ts";
import { placeOf } from "./crs/place-files.ts";
import { gridDifference } from "./grid.ts";
import { type CountSample, sampleCounts } from "./count-sample.ts";
import type { FileAccess } from "./files/file-access.ts";
import type { FileBand, RasterFile } from "./geotiff/raster-file.ts";
import { openRaster } from "./image/open-raster.ts";
import type { ProductFacts } from "./products/product-facts.ts";
import { productClues, type ToldProduct, untoldProduct } from "./products/metadata-file.ts";
import { productFacts } from "./products/registry.ts";
import { nameBands, type NamedBand, type ToldBand, unitOf } from "./told-band.ts";

/** The files of a scene and what is known of it before they are opened. */
export interface EntrySource {
  readonly id: string;
  /** `band` names the only band of a file; `told`, in file order, wins over it. */
  readonly files: readonly {
    readonly path: string;
    readonly band: string | null;
    readonly told?: readonly ToldBand[];
    /** What the dataset says of the product that the file is part of. */
    readonly product?: ToldProduct;
  }[];
  /** What was taken for granted on the way to the files, a sentence each. */
  readonly notes?: readonly string[];
  readonly acquiredAt?: Instant | null;
  readonly platform?: string | null;
  /** What the dataset says of the place; that of the file itself wins over it. */
  readonly place?: ImagePlace | NoPlace | null;
}

/** A scene whose files may not say what their values are worth, and what a sample of its pixels tells of it. */
export interface UnscaledEntry {
  readonly entry: SceneEntry;
  /** Bands whose scale is still to be settled; `scale` 1 and unit `dn` until then. */
  readonly unscaled: ReadonlySet<string>;
  /** `null` where every file says what its values are worth. */
  readonly sample: CountSample | null;
  /** Which bands were left out and why, a sentence each. */
  readonly notes: readonly string[];
}

interface OpenFile {
  /** Its `georeference` is that of the file with what lies beside it. */
  readonly file: RasterFile;
  readonly place: ImagePlace | NoPlace | null;
  readonly source: EntrySource["files"][number];
  readonly facts: ProductFacts | null;
}

/** File extensions of the formats that `openRaster` reads. */
const extensions = new Set([
  ".tif",
  ".tiff",
  ".gtiff",
  ".jp2",
  ".j2k",
  ".j2c",
  ".jpc",
  ".jpx",
  ".png",
  ".jpg",
  ".jpeg",
  ".webp",
]);

/** True when the name is that of a format that Swath reads. */
export const isImageFile = (path: string): boolean => extensions.has(extname(path).toLowerCase());

const isTiff = (path: string): boolean => /\.g?tiff?$/i.test(path);

/** What one band's numbers mean, and whether anybody said so. */
interface DescribedBand {
  readonly band: Band;
  readonly isScaled: boolean;
}

/**
 * Scale and offset from the dataset, else from the file, else from the product that the file is part of. A product speaks of the counts that it
 * delivers, of 16 bits: floats and pictures of 8 bits have been made of them already.
 */
const bandOf = (
  file: RasterFile,
  inFile: FileBand,
  told: NamedBand,
  fact: ToldBand | undefined,
  isForeign: boolean,
): DescribedBand => {
  const common = told.commonName ?? (isForeign ? null : commonNameOf(told.name));
  const isFloat = file.sampleType.startsWith("float");
  const ofFile = inFile.scale !== 1 || inFile.offset !== 0;
  const isMade = isFloat || file.sampleType.endsWith("int8");
  const product = isMade || ofFile || told.scale !== undefined ? undefined : fact;
  const scale = told.scale ?? (ofFile ? inFile.scale : (product?.scale ?? 1));
  const offset = told.offset ?? (ofFile ? inFile.offset : (product?.offset ?? 0));
  const isScaled = scale !== 1 || offset !== 0;
  const said = told.unit ?? unitOf(inFile.unit) ?? product?.unit;
  const isReflectance =
    isFloat && !isScaled ? isReflected(common ?? undefined) : isScaled && common !== "alpha";
  const nodata = [told.nodata, inFile.nodata].find((value) => value !== undefined);
  return {
    band: {
      name: told.name,
      ...(common ? { commonName: common } : {}),
      sampleType: file.sampleType,
      scale,
      offset,
      unit: said ?? (isReflectance ? "reflectance" : "dn"),
      nodata: nodata === undefined ? (file.nodata ?? product?.nodata ?? null) : nodata,
    },
    isScaled: isScaled || said !== undefined,
  };
};

/** Spectral values that nothing gives a worth. Pictures (8 bit, PNG) are counts and stay so. */
const isUnscaled = ({ band, isScaled }: DescribedBand, file: RasterFile): boolean =>
  isTiff(file.path) &&
  /^(?:u?int16|float)/.test(band.sampleType) &&
  !isScaled &&
  isReflected(band.commonName);

/** More pixels, or as many smaller ones. */
const isFiner = ({ file: a }: OpenFile, { file: b }: OpenFile): boolean => {
  const [more, fewer] = [a.width * a.height, b.width * b.height];
  return more > fewer || (more === fewer && (pixelSize(a) ?? Infinity) < (pixelSize(b) ?? Infinity) * 0.99);
};

/** The grid of the scene: the finest there is, but that of a panchromatic band next to others. */
const finestOf = (files: readonly OpenFile[]): OpenFile => {
  const isPan = ({ source, facts }: OpenFile): boolean =>
    source.band === "pan" || facts?.bands[0]?.commonName === "pan";
  const coloured = files.filter((open) => !isPan(open));
  return (coloured.length > 0 ? coloured : files).reduce((a, b) => (isFiner(b, a) ? b : a));
};

/** What a file holds besides what is read of it. */
const restOf = ({ path, otherPages = 0 }: RasterFile): readonly string[] =>
  otherPages > 0 ? [`${path}: the first page is read; ${formatCountOf(otherPages, "further page")} not`] : [];

const gapsNote = (id: string, { gaps }: CountSample): readonly string[] =>
  gaps.length > 0 ? [`scene "${id}": ${gaps.join(", ")} count as no measurement, though no tag says so`] : [];

/** Where a scene lies by its file, else by its dataset, and what is to be said of it. */
const placeScene = (
  { id, place: told = null }: EntrySource,
  { file, place: own }: OpenFile,
): { readonly georeference: Georeference | null; readonly notes: readonly string[] } => {
  const isPlaced = (place: ImagePlace | NoPlace | null): place is ImagePlace =>
    place !== null && !("why" in place);
  const place = [own, told].find(isPlaced);
  if (place === undefined) {
    const why = (own ?? told) as NoPlace | null;
    return { georeference: null, notes: why ? [`scene "${id}": no place, because ${why.why}`] : [] };
  }
  const { georeference, accuracy } = place;
  const notes: string[] = [];
  if (isPlaced(own) && isPlaced(told)) {
    const differ = gridDifference(file, { ...file, georeference: told.georeference });
    if (differ)
      notes.push(
        `scene "${id}": its file and its STAC item place it differently (${differ}); the file is taken`,
      );
  }
  const pixel = pixelSize({ ...file, georeference }) ?? 0;
  if (accuracy !== null && accuracy > Math.max(2, pixel)) {
    notes.push(
      `scene "${id}": its place is good to about ${accuracy} m, as ${georeference.crs ?? "its datum"} has it without a grid`,
    );
  }
  return { georeference, notes };
};

const describeOpen = async (
  source: EntrySource,
  files: readonly OpenFile[],
  options: CatalogueOptions,
): Promise<UnscaledEntry> => {
  const reference = finestOf(files);
  const { file: finest } = reference;
  const place = placeScene(source, reference);
  const bands: Band[] = [];
  const assets: SceneAsset[] = [];
  const notes: string[] = [...(source.notes ?? []), ...place.notes];
  const unscaled = new Set<string>();
  let sample: CountSample | null = null;
  const untold = files.filter(({ source: { told }, facts }) => told === undefined && facts === null);
  const foreign = foreignNumbers(untold.map(({ file }) => basename(file.path)));
  if (foreign.length > 0) {
    notes.push(
      `scene "${source.id}": ${foreign.join(", ")} are numbers that several sensors have, so nothing is known of their light`,
    );
  }
  for (const { file, source: from, facts } of files) {
    const named = nameBands(file, {
      told: from.told ?? [],
      wished: options.bandNames ?? [],
      fileName: from.band,
      product: facts?.bands ?? [],
    });
    const differ = gridDifference(file, finest);
    if (differ !== null) {
      const names = named.bands.map(({ name }) => name).join(", ");
      notes.push(`scene "${source.id}": ${names} left out, since it lies on another grid (${differ})`);
      continue;
    }
    notes.push(...named.notes, ...restOf(file), ...(facts?.notes ?? []));
    const isForeign = from.told === undefined && from.band !== null && foreign.length > 0;
    const described = named.bands.map((band, i) =>
      bandOf(file, file.bands[i]!, band, facts?.bands[i], isForeign),
    );
    const twice = described.find(({ band }) => bands.some((other) => other.name === band.name));
    if (twice) {
      const what = `scene "${source.id}": two files hold band "${twice.band.name}"`;
      throw new SwathError("dataset", {
        what,
        got: basename(file.path),
        hint: "put each scene into its own folder",
      });
    }
    const open = described.flatMap((one, i) => (isUnscaled(one, file) ? [i] : []));
    const [first] = open;
    if (first !== undefined && options.reflectanceScale === undefined)
      sample ??= await sampleCounts(file, first);
    // Floats are what they are, or refused: there is nothing to settle.
    for (const i of open) if (described[i]?.band.unit === "dn") unscaled.add(described[i].band.name);
    bands.push(...described.map(({ band }) => band));
    assets.push({ path: file.path, bands: described.map(({ band: { name } }, index) => ({ name, index })) });
  }
  const names = source.files.map(({ path }) => basename(path));
  const facts = files.map((file) => file.facts).find((found) => found !== null);
  const scene = {
    id: source.id,
    width: finest.width,
    height: finest.height,
    bands,
    georeference: place.georeference,
    acquiredAt:
      source.acquiredAt ?? facts?.acquiredAt ?? names.map(timeInName).find((time) => time !== null) ?? null,
    platform:
      source.platform ??
      facts?.platform ??
      (names.some((name) => /sentinel-?2/i.test(name)) ? "sentinel-2" : null),
  };
  const orientation = files.length === 1 ? (finest.orientation ?? 1) : 1;
  return {
    entry: { scene, assets, labels: null, ...(orientation === 1 ? {} : { orientation }) },
    unscaled,
    sample,
    notes: [...notes, ...(sample ? gapsNote(source.id, sample) : [])],
  };
};

/** West, south, east and north in units of the file's system, whichever way its rows run. */
const boxOf = ({ width, height, georeference }: RasterFile) => {
  if (!georeference) return null;
  const [a, b, c, d, e, f] = georeference.transform;
  const xs = [c, c + a * width, c + b * height, c + a * width + b * height];
  const ys = [f, f + d * width, f + e * height, f + d * width + e * height];
  return { west: Math.min(...xs), east: Math.max(...xs), south: Math.min(...ys), north: Math.max(...ys) };
};

/** Whether two files lie side by side: bands of one scene never do, however alike they are called. */
const lieApart = (a: RasterFile, b: RasterFile): boolean => {
  const [one, other] = [boxOf(a), boxOf(b)];
  if (!one || !other || a.georeference?.crs !== b.georeference?.crs) return false;
  // Half a pixel: neighbours touch.
  const [across, down] = [(one.east - one.west) / a.width / 2, (one.north - one.south) / a.height / 2];
  return (
    one.east - across <= other.west ||
    other.east - across <= one.west ||
    one.north - down <= other.south ||
    other.north - down <= one.south
  );
};

/** Files that were taken for bands of one scene by their names alone, each a scene where they turn out to be tiles of a mosaic. */
const splitTiles = (source: EntrySource, files: readonly OpenFile[]): readonly EntrySource[] => {
  const byName = source.files.every(({ told, band }) => told === undefined && band !== null);
  const apart = files.some((a) => files.some((b) => lieApart(a.file, b.file)));
  if (!byName || !apart) return [source];
  return source.files.map((file) => ({
    id: sceneId(basename(file.path).replace(/\.[^.]*$/, "")),
    files: [{ ...file, band: null }],
  }));
};

/** Opens an image and finds its place, in its tags and in files beside it. */
const openPlaced = async (
  path: string,
  access: FileAccess | undefined,
): Promise<Pick<OpenFile, "file" | "place">> => {
  const file = await openRaster(path, access === undefined ? {} : { access });
  try {
    const place = await placeOf(file, access);
    const georeference = place !== null && "georeference" in place ? place.georeference : null;
    return { file: { ...file, georeference }, place };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
};

/**
 * Opens the files of a scene and describes it from what they say. The grid is that of the finest file; bands on another
 * one are left out. Files that lie side by side are scenes of their own. Throws `SwathError("raster")` for a file that cannot be read,
 * `SwathError("dataset")` for a band that two files hold.
 */
export const describeScene = async (
  source: EntrySource,
  options: CatalogueOptions,
): Promise<readonly UnscaledEntry[]> => {
  const files: OpenFile[] = [];
  try {
    const { access } = options;
    // Side by side: from elsewhere each takes a round trip.
    const opened = await Promise.allSettled(
      source.files.map(async (from): Promise<OpenFile> => {
        const facts = await productFacts(from.path, productClues(from.product ?? untoldProduct, access));
        return { ...(await openPlaced(from.path, access)), source: from, facts };
      }),
    );
    for (const result of opened) if (result.status === "fulfilled") files.push(result.value);
    const failed = opened.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    const described: UnscaledEntry[] = [];
    for (const own of splitTiles(source, files)) {
      const theirs = own.files.flatMap((from) =>
        files.filter(({ file }) => file.path === from.path).map((open) => ({ ...open, source: from })),
      );
      described.push(await describeOpen(own, theirs, options));
    }
    return described;
  } finally {
    for (const { file } of files) await file[Symbol.asyncDispose]();
  }
};
