/** STAC common names of the Sentinel-2 bands (https://github.com/stac-extensions/eo#common-band-names). */
const commonNames: Readonly<Record<string, string>> = {
  B01: "coastal",
  B02: "blue",
  B03: "green",
  B04: "red",
  B05: "rededge071",
  B06: "rededge075",
  B07: "rededge078",
  B08: "nir",
  B8A: "nir08",
  B09: "nir09",
  B10: "cirrus",
  B11: "swir16",
  B12: "swir22",
};

/** Common names of light that the ground throws back: what reflectance is measured in. */
const reflected = new Set([
  ...Object.values(commonNames),
  "rededge",
  "yellow",
  "green05",
  "pan",
  "nir08",
  "nir09",
]);
const emitted = ["lwir", "lwir11", "lwir12"];
const spectral = new Set([...reflected, ...emitted, "alpha"]);

/** The STAC common name of a band as sensors or people name it; `null` for a name that says nothing of the light. */
export const commonNameOf = (name: string): string | null =>
  commonNames[name.toUpperCase()] ?? (spectral.has(name.toLowerCase()) ? name.toLowerCase() : null);

/**
 * Middles of the ranges that STAC gives its common names, in micrometres, where they do not overlap
 * (https://github.com/stac-extensions/eo#common-band-names).
 */
const middles: readonly (readonly [from: number, to: number, light: string])[] = [
  [0.4, 0.45, "coastal"],
  [0.46, 0.51, "blue"],
  [0.53, 0.585, "green"],
  [0.63, 0.69, "red"],
  [0.695, 0.72, "rededge071"],
  [0.73, 0.75, "rededge075"],
  [0.77, 0.79, "rededge078"],
  [0.8, 0.85, "nir"],
  [0.85, 0.9, "nir08"],
  [0.93, 0.96, "nir09"],
  [1.36, 1.39, "cirrus"],
  [1.55, 1.75, "swir16"],
  [2.05, 2.35, "swir22"],
  [10.4, 11.4, "lwir11"],
  [11.5, 12.6, "lwir12"],
];

/** The common name of a band by its middle wavelength in micrometres; `null` where that could be one of several, or of none. */
export const commonNameAt = (micrometres: number): string | null =>
  middles.find(([from, to]) => micrometres >= from && micrometres < to)?.[2] ?? null;

/** Whether a band of that common name measures reflected light; heat and alpha do not. */
export const isReflected = (commonName: string | undefined): boolean =>
  commonName !== undefined && reflected.has(commonName);

const token =
  /(?<![A-Za-z0-9])(B(?:0?[1-9]|1[0-2]|8A)|red|green|blue|nir|swir(?:16|22)|pan|coastal|cirrus)(?![A-Za-z0-9])/gi;

/** `B2` → `B02`, `RED` → `red`. */
const canonical = (name: string): string =>
  /^B/i.test(name) && name.toLowerCase() !== "blue"
    ? name.toUpperCase().replace(/^B(\d)$/, "B0$1")
    : name.toLowerCase();

/** A file name taken apart: `genoa_2023-07-10_B02.tif` is band `B02` of `genoa_2023-07-10`. */
export interface BandFile {
  readonly band: string;
  /** The name without the band and what follows it. */
  readonly stem: string;
}

/** Finds the band in the name of a file that holds one band; the last match counts. `null` when there is none. */
export const bandInFileName = (fileName: string): BandFile | null => {
  const stem = fileName.replace(/\.[^.]*$/, "");
  const match = [...stem.matchAll(token)].at(-1);
  if (!match?.[1]) return null;
  const rest = (stem.slice(0, match.index) + stem.slice(match.index + match[1].length)).replaceAll(
    /\(raw\)/gi,
    "",
  );
  return { band: canonical(match[1]), stem: rest.replaceAll(/^[\s_.-]+|[\s_.-]+$/g, "") };
};

/** `B1`, `B8A`: a number as several sensors have it. Sentinel-2's own files write two digits. */
const numbered = /^B(?:\d{1,2}|8A)$/i;

/**
 * Whether numbers without a leading zero may be another sensor's: Landsat 8 has near infrared in its B5, Landsat 7 in its B4, Sentinel-2 in its
 * B8. `true` only where neither a band that Sentinel-2 alone has nor the usual choice of its bands tells.
 */
const isAmbiguous = (names: readonly string[]): boolean => {
  const bands = new Set(names.map((name) => name.toUpperCase()).filter((name) => numbered.test(name)));
  const has = (...wanted: readonly string[]): boolean => wanted.every((name) => bands.has(name));
  if ([...bands].some((name) => name.startsWith("B0")) || has("B8A") || has("B12")) return false;
  // Landsat's B8 has pixels of its own, and stands with the others in one file only where all of them do.
  if (has("B8") && !has("B10", "B11")) return false;
  return [...bands].some((name) => !["B2", "B3", "B4"].includes(name));
};

// Landsat counts its bands otherwise than Sentinel-2: its B7 is no red edge.
const landsatName = /(?:^|[^A-Za-z])(?:L[CET]0?[4-9]|HLS\.L)/;
const sentinel2Name = /sentinel-?2|(?:^|[^A-Za-z0-9])(?:S2[A-D]?|T?\d\d[A-Z]{3}|HLS\.S30)[_.]/i;

/** Whether a file, by its name or path, is one of Sentinel-2's. */
export const isOfSentinel2 = (path: string): boolean => sentinel2Name.test(path);

/**
 * The files of one scene, one band each, whose numbers cannot be taken for Sentinel-2's: Landsat's, and those that several sensors have. A
 * list of such numbers, `[]` where all is clear.
 */
export const foreignNumbers = (fileNames: readonly string[]): readonly string[] => {
  const numbers = fileNames.flatMap((name) => {
    const found = [...name.replace(/\.[^.]*$/, "").matchAll(token)].at(-1)?.[1] ?? "";
    return numbered.test(found) ? [found.toUpperCase()] : [];
  });
  const isLandsat = fileNames.some((name) => landsatName.test(name));
  return isLandsat || (!fileNames.some(isOfSentinel2) && isAmbiguous(numbers)) ? numbers : [];
};

/** The light of a band by its description; `null` where that says nothing of it. */
const lightOf = (description: string | null): string | null => {
  const name = nameIn(description?.trim() ?? "");
  return name === null ? null : commonNameOf(name);
};

/** A description as a name: as it is where it is a word, else the one band that it speaks of (`B4 - Red edge` says two: none). */
const nameIn = (description: string): string | null => {
  if (/^[\w.-]+$/.test(description)) {
    return commonNameOf(canonical(description)) ? canonical(description) : description;
  }
  const found = new Set([...description.matchAll(token)].map(([, name = ""]) => canonical(name)));
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
};

/** What tells how a file's bands are named when it names none itself. */
export interface BandLook {
  /** Whether it may be a picture of red, green and blue: 8 bits, or a picture's format. */
  readonly isPicture: boolean;
  /** Which band says how opaque a pixel is; `null` without one. Many writers mark the fourth of any four bands so. */
  readonly alphaBand: number | null;
  /** Whether the file is called as those of Sentinel-2 are. */
  readonly isSentinel2: boolean;
}

/** Names for bands, and those of which the number alone does not say whose they are. */
export interface BandNames {
  readonly names: readonly string[];
  readonly ambiguous: readonly string[];
}

/**
 * Names for the bands of one file, unique: what the file says of each; `alpha` for the band that is; where it says nothing at all, red, green
 * and blue for the first three of a picture with three or four bands; else `band1`, `band2`, … A name that stands twice is none. Numbers that
 * several sensors have stay as they are: `B5`, which is no name of any light.
 */
export const bandNamesOf = (
  descriptions: readonly (string | null)[],
  { isPicture, alphaBand: marked, isSentinel2 }: BandLook,
): BandNames => {
  // Who calls a band near infrared does not mean opacity.
  const alphaBand =
    marked !== null && isReflected(lightOf(descriptions[marked] ?? null) ?? undefined) ? null : marked;
  const words = descriptions.map((description) => description?.trim() ?? "");
  const isOpen = !isSentinel2 && isAmbiguous(words);
  const told = words.map((word, i) =>
    i === alphaBand ? "alpha" : isOpen && numbered.test(word) ? word.toUpperCase() : nameIn(word),
  );
  const once = told.map((name) =>
    name !== null && told.indexOf(name) === told.lastIndexOf(name) ? name : null,
  );
  const saysNothing = told.every((name, i) => name === null || i === alphaBand);
  const colours =
    isPicture && saysNothing && (told.length === 3 || told.length === 4) ? ["red", "green", "blue"] : [];
  const names = once.map((name, i) => name ?? colours[i] ?? `band${i + 1}`);
  // Somebody may have called the first band `band2`.
  return {
    names: new Set(names).size === names.length ? names : descriptions.map((_, i) => `band${i + 1}`),
    ambiguous: isOpen ? words.filter((word) => numbered.test(word)) : [],
  };
};
