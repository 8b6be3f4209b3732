import { SwathError } from "../../pipeline/errors.ts";
import type { DetectorInfo } from "../../pipeline/detection/detector.ts";
import type { Band } from "../../pipeline/raster/raster.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { checkUnits } from "./tile-check.ts";

// Sentinel-2 names and the common names of the STAC electro-optical extension. Landsat's B1…B11 are left out: their
// numbering changed between sensors; Landsat scenes bring common names.
const commonNames: ReadonlyMap<string, string> = new Map([
  ["b01", "coastal"],
  ["b02", "blue"],
  ["b03", "green"],
  ["b04", "red"],
  ["b08", "nir"],
  ["b8a", "nir08"],
  ["b09", "nir09"],
  ["b10", "cirrus"],
  ["b11", "swir16"],
  ["b12", "swir22"],
]);

/** Both ways of naming one band: `B04` and `red`. */
const namesOf = (name: string, commonName?: string): ReadonlySet<string> => {
  const lower = name.toLowerCase();
  return new Set([lower, commonNames.get(lower) ?? lower, (commonName ?? lower).toLowerCase()]);
};

const COLOURS = ["red", "green", "blue"];

/**
 * A picture: its first three bands are red, green and blue, whatever they are called. Only for 8-bit scenes none of whose
 * bands says what it is.
 */
const pictureBands = (bands: readonly Band[]): ReadonlyMap<string, string> => {
  const known = new Set([...commonNames.keys(), ...commonNames.values()]);
  const saysNothing = bands.every(
    (b) => b.sampleType === "uint8" && b.commonName === undefined && !known.has(b.name.toLowerCase()),
  );
  if (!saysNothing || bands.length < 3) return new Map();
  return new Map(COLOURS.map((colour, i) => [colour, bands[i]?.name ?? ""]));
};

/**
 * The names that the scene gives to the bands that the model needs, in the model's order; for `SceneReader.readWindow`.
 * Throws `SwathError("model")` when a band is missing or its samples are not what the model computes from: before any
 * pixel is read.
 */
export const bandsFor = (
  info: Pick<DetectorInfo, "name" | "bands" | "units">,
  scene: Pick<Scene, "id" | "bands">,
): readonly string[] => {
  const names = namesFor(info, scene);
  const { units } = info;
  if (units === undefined) return names;
  for (const name of names) {
    const band = scene.bands.find((one) => one.name === name) as Band;
    checkUnits(band, units, `model "${info.name}" in scene "${scene.id}"`);
  }
  return names;
};

/** As `bandNamesOf` of the datasets makes them up for bands that nobody named. */
const nameless = /^band\d+$/;

const namesFor = (
  info: Pick<DetectorInfo, "name" | "bands">,
  scene: Pick<Scene, "id" | "bands">,
): readonly string[] => {
  const picture = pictureBands(scene.bands);
  return info.bands.map((wanted) => {
    const exact = scene.bands.find(({ name }) => name === wanted);
    if (exact) return exact.name;
    const wantedNames = namesOf(wanted);
    const alike = scene.bands.find(({ name, commonName }) => overlap(wantedNames, namesOf(name, commonName)));
    const colour = [...wantedNames].map((name) => picture.get(name)).find((name) => name !== undefined);
    const found = alike?.name ?? colour;
    if (found !== undefined) return found;
    throw new SwathError("model", {
      what: `model "${info.name}" does not fit scene "${scene.id}": band ${wanted} is missing`,
      wanted: `${info.bands.length} bands (${info.bands.join(", ")})`,
      got: `${scene.bands.length} (${scene.bands.map(({ name }) => name).join(", ")})`,
      ...(scene.bands.some(({ name }) => nameless.test(name))
        ? { hint: `name them in the file's order: swath import … --bands ${info.bands.join(",")}` }
        : {}),
    });
  });
};

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [...a].some((name) => b.has(name));
