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

const spectral = new Set([
  ...Object.values(commonNames),
  "rededge",
  "pan",
  "lwir",
  "lwir11",
  "lwir12",
  "alpha",
]);

/** The STAC common name of a band as sensors or people name it; `null` for a name that says nothing of the light. */
export const commonNameOf = (name: string): string | null =>
  commonNames[name.toUpperCase()] ?? (spectral.has(name.toLowerCase()) ? name.toLowerCase() : null);

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

/**
 * Names for the bands of one file, unique: what the file says of them, else red, green, blue (and alpha) for the
 * three or four 8-bit bands of a picture, else `band1`, `band2`, …
 */
export const bandNamesOf = (
  descriptions: readonly (string | null)[],
  isPicture: boolean,
): readonly string[] => {
  const told = descriptions.map((description) => description?.trim() ?? "");
  if (told.every((name) => /^[\w.-]+$/.test(name)) && new Set(told).size === told.length) {
    return told.map((name) => (commonNameOf(canonical(name)) ? canonical(name) : name));
  }
  if (isPicture && (told.length === 3 || told.length === 4))
    return ["red", "green", "blue", "alpha"].slice(0, told.length);
  return told.map((_, i) => `band${i + 1}`);
};
