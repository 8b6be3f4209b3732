import { existsSync } from "node:fs";
import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { Affine } from "../../pipeline/raster/georeference.ts";
import { parseInstant } from "../../pipeline/units.ts";
import type { Access, Origin } from "../access.ts";
import { sceneId } from "../catalogue.ts";
import { asWgs84, type CoordinateSystem, type NoPlace } from "../crs/coordinate-system.ts";
import { systemOfCode } from "../crs/epsg-table.ts";
import { type ImagePlace, placeImage } from "../crs/image-place.ts";
import { systemOfWkt } from "../crs/wkt.ts";
import { OutsideError } from "../files/local-href.ts";
import { isRemote, printable } from "../files/location.ts";
import { type EntrySource, isImageFile } from "../scene-entry.ts";
import type { ToldBand } from "../told-band.ts";
import { commonNameOf, isReflected } from "../band-name.ts";
import { assetBands, bandNotes, isOffsetApplied, sentinel2Baseline } from "./item-bands.ts";
import type { StacAsset, StacItem } from "./schema.ts";

const notPixels = ["thumbnail", "overview", "metadata", "labels", "label"];

interface Candidate {
  /** Where it lies, or why that cannot be followed. */
  readonly place: { readonly location: string } | { readonly error: SwathError };
  /** To print. */
  readonly href: string;
  readonly told: readonly ToldBand[];
  readonly isVisual: boolean;
  /** Smaller is finer. */
  readonly gsd: number;
  readonly asset: StacAsset;
}

/** Files beside an image that say something of it: place, mask, what its values are worth. */
const isSidecar = ({ href }: StacAsset): boolean =>
  /\.(?:aux\.xml|msk|ovr|prj|wld|[a-z]{2}w|tifw|jp2w|jpegw|jpgw|pngw)(?:[?#]|$)/i.test(href);

const isRaster = (asset: StacAsset): boolean => !isSidecar(asset) && isPixels(asset);

const isPixels = ({ roles = [], type = "", href }: StacAsset): boolean =>
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
  const wanted = "assets that are GeoTIFF, JPEG 2000, PNG, JPEG or WebP files";
  if (!first) {
    return new SwathError("dataset", {
      what,
      wanted,
      got: Object.keys(stac.assets).join(", ") || "no assets",
    });
  }
  if ("error" in first.place) {
    return new SwathError("dataset", {
      what,
      wanted,
      got: first.place.error.message,
      cause: first.place.error,
    });
  }
  const got =
    isRemote(first.place.location) || existsSync(first.place.location)
      ? `${first.href}, a format that is not read`
      : `${first.href}, which is not there`;
  return new SwathError("dataset", { what, wanted, got });
};

/** Where `href` leads. What a document may not name is thrown; what is not read is told. */
const placeOf = (href: string, access: Access, origin: Origin): Candidate["place"] => {
  try {
    return { location: access.follow(href, origin) };
  } catch (error) {
    if (!isSwathError(error) || error instanceof OutsideError) throw error;
    return { error };
  }
};

/** True where there is a file to be opened; whether one from elsewhere is there shows when it is. */
const isUsable = ({ place, asset }: Candidate): boolean =>
  "location" in place &&
  (isRemote(place.location)
    ? isImageFile(place.location) || /^image\/(?:tiff|png|jpeg|webp)/.test(asset.type ?? "")
    : isImageFile(place.location) && existsSync(place.location));

/** Files of a product that say what its counts are worth: `MTD_MSIL2A.xml`, `…_MTL.json`, `…_metadata.xml`. */
const metadataOf = (stac: StacItem, access: Access, origin: Origin): readonly string[] =>
  Object.values(stac.assets)
    .filter(({ href }) => /(?:MTD_MSIL\w+|MTL|metadata\w*)\.(?:xml|json|txt)(?:[?#]|$)/i.test(href))
    .flatMap(({ href }) => {
      const place = placeOf(href, access, origin);
      return "location" in place && (isRemote(place.location) || existsSync(place.location))
        ? [place.location]
        : [];
    });

const namesOf = ({ told }: Candidate): readonly string[] => told.flatMap(({ name }) => name ?? []);

/** Bands that the item has, and that none of the chosen files holds. */
const missingBands = (
  id: string,
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
): readonly string[] => {
  const held = new Set(chosen.flatMap(namesOf));
  const lost = candidates.filter((candidate) => !isUsable(candidate) && !candidate.isVisual);
  const names = [...new Set(lost.flatMap(namesOf))];
  const missing = names.filter((name) => !held.has(name));
  const [first] = lost.filter((candidate) => namesOf(candidate).some((name) => missing.includes(name)));
  if (first === undefined) return [];
  const reason =
    "error" in first.place ? first.place.error.message : `${first.href} is not there, or not read`;
  return [`scene "${id}": ${missing.join(", ")} left out: ${reason}`];
};

/**
 * What a STAC item says of its scene. `origin` is the document that its references start from.
 * Throws `SwathError("dataset")` when none of its assets is an image that can be read, or one is where the item may not
 * reach.
 */
export const itemSource = (stac: StacItem, access: Access, origin: Origin): EntrySource => {
  // From now on these are known to be there: a reader that comes to their images takes them along.
  for (const asset of Object.values(stac.assets).filter(isSidecar)) placeOf(asset.href, access, origin);
  const candidates = Object.entries(stac.assets)
    .filter(([, asset]) => isRaster(asset))
    .map(([key, asset]): Candidate => {
      const [rows = 0] = asset["proj:shape"] ?? [];
      return {
        place: placeOf(asset.href, access, origin),
        href: printable(asset.href),
        told: assetBands(stac, key, asset),
        isVisual: key.startsWith("visual") || (asset.roles ?? []).includes("visual"),
        gsd: rows > 0 ? 1 / rows : (asset.gsd ?? 0),
        asset,
      };
    });
  const chosen = choose(candidates.filter(isUsable));
  const [finest] = chosen;
  if (!finest) throw refuse(stac, candidates);
  const { datetime, start_datetime, platform } = stac.properties;
  const baseline = sentinel2Baseline(stac);
  const metadata = metadataOf(stac, access, origin);
  const files = chosen.flatMap(({ place, told, isVisual }) => {
    if (!("location" in place)) return [];
    const [{ name, commonName } = {}] = told;
    const isLight =
      !isVisual && told.length === 1 && isReflected(commonName ?? commonNameOf(name ?? "") ?? undefined);
    const product = {
      band: isLight ? (name ?? commonName ?? null) : null,
      baseline,
      isOffsetApplied: isOffsetApplied(stac),
      metadata,
    };
    return [{ path: place.location, band: null, product, ...(told.length > 0 ? { told } : {}) }];
  });
  const id = sceneId(stac.id);
  return {
    id,
    files,
    notes: [...missingBands(id, candidates, chosen), ...bandNotes(stac)],
    acquiredAt: parseInstant(datetime ?? start_datetime ?? ""),
    platform: platform ?? null,
    place: placeInItem(stac, finest.asset),
  };
};

/** Where the labels lie that an item names, `null` when it names none. Throws as `itemSource` does. */
export const labelLocation = (stac: StacItem, access: Access, origin: Origin): string | null => {
  const found = Object.entries(stac.assets).find(
    ([key, { roles = [] }]) => key === "labels" || roles.includes("labels") || roles.includes("label"),
  );
  return found ? access.follow(found[1].href, origin) : null;
};
