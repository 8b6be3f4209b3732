import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SwathError } from "../../pipeline/errors.ts";
import type { Affine } from "../../pipeline/raster/georeference.ts";
import { parseInstant } from "../../pipeline/units.ts";
import { sceneId } from "../catalogue.ts";
import { asWgs84, type CoordinateSystem, type NoPlace } from "../crs/coordinate-system.ts";
import { systemOfCode } from "../crs/epsg-table.ts";
import { type ImagePlace, placeImage } from "../crs/image-place.ts";
import { systemOfWkt } from "../crs/wkt.ts";
import { type EntrySource, isImageFile } from "../scene-entry.ts";
import type { ToldBand } from "../told-band.ts";
import { assetBands, bandNotes } from "./item-bands.ts";
import type { StacAsset, StacItem } from "./schema.ts";

const notPixels = ["thumbnail", "overview", "metadata", "labels", "label"];

/** `my%20scene.tif` → `my scene.tif`; as it is where it is no such text (`100%.tif`). */
const decoded = (href: string): string => {
  try {
    return decodeURIComponent(href);
  } catch (error) {
    if (error instanceof URIError) return href;
    throw error;
  }
};

/**
 * The local file that an asset means; `null` when it lies elsewhere. A reference is a URI, where a space stands as `%20`; many writers put the
 * bare name, so a file that is called so to the letter is meant first.
 */
export const localPath = (href: string, folder: string): string | null => {
  if (href.startsWith("file:")) return fileURLToPath(href);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(href) || href.startsWith("/vsi")) return null;
  const literal = resolve(folder, href);
  return existsSync(literal) ? literal : resolve(folder, decoded(href));
};

interface Candidate {
  readonly path: string | null;
  readonly href: string;
  readonly told: readonly ToldBand[];
  readonly isVisual: boolean;
  /** Smaller is finer. */
  readonly gsd: number;
  readonly asset: StacAsset;
}

const isRaster = ({ roles = [], type = "", href }: StacAsset): boolean =>
  !roles.some((role) => notPixels.includes(role)) && (type.startsWith("image/") || isImageFile(href));

/** One asset a band, the finest; natural-colour pictures only where there is nothing else. */
const choose = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const spectral = candidates.filter(
    ({ told, isVisual }) => !isVisual && told.some(({ name, commonName }) => name ?? commonName),
  );
  const pool = spectral.length > 0 ? spectral : candidates;
  const taken = new Set<string>();
  return pool
    .toSorted((a, b) => a.gsd - b.gsd)
    .filter(({ told }) => {
      const names = told.flatMap(({ name }) => name ?? []);
      if (names.some((name) => taken.has(name))) return false;
      for (const name of names) taken.add(name);
      return true;
    });
};

/** What an item says of where an asset lies. */
const placeInItem = (stac: StacItem, asset: StacAsset): ImagePlace | NoPlace | null => {
  const told = [asset, stac.properties];
  const numbers = told.map((place) => place["proj:transform"]).find((value) => value);
  const epsg = told.map((place) => place["proj:code"] ?? place["proj:epsg"]).find((value) => value);
  const code = typeof epsg === "number" ? `EPSG:${epsg}` : (epsg ?? null);
  const text = told.map((place) => place["swath:proj4"]).find((value) => value);
  const wkt = told.map((place) => place["proj:wkt2"]).find((value) => value);
  const system: CoordinateSystem | NoPlace | null = text
    ? { crs: code, definition: text, shifts: [asWgs84] }
    : code !== null
      ? (systemOfCode(code) ?? { why: `its item's ${code} is not known` })
      : wkt
        ? systemOfWkt(wkt)
        : null;
  if (!numbers) return null;
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0] = numbers;
  const transform: Affine = [a, b, c, d, e, f];
  const [rows = 1, columns = 1] = told.map((place) => place["proj:shape"]).find((value) => value) ?? [];
  return placeImage([{ transform: a * e - b * d === 0 ? null : transform, system }], columns, rows);
};

const refuse = (stac: StacItem, [first]: readonly Candidate[]): SwathError => {
  const what = `STAC item "${stac.id}" has no image that can be read`;
  const wanted = "assets that are local GeoTIFF, JPEG 2000, PNG, JPEG or WebP files";
  if (!first) {
    return new SwathError("dataset", {
      what,
      wanted,
      got: Object.keys(stac.assets).join(", ") || "no assets",
    });
  }
  if (first.path === null) {
    const hint = "download the assets and point their href at the files";
    return new SwathError("dataset", { what, wanted, got: first.href, hint });
  }
  const got = existsSync(first.path)
    ? `${first.href}, a format that is not read`
    : `${first.href}, which is not there`;
  return new SwathError("dataset", { what, wanted, got });
};

/**
 * What a STAC item says of its scene. `folder` is where its relative references start.
 * Throws `SwathError("dataset")` when none of its assets is an image on this machine.
 */
export const itemSource = (stac: StacItem, folder: string): EntrySource => {
  const candidates = Object.entries(stac.assets)
    .filter(([, asset]) => isRaster(asset))
    .map(([key, asset]): Candidate => {
      const [rows = 0] = asset["proj:shape"] ?? [];
      return {
        path: localPath(asset.href, folder),
        href: asset.href,
        told: assetBands(stac, key, asset),
        isVisual: key.startsWith("visual") || (asset.roles ?? []).includes("visual"),
        gsd: rows > 0 ? 1 / rows : (asset.gsd ?? 0),
        asset,
      };
    });
  const usable = candidates.filter(({ path }) => path !== null && isImageFile(path) && existsSync(path));
  const chosen = choose(usable);
  const [finest] = chosen;
  if (!finest) throw refuse(stac, candidates);
  const { datetime, start_datetime, platform } = stac.properties;
  const files = chosen.flatMap(({ path, told }) =>
    path ? [{ path, band: null, ...(told.length > 0 ? { told } : {}) }] : [],
  );
  return {
    id: sceneId(stac.id),
    files,
    notes: bandNotes(stac),
    acquiredAt: parseInstant(datetime ?? start_datetime ?? ""),
    platform: platform ?? null,
    place: placeInItem(stac, finest.asset),
  };
};

/** The label file that an item names, `null` when it names none. */
export const labelPath = (stac: StacItem, folder: string): string | null => {
  const found = Object.entries(stac.assets).find(
    ([key, { roles = [] }]) => key === "labels" || roles.includes("labels") || roles.includes("label"),
  );
  return found ? localPath(found[1].href, folder) : null;
};
