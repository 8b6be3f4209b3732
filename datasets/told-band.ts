import type { Band } from "../pipeline/raster/raster.ts";
import { bandNamesOf, isOfSentinel2 } from "./band-name.ts";
import type { RasterFile } from "./geotiff/raster-file.ts";

/** What a dataset says of a band besides the file; anything absent is as the file has it. */
export interface ToldBand {
  /** Absent where the dataset says something of the band, but not its name. */
  readonly name?: string | undefined;
  readonly commonName?: string | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  readonly nodata?: number | null | undefined;
  readonly unit?: Band["unit"] | undefined;
}

/**
 * What a unit as files write it means here: `undefined` where it says nothing (none, "1"), `dn` for one that is neither reflectance nor
 * radiance nor kelvin: metres of an elevation, decibels.
 */
export const unitOf = (text: string | null | undefined): Band["unit"] | undefined => {
  const unit = text?.trim().toLowerCase() ?? "";
  if (unit === "" || unit === "1" || unit === "none" || unit === "unitless") return undefined;
  if (/^(?:surface |toa |boa |bottom of atmosphere |top of atmosphere )?reflectance$/.test(unit))
    return "reflectance";
  if (/^(?:k|kelvin|degrees? kelvin)$/.test(unit)) return "kelvin";
  return /radiance|^m?w\b.*sr|^m?w\/.*sr/.test(unit) ? "radiance" : "dn";
};

/** A band with a name, unique in its file. */
export interface NamedBand extends ToldBand {
  readonly name: string;
}

/** What is said of the bands of one file, by whom. */
export interface BandSayings {
  /** By the dataset (a STAC item), in file order. */
  readonly told: readonly ToldBand[];
  /** By the user: `--bands`. */
  readonly wished: readonly string[];
  /** By the name of a file that holds one band. */
  readonly fileName: string | null;
  /** By the product that the file is part of. */
  readonly product: readonly ToldBand[];
}

/** Bands with the names that the user gave, and notes for the user. */
export interface NamedBands {
  readonly bands: readonly NamedBand[];
  /** What did not fit, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * `said`, band by band, as far as it can be known which band is meant: all when the counts agree; when fewer are named than the file has,
 * the first ones, since alpha and quality bands stand last. When more are named, nobody can say which of them the file holds.
 */
const alignTo = <T>(count: number, said: readonly T[]): readonly T[] => (said.length > count ? [] : said);

const misfit = (who: string, path: string, said: number, count: number): readonly string[] =>
  said === 0 || said === count
    ? []
    : [
        `${path}: ${who} ${said} band${said === 1 ? "" : "s"} where the file has ${count}: ` +
          (said > count ? "passed over" : `taken for the first ${said}`),
      ];

/** Alpha says how opaque a pixel is; a name that somebody gives to the colours is not for it. */
const withoutAlpha = ({ bands, alphaBand }: RasterFile): number => bands.length - (alphaBand == null ? 0 : 1);

const isPicture = ({ sampleType, path }: RasterFile): boolean =>
  sampleType === "uint8" || !/\.g?tiff?$/i.test(path);

/** The first name that is there and not yet taken. */
const firstFree = (taken: ReadonlySet<string>, names: readonly (string | undefined)[]): string | undefined =>
  names.find((name) => name !== undefined && name !== "" && !taken.has(name));

/**
 * Names the bands of one file and gathers what is said of each: the user's names win, then the dataset's, the file name's, the product's
 * and the file's own descriptions. A list whose count does not fit takes nothing from the others.
 */
export const nameBands = (file: RasterFile, { told, wished, fileName, product }: BandSayings): NamedBands => {
  const count = file.bands.length;
  const colours = withoutAlpha(file);
  const fits = (said: number): boolean => said === count || said === colours;
  const [saidBands, wishes, products] = [
    alignTo(count, told),
    alignTo(count, wished),
    alignTo(count, product),
  ];
  const own = bandNamesOf(
    file.bands.map(({ description }) => description),
    { isPicture: isPicture(file), alphaBand: file.alphaBand ?? null, isSentinel2: isOfSentinel2(file.path) },
  );
  const notes = [
    ...(fits(told.length) ? [] : misfit("the item names", file.path, told.length, count)),
    // One name on the command line for many files of one band each would be no name at all.
    ...(fits(wished.length) ? [] : misfit("--bands names", file.path, wished.length, count)),
  ];
  const nobodySays = saidBands.length + wishes.length + products.length === 0 && fileName === null;
  if (own.ambiguous.length > 0 && nobodySays) {
    notes.push(
      `${file.path}: ${own.ambiguous.join(", ")} are numbers that several sensors have, so nothing is known of their light; --bands names them`,
    );
  }
  const taken = new Set<string>();
  const bands = file.bands.map((_, i): NamedBand => {
    const said = saidBands[i] ?? {};
    const wish =
      count > 1 || (told.length === 0 && fileName === null && product.length === 0) ? wishes[i] : undefined;
    const ofFile = count === 1 ? (fileName ?? undefined) : undefined;
    const fromProduct = products[i] ?? {};
    const candidates = [
      wish,
      said.name,
      fromProduct.name,
      ofFile,
      own.names[i],
      said.commonName,
      `band${i + 1}`,
    ];
    const name = firstFree(taken, candidates) ?? `band${i + 1}-${i + 1}`;
    taken.add(name);
    // What the item or the product says of another name than the user's is not said of this band.
    const commonName = wish === undefined ? (said.commonName ?? fromProduct.commonName) : undefined;
    return { ...said, commonName, name };
  });
  return { bands, notes };
};
