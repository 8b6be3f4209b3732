import { SwathError } from "../../pipeline/errors.ts";
import type { DetectorInfo } from "../../pipeline/detection/detector.ts";
import type { Band } from "../../pipeline/raster/raster.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { checkUnits } from "./tile-check.ts";

// Sentinel-2 names and the common names of the STAC electro-optical extension. Landsat's B1…B9 are left out: their
// numbering changed between sensors; Landsat scenes bring common names.
const commonNames: ReadonlyMap<string, string> = new Map([
  ["b01", "coastal"],
  ["b02", "blue"],
  ["b03", "green"],
  ["b04", "red"],
  ["b05", "rededge071"],
  ["b06", "rededge075"],
  ["b07", "rededge078"],
  ["b08", "nir"],
  ["b8a", "nir08"],
  ["b09", "nir09"],
  ["b10", "cirrus"],
  ["b11", "swir16"],
  ["b12", "swir22"],
]);

/** Common names that no Sentinel-2 band has. */
const otherLights = ["rededge", "yellow", "green05", "pan", "lwir", "lwir11", "lwir12", "alpha"];
const lights: ReadonlySet<string> = new Set([...commonNames.values(), ...otherLights]);

/** The light that a name speaks of, as STAC's common name; `null` for a name that says nothing of it. */
const lightOfName = (name: string): string | null => {
  const lower = name.toLowerCase();
  return commonNames.get(lower) ?? (lights.has(lower) ? lower : null);
};

type SceneBand = Pick<Band, "name" | "commonName">;

/** What a band's common name says counts before its own name: Landsat's `B10` is heat, Sentinel-2's is cirrus. */
const lightOf = ({ name, commonName }: SceneBand): string | null =>
  commonName?.toLowerCase() ?? lightOfName(name);

/** Whether two names that models give to bands mean the same light. */
export const isSameBand = (a: string, b: string): boolean => {
  const [one, other] = [lightOfName(a), lightOfName(b)];
  return one === null || other === null ? a.toLowerCase() === b.toLowerCase() : one === other;
};

/** Older files say `rededge`, `nir` and `lwir` where newer ones say which. */
const family = (light: string): string =>
  light === "nir09" ? light : (/^(?:rededge|nir|lwir|green)/.exec(light)?.[0] ?? light);

/** Whether a band may be what its name says: unless both say a light, and these are far apart. */
const mayBe = (wanted: string, band: SceneBand): boolean => {
  const [one, other] = [lightOfName(wanted), lightOf(band)];
  return one === null || other === null || family(one) === family(other);
};

const COLOURS = ["red", "green", "blue"];

/**
 * A picture: its first three bands are red, green and blue, whatever they are called. Only for 8-bit scenes none of whose
 * bands says what it is.
 */
const pictureBands = (bands: readonly Band[]): ReadonlyMap<string, string> => {
  const saysNothing = bands.every(
    (b) => b.sampleType === "uint8" && b.commonName === undefined && lightOfName(b.name) === null,
  );
  if (!saysNothing || bands.length < 3) return new Map();
  return new Map(COLOURS.map((colour, i) => [colour, bands[i]?.name ?? ""]));
};

/**
 * The names that the scene gives to the bands that the model needs, in the model's order; for `SceneReader.readWindow`.
 * A band of the model's name whose light is another one is not taken. Throws `SwathError("model")` when a band is missing, when two
 * could be meant, or when the samples are not what the model computes from: before any pixel is read.
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
  const { bands } = scene;
  const picture = pictureBands(bands);
  const what = `model "${info.name}" does not fit scene "${scene.id}": band`;
  const said = (band: SceneBand): string =>
    band.commonName === undefined ? band.name : `${band.name} (${band.commonName})`;
  return info.bands.map((wanted) => {
    const light = lightOfName(wanted);
    const called = bands.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    const exact = called.find(({ name }) => name === wanted) ?? called[0];
    if (exact && mayBe(wanted, exact)) return exact.name;
    const alike = bands.filter((band) => light !== null && lightOf(band) === light);
    const [found, other] = alike;
    if (found && other) {
      throw new SwathError("model", {
        what: `${what} ${wanted} may be one of ${alike.length}`,
        wanted: `one band of the light "${light}"`,
        got: alike.map(said).join(", "),
        hint: "name the bands in the file's order with --bands",
      });
    }
    const name = found?.name ?? picture.get(light ?? wanted);
    if (name !== undefined) return name;
    if (exact) {
      throw new SwathError("model", {
        what: `${what} ${wanted} is of other light`,
        wanted: `${light}, as Sentinel-2 numbers its bands`,
        got: said(exact),
        hint: `a model of other light names it in its card: "bands": ["${exact.commonName}"]`,
      });
    }
    throw new SwathError("model", {
      what: `${what} ${wanted} is missing`,
      wanted: `${info.bands.length} bands (${info.bands.join(", ")})`,
      got: `${bands.length} (${bands.map(({ name: one }) => one).join(", ")})`,
      ...(bands.some(({ name: one }) => nameless.test(one))
        ? { hint: `name them in the file's order: swath import … --bands ${info.bands.join(",")}` }
        : {}),
    });
  });
};
