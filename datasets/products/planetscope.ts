import { basename, posix } from "node:path";
import { timeInName } from "../acquisition-time.ts";
import type { ToldBand } from "../told-band.ts";
import type { FactFinder, ProductClues } from "./product-facts.ts";
import type { PartFinder, ProductPart } from "./product-part.ts";
import { xmlElements } from "./xml-element.ts";

/**
 * `20230603_104129_12_2416_3B_AnalyticMS_SR_8b_clip.tif`, `20230603_104129_12_2416_ortho_analytic_4b_sr.tif`: the scene and what
 * is in the file. https://docs.planet.com/data/imagery/planetscope/
 */
const fileName = /^(\d{8}_\d{6}(?:_\d{1,3})?_[0-9a-z]{4})_(?:[13][AB]_)?(.+)\.g?tiff?$/i;

const bandsByCount: Readonly<Record<number, readonly (readonly [name: string, commonName?: string])[]>> = {
  4: [
    ["blue", "blue"],
    ["green", "green"],
    ["red", "red"],
    ["nir", "nir"],
  ],
  8: [
    ["coastal_blue", "coastal"],
    ["blue", "blue"],
    ["green_i"],
    ["green", "green"],
    ["yellow", "yellow"],
    ["red", "red"],
    ["rededge", "rededge071"],
    ["nir", "nir"],
  ],
};

/** Surface reflectance comes in counts of 1/10,000. */
const surfaceScale = 1e-4;

/** Whether a PlanetScope file holds measurements, a picture to look at, or the usable data mask; `null` for any other file. */
export const planetScopeContent = (
  path: string,
): { readonly scene: string; readonly content: "analytic" | "visual" | "mask" } | null => {
  const [, scene = "", rest = ""] = fileName.exec(basename(path)) ?? [];
  if (/udm/i.test(rest)) return { scene, content: "mask" };
  if (/visual/i.test(rest)) return { scene, content: "visual" };
  return /analytic/i.test(rest) ? { scene, content: "analytic" } : null;
};

/** Reflectance of a count of each band at the top of the atmosphere, from the product's `…_metadata.xml`; `null` without. */
const coefficients = async (
  path: string,
  scene: string,
  clues: ProductClues,
): Promise<readonly number[] | null> => {
  const metadata = await clues.find(path, new RegExp(`^${scene}.*metadata.*\\.xml$`, "i"), 0);
  if (metadata === null) return null;
  const xml = await clues.read(metadata);
  const values = xmlElements(xml, "reflectanceCoefficient").map(({ text }) => Number(text));
  return values.length > 0 && values.every((value) => value > 0) ? values : null;
};

/**
 * What an analytic file of PlanetScope is worth: surface reflectance in counts of 1/10,000; at the top of the atmosphere by the
 * coefficients of its metadata, since its counts are radiance. `null` for a file that is none, or a picture.
 */
export const planetScopeFacts: FactFinder = async (path, clues) => {
  const found = planetScopeContent(path);
  if (found?.content !== "analytic") return null;
  const name = basename(path);
  const bands = bandsByCount[/_8b(?:_|\.)/i.test(name) ? 8 : 4] ?? [];
  const isSurface = /_SR(?:_|\.)/i.test(name);
  const perCount = isSurface ? bands.map(() => surfaceScale) : await coefficients(path, found.scene, clues);
  const fits = perCount?.length === bands.length;
  const missing = `${name}: no ${found.scene}_…_metadata.xml says what a count is worth, so its bands stay counts; --reflectance-scale says it`;
  return {
    platform: "planetscope",
    acquiredAt: timeInName(name),
    bands: bands.map(([band, commonName], i): ToldBand => ({
      name: band,
      ...(commonName === undefined ? {} : { commonName }),
      ...(fits
        ? { scale: perCount[i], offset: 0, unit: "reflectance" }
        : { scale: 1, offset: 0, unit: "dn" }),
      nodata: 0,
    })),
    notes: fits ? [] : [missing],
  };
};

const roles: Readonly<Record<"analytic" | "visual" | "mask", ProductPart["role"]>> = {
  analytic: "bands",
  visual: "picture",
  mask: "aside",
};

/** A file of a PlanetScope scene, by its name: the analytic one is imagery, `udm` and `udm2` are not. */
export const planetScopePart: PartFinder = (path) => {
  const found = planetScopeContent(path);
  if (found === null) return null;
  // Tiles cut from a scene are called like it and go on behind: they are not one scene again.
  const rest = posix.basename(path).replace(/.*(?:analytic|visual|udm2?)\w*?(?=_clip|_\d+\.|\.)/i, "");
  return {
    product: `${posix.dirname(path)}/${found.scene}${rest}`,
    name: posix.basename(path).replace(/\.[^.]*$/, ""),
    role: roles[found.content],
    band: null,
    metres: 0,
  };
};
