import { mkdir, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import {
  type AreaGeometry,
  areaGeometry,
  type BoundingBox,
  boundingBox,
  uniteBoxes,
} from "../../pipeline/raster/area-geometry.ts";
import { footprint } from "../../pipeline/raster/georeference.ts";
import type { Band } from "../../pipeline/raster/raster.ts";
import { formatInstant } from "../../pipeline/units.ts";
import type { Catalogue, SceneAsset, SceneEntry } from "../catalogue.ts";
import { labelsToGeoJson } from "../labels/formats/geojson-labels.ts";

/** How to write an asset's reference into an item that lies in `items/`. */
export type HrefOf = (entry: SceneEntry, asset: SceneAsset) => string;

const stacVersion = "1.0.0";
const extensions = [
  "https://stac-extensions.github.io/eo/v1.1.0/schema.json",
  "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
  "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
];

const mediaTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
};

const rasterBand = ({ sampleType, scale, offset, nodata, unit }: Band): unknown => ({
  data_type: sampleType,
  scale,
  offset,
  unit,
  ...(nodata === null ? {} : { nodata: Number.isNaN(nodata) ? "nan" : nodata }),
});

const assetJson = ({ scene }: SceneEntry, asset: SceneAsset, href: string): unknown => {
  const bands = asset.bands
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ name }) => scene.bands.filter((band) => band.name === name));
  return {
    href,
    type: mediaTypes[extname(asset.path).toLowerCase()] ?? "image/tiff; application=geotiff",
    roles: ["data"],
    "eo:bands": bands.map(({ name, commonName }) => ({
      name,
      ...(commonName ? { common_name: commonName } : {}),
    })),
    "raster:bands": bands.map(rasterBand),
  };
};

const areaOf = ({ scene: { georeference, width, height } }: SceneEntry): AreaGeometry | null =>
  georeference && areaGeometry(footprint(georeference, width, height).slice(0, -1));

/** One scene as a STAC item, its references as they stand in `items/`. Plain data. */
export const itemJson = (entry: SceneEntry, collectionId: string, hrefOf: HrefOf): unknown => {
  const { scene, assets, labels } = entry;
  const { id, width, height, georeference, acquiredAt, platform } = scene;
  const area = areaOf(entry);
  const place = georeference && {
    "proj:code": georeference.crs,
    "proj:transform": georeference.transform,
    // For those few without an EPSG code.
    ...(georeference.crs ? {} : { "swath:proj4": georeference.proj4 }),
  };
  const [only] = assets;
  const keyOf = (asset: SceneAsset): string =>
    asset.bands.length === 1 && asset.bands[0]
      ? asset.bands[0].name
      : asset === only
        ? "data"
        : basename(asset.path);
  return {
    type: "Feature",
    stac_version: stacVersion,
    stac_extensions: extensions,
    id,
    collection: collectionId,
    geometry: area,
    ...(area ? { bbox: boundingBox(area) } : {}),
    properties: {
      datetime: acquiredAt === null ? null : formatInstant(acquiredAt),
      ...(platform ? { platform } : {}),
      "proj:shape": [height, width],
      ...place,
    },
    links: [
      { rel: "root", href: "../collection.json", type: "application/json" },
      { rel: "parent", href: "../collection.json", type: "application/json" },
      { rel: "collection", href: "../collection.json", type: "application/json" },
    ],
    assets: {
      ...Object.fromEntries(
        assets.map((asset) => [keyOf(asset), assetJson(entry, asset, hrefOf(entry, asset))]),
      ),
      ...(labels
        ? { labels: { href: `../labels/${id}.geojson`, type: "application/geo+json", roles: ["labels"] } }
        : {}),
    },
  };
};

/** What a collection says of itself; its scenes say the rest. */
export interface CollectionText {
  readonly id: string;
  readonly description: string;
  /** SPDX identifier, or `other`. */
  readonly license: string;
}

/** The collection that holds the items of `entries`. Plain data. */
export const collectionJson = (
  entries: readonly SceneEntry[],
  { id, description, license }: CollectionText,
): unknown => {
  const times = entries
    .flatMap(({ scene: { acquiredAt } }) => (acquiredAt === null ? [] : [acquiredAt]))
    .sort((a, b) => a - b);
  const [first, last] = [times.at(0), times.at(-1)].map((time) =>
    time === undefined ? null : formatInstant(time),
  );
  const areas = entries.map(areaOf).filter((area) => area !== null);
  // The whole globe when no scene has a place, since a collection must name one.
  const extent: BoundingBox = uniteBoxes(areas.map(boundingBox)) ?? [-180, -90, 180, 90];
  return {
    type: "Collection",
    stac_version: stacVersion,
    id,
    description,
    license,
    extent: {
      spatial: { bbox: [extent] },
      temporal: { interval: [[first ?? null, last ?? null]] },
    },
    links: [
      { rel: "root", href: "./collection.json", type: "application/json" },
      ...entries.map(({ scene }) => ({
        rel: "item",
        href: `./items/${scene.id}.json`,
        type: "application/geo+json",
      })),
    ],
  };
};

const writeJson = (path: string, json: unknown): Promise<void> =>
  writeFile(path, `${JSON.stringify(json, null, 2)}\n`);

/** Writes collection.json, items/ and labels/ into `folder`, which is there. The caller makes that all or nothing. */
export const writeCollection = async (
  folder: string,
  { entries }: Pick<Catalogue, "entries">,
  text: CollectionText,
  hrefOf: HrefOf,
): Promise<void> => {
  await mkdir(join(folder, "items"), { recursive: true });
  if (entries.some(({ labels }) => labels)) await mkdir(join(folder, "labels"), { recursive: true });
  for (const entry of entries) {
    const { scene, labels } = entry;
    await writeJson(join(folder, "items", `${scene.id}.json`), itemJson(entry, text.id, hrefOf));
    if (labels)
      await writeJson(join(folder, "labels", `${scene.id}.geojson`), labelsToGeoJson(labels, scene));
  }
  await writeJson(join(folder, "collection.json"), collectionJson(entries, text));
};
