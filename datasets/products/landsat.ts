import { basename, dirname, posix } from "node:path";
import { parseInstant } from "../../pipeline/units.ts";
import type { ToldBand } from "../told-band.ts";
import { parseMtl, type Mtl } from "./landsat-mtl.ts";
import type { FactFinder } from "./product-facts.ts";
import type { PartFinder } from "./product-part.ts";

/** `LC09_L2SP_198030_20230603_20230605_02_T1`: sensor, level, path and row, days, collection, tier. */
const productName =
  /(L[COTEM]0[1-9])_(L[12][A-Z]{2})_\d{6}_(\d{4})(\d\d)(\d\d)_\d{8}_(\d\d)_(?:T1|T2|RT|A1|A2)/;
const bandName = /_((?:SR_|ST_)?B\d{1,2}(?:_VCID_\d)?)(?=[._]|$)/i;

const oli: Readonly<Record<string, string>> = {
  B1: "coastal",
  B2: "blue",
  B3: "green",
  B4: "red",
  B5: "nir",
  B6: "swir16",
  B7: "swir22",
  B8: "pan",
  B9: "cirrus",
  B10: "lwir11",
  B11: "lwir12",
};
const thematicMapper: Readonly<Record<string, string>> = {
  B1: "blue",
  B2: "green",
  B3: "red",
  B4: "nir",
  B5: "swir16",
  B6: "lwir",
  B7: "swir22",
  B8: "pan",
};
const multispectralScanner: Readonly<Record<string, string>> = {
  B1: "green",
  B2: "red",
  B3: "nir",
  B4: "nir",
};
const firstScanner: Readonly<Record<string, string>> = { B4: "green", B5: "red", B6: "nir", B7: "nir" };

/** The STAC common names of a sensor's bands: their numbers mean another light on each generation. */
const commonNamesOf = (sensor: string): Readonly<Record<string, string>> => {
  if (/^L[COT]0[89]/.test(sensor)) return oli;
  if (/^L[TE]0[4-7]/.test(sensor)) return thematicMapper;
  return /^LM0[123]/.test(sensor) ? firstScanner : multispectralScanner;
};

/** A band of a file of a Landsat product, e.g. `B4`, `SR_B4`, `ST_B10`; `null` for any other file. */
export const landsatBand = (path: string): string | null => {
  const name = basename(path);
  return productName.test(name) ? (bandName.exec(name)?.[1]?.toUpperCase() ?? null) : null;
};

type Worth = Pick<ToldBand, "scale" | "offset" | "unit">;

/** Collection 2 Level 2, the same for all sensors (https://www.usgs.gov/faqs, "How do I use a scale factor with Landsat Level-2"). */
const surface: Worth = { scale: 2.75e-5, offset: -0.2, unit: "reflectance" };
const temperature: Worth = { scale: 0.00341802, offset: 149, unit: "kelvin" };

const numberIn = (mtl: Mtl | null, group: RegExp, key: string): number | null => {
  const text = mtl?.find((entry) => entry.key === key && group.test(entry.group))?.value;
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
};

const linear = (
  mtl: Mtl | null,
  group: RegExp,
  kind: string,
  band: string,
): readonly [number, number] | null => {
  const scale = numberIn(mtl, group, `${kind}_MULT_BAND_${band}`);
  const offset = numberIn(mtl, group, `${kind}_ADD_BAND_${band}`);
  return scale === null || offset === null ? null : [scale, offset];
};

/** What a count of a level-2 band is worth: the MTL says it, and all of Collection 2 has the same. */
const levelTwo = (mtl: Mtl | null, band: string, collection: string): Worth | null => {
  const isHot = band.startsWith("ST_");
  const told = isHot
    ? linear(mtl, /SURFACE_TEMPERATURE/, "TEMPERATURE", band)
    : linear(mtl, /SURFACE_REFLECTANCE/, "REFLECTANCE", band.replace(/^SR_B/, ""));
  const usual = isHot ? temperature : surface;
  if (told) return { scale: told[0], offset: told[1], unit: usual.unit };
  return collection === "02" ? usual : null;
};

/**
 * What a count of a level-1 band is worth: reflectance at the top of the atmosphere with the sun's height taken out,
 * (M · Q + A) / sin(elevation); radiance where a band has no reflectance. Only the MTL says it.
 */
const levelOne = (mtl: Mtl | null, band: string): Worth | null => {
  const number = band.replace(/^B/, "");
  const elevation = numberIn(mtl, /./, "SUN_ELEVATION");
  const reflectance = linear(mtl, /RADIOMETRIC_RESCALING/, "REFLECTANCE", number);
  if (reflectance && elevation !== null && elevation > 0) {
    const height = Math.sin((elevation * Math.PI) / 180);
    return { scale: reflectance[0] / height, offset: reflectance[1] / height, unit: "reflectance" };
  }
  const radiance = reflectance ? null : linear(mtl, /RADIOMETRIC_RESCALING/, "RADIANCE", number);
  return radiance && { scale: radiance[0], offset: radiance[1], unit: "radiance" };
};

const valueIn = (mtl: Mtl | null, key: string): string | null =>
  mtl?.find((entry) => entry.key === key)?.value ?? null;

/** `LANDSAT_9` → `landsat-9`; from the file name where there is no MTL. */
const platformOf = (mtl: Mtl | null, sensor: string): string =>
  valueIn(mtl, "SPACECRAFT_ID")?.toLowerCase().replaceAll("_", "-") ?? `landsat-${Number(sensor.slice(2))}`;

/**
 * What a file of a Landsat Collection product is worth, by its `…_MTL.json`, `.xml` or `.txt`; level-2 files of Collection 2
 * also without one. `null` for a file that is none.
 */
export const landsatFacts: FactFinder = async (path, clues) => {
  const name = basename(path);
  const product = productName.exec(name);
  const band = landsatBand(path);
  if (!product || band === null) return null;
  const [id, sensor = "", level = "", year, month, day, collection = ""] = product;
  const file = await clues.find(path, new RegExp(`^${id}_MTL\\.(?:json|xml|txt)$`, "i"), 0);
  const mtl = file === null ? null : parseMtl(await clues.read(file), file);
  const worth = level.startsWith("L2") ? levelTwo(mtl, band, collection) : levelOne(mtl, band);
  const commonName = commonNamesOf(sensor)[band.replace(/^S[RT]_|_VCID_\d$/g, "")];
  const missing = `${dirname(path)}: ${mtl ? "the MTL" : `no ${id}_MTL file`} says what a count of ${band} is worth, so it stays a count; --reflectance-scale and --reflectance-offset say it`;
  const time = valueIn(mtl, "SCENE_CENTER_TIME");
  const date = valueIn(mtl, "DATE_ACQUIRED") ?? `${year}-${month}-${day}`;
  return {
    platform: platformOf(mtl, sensor),
    acquiredAt: parseInstant(time ? `${date}T${time}` : `${date}T00:00:00Z`),
    bands: [
      {
        name: band,
        ...(commonName === undefined ? {} : { commonName }),
        ...(worth ?? { scale: 1, offset: 0, unit: "dn" as const }),
        nodata: 0,
      },
    ],
    notes: worth ? [] : [mtl ? missing.replace("says", "does not say") : missing],
  };
};

/** A file of a Landsat product, by its name: bands are imagery; QA_PIXEL, QA_RADSAT, SR_QA_AEROSOL, ST_EMIS, SAA, … are not. */
export const landsatPart: PartFinder = (path) => {
  const [id] = productName.exec(posix.basename(path)) ?? [];
  if (id === undefined) return null;
  const band = landsatBand(path);
  return {
    product: `${posix.dirname(path)}/${id}`,
    name: id,
    role: band === null ? "aside" : "bands",
    band,
    metres: 0,
  };
};
