import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SwathError } from "../../pipeline/errors.ts";
import type { Band } from "../../pipeline/raster/raster.ts";
import { proj4Definition } from "../../pipeline/raster/projection.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { commonNameOf } from "../band-name.ts";
import type { SceneEntry } from "../catalogue.ts";
import { defaultCacheDir } from "../cache-dir.ts";
import { writeGeoTiff } from "../geotiff/geotiff-writer.ts";
import { replaceFolder } from "../../pipeline/atomic-folder.ts";
import { writeCollection } from "../stac/write-collection.ts";
import { renderScene } from "./render.ts";
import { type PlannedScene, planScenes } from "./scene-recipes.ts";
import { reflectanceScale } from "./sensor.ts";
import { bandNames } from "./spectrum.ts";

/** Changes whenever the pixels do: a cache of another version is never taken for this one. */
const version = 1;
const epsg = 32631;
const pixelMetres = 10;

/** Which scenes to render. The same request gives the same pixels. */
export interface HarbourRequest {
  readonly seed: number;
  readonly scenes: number;
  /** Side of the square scenes, in pixels. */
  readonly size: number;
}

const limits = { seed: [0, 2 ** 31 - 1, 7], scenes: [1, 64, 4], size: [512, 4096, 1536] } as const;

/**
 * Reads `builtin:harbour?seed=7&scenes=4&size=1536`; what is not told is as written here.
 * Throws `SwathError("config")` for another name, an unknown key or a number out of range.
 */
export const parseHarbour = (reference: string): HarbourRequest => {
  const [name, query = ""] = reference.split("?", 2);
  if (name !== "builtin:harbour") {
    throw new SwathError("config", {
      what: "no such built-in dataset",
      wanted: "builtin:harbour",
      got: reference,
    });
  }
  const given = new URLSearchParams(query);
  const unknown = [...given.keys()].find((key) => !(key in limits));
  if (unknown !== undefined) {
    const wanted = Object.keys(limits).join(", ");
    throw new SwathError("config", { what: `${reference}: unknown key`, wanted, got: unknown });
  }
  const read = (key: keyof typeof limits): number => {
    const [low, high, usual] = limits[key];
    const text = given.get(key);
    const value = text === null ? usual : text.trim() === "" ? NaN : Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    const wanted = `a whole number from ${low} to ${high}`;
    throw new SwathError("config", { what: `${reference}: ${key}`, wanted, got: `"${text}"` });
  };
  return { seed: read("seed"), scenes: read("scenes"), size: read("size") };
};

const bands: readonly Band[] = bandNames.map((name) => {
  const commonName = commonNameOf(name);
  return {
    name,
    ...(commonName ? { commonName } : {}),
    sampleType: "uint16",
    scale: reflectanceScale,
    offset: 0,
    unit: "reflectance",
    nodata: 0,
  };
});

/** Renders and writes one scene; the file lies at `images/<id>.tif` below `folder`. */
const writeScene = async (folder: string, planned: PlannedScene, seed: number): Promise<SceneEntry> => {
  const { id, recipe, easting, northing, acquiredAt } = planned;
  const { size } = recipe;
  const { planes, labels } = renderScene(recipe, seeded("harbour", version, seed, id));
  const path = join(folder, "images", `${id}.tif`);
  const transform = [pixelMetres, 0, easting, 0, -pixelMetres, northing] as const;
  const grid = { width: size, height: size, planes, bandNames, transform, epsg, acquiredAt };
  await writeGeoTiff(path, {
    ...grid,
    scale: reflectanceScale,
    nodata: 0,
    software: `swath harbour ${version}`,
  });
  const crs = `EPSG:${epsg}`;
  const georeference = { crs, proj4: proj4Definition(crs) ?? "", transform };
  const scene = { id, width: size, height: size, bands, georeference, acquiredAt, platform: "harbour" };
  return { scene, labels, assets: [{ path, bands: bandNames.map((name, index) => ({ name, index })) }] };
};

/**
 * The folder of the rendered dataset that `reference` names, a STAC collection. Rendered into `cacheDir` the first time:
 * whole or not at all, so that a run that is stopped leaves nothing that looks finished.
 * Throws `SwathError("config")` for a reference that is not understood, `SwathError("storage")` when nothing can be written.
 */
export const ensureHarbour = async (reference: string, cacheDir = defaultCacheDir()): Promise<string> => {
  const { seed, scenes, size } = parseHarbour(reference);
  const folder = join(cacheDir, `harbour-v${version}-seed${seed}-scenes${scenes}-size${size}`);
  if (existsSync(join(folder, "collection.json"))) return folder;
  await replaceFolder(folder, "collection.json", async (fresh) => {
    await mkdir(join(fresh, "images"));
    const pending: Promise<SceneEntry>[] = [];
    // The next scene is painted while the thread pool compresses this one; no more than two wait in memory.
    for (const planned of planScenes(scenes, size, seeded("harbour", version, seed))) {
      await pending.at(-2);
      pending.push(writeScene(fresh, planned, seed));
    }
    const entries = await Promise.all(pending);
    const description =
      "Rendered ports, coasts and sea with exact ship labels, in the likeness of Sentinel-2 L2A";
    const text = { id: "harbour", description, license: "CC0-1.0" };
    await writeCollection(fresh, { entries }, text, (_, { path }) => `../images/${path.split("/").at(-1)}`);
  });
  return folder;
};
