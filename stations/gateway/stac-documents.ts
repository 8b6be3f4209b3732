import { formatCountOf } from "../../pipeline/format.ts";
import { z } from "zod";
import type { CatalogueScene } from "../archive/scene-catalogue.ts";
import type { ResultOrigin } from "../archive/record-message.ts";
import { type BoundingBox, uniteBoxes } from "../../pipeline/raster/area-geometry.ts";
import { formatInstant, instant } from "../../pipeline/units.ts";
import { areaSchema, type Link, linkSchema } from "./feature-schema.ts";
import { geoJson } from "./ogc-documents.ts";
import { openApiType } from "./open-api.ts";

const stacVersion = "1.0.0";
const json = "application/json";

/** What of STAC API 1.0 is kept. */
export const stacConformance: readonly string[] = [
  "https://api.stacspec.org/v1.0.0/core",
  "https://api.stacspec.org/v1.0.0/collections",
  "https://api.stacspec.org/v1.0.0/ogcapi-features",
  "https://api.stacspec.org/v1.0.0/item-search",
  "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
  "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

/** The landing page: a STAC catalogue. */
export const catalogueSchema = z.object({
  type: z.literal("Catalog"),
  stac_version: z.literal(stacVersion),
  id: z.string(),
  title: z.string(),
  description: z.string(),
  conformsTo: z.array(z.string()),
  links: z.array(linkSchema),
});
/** One run's scenes under one policy. */
export const stacCollectionSchema = z.object({
  type: z.literal("Collection"),
  stac_version: z.literal(stacVersion),
  id: z.string(),
  title: z.string(),
  description: z.string(),
  license: z.string(),
  extent: z.object({
    spatial: z.object({ bbox: z.array(z.array(z.number())) }),
    temporal: z.object({ interval: z.array(z.array(z.string().nullable())) }),
  }),
  links: z.array(linkSchema),
});
/** All collections. */
export const stacCollectionsSchema = z.object({
  collections: z.array(stacCollectionSchema),
  links: z.array(linkSchema),
});
/** A scene. */
export const stacItemSchema = z.looseObject({
  type: z.literal("Feature"),
  stac_version: z.string(),
  id: z.string(),
  collection: z.string(),
  geometry: areaSchema.nullable(),
  bbox: z.array(z.number()).optional(),
  properties: z.looseObject({ datetime: z.string().nullable() }),
  links: z.array(linkSchema),
  assets: z.record(z.string(), z.looseObject({ href: z.string() })),
});
/** A page of scenes. */
export const stacPageSchema = z.object({
  type: z.literal("FeatureCollection"),
  features: z.array(stacItemSchema),
  links: z.array(linkSchema),
  numberMatched: z.int().min(0),
  numberReturned: z.int().min(0),
});

/** The landing page; `root` is `http://host/stac`. */
export const catalogueOf = (
  root: string,
  origins: readonly ResultOrigin[],
): z.infer<typeof catalogueSchema> => ({
  type: "Catalog",
  stac_version: stacVersion,
  id: "swath",
  title: "Swath scenes",
  description: "Scenes that satellites took in the runs that are here, with what was detected in them",
  conformsTo: [...stacConformance],
  links: [
    { rel: "self", type: json, href: root },
    { rel: "root", type: json, href: root },
    { rel: "conformance", type: json, href: `${root}/conformance` },
    { rel: "data", type: json, href: `${root}/collections` },
    { rel: "search", type: geoJson, href: `${root}/search`, method: "GET" },
    { rel: "search", type: geoJson, href: `${root}/search`, method: "POST" },
    { rel: "service-desc", type: openApiType, href: new URL("/api/openapi.json", root).href },
    ...origins.map(({ run }) => ({ rel: "child", type: json, href: `${root}/collections/${run}` })),
  ],
});

/** A run's scenes as a collection. */
export const stacCollectionOf = (
  root: string,
  { run, policy }: ResultOrigin,
  scenes: readonly CatalogueScene[],
): z.infer<typeof stacCollectionSchema> => {
  const boxes = scenes.flatMap(({ item }) => (item.bbox ? [item.bbox as unknown as BoundingBox] : []));
  const from = scenes.reduce((so, { fromMs }) => Math.min(so, fromMs), Infinity);
  const to = scenes.reduce((so, { toMs }) => Math.max(so, toMs), -Infinity);
  const text = (ms: number): string | null =>
    Number.isFinite(ms) ? formatInstant(instant(ms / 1000)) : null;
  const here = `${root}/collections/${run}`;
  return {
    type: "Collection",
    stac_version: stacVersion,
    id: run,
    title: run,
    description: `${formatCountOf(scenes.length, "scene")} under the policy ${policy}`,
    license: "other",
    extent: {
      spatial: { bbox: [[...(uniteBoxes(boxes) ?? [-180, -90, 180, 90])]] },
      temporal: { interval: [[text(from), text(to)]] },
    },
    links: [
      { rel: "self", type: json, href: here },
      { rel: "root", type: json, href: root },
      { rel: "parent", type: json, href: root },
      { rel: "items", type: geoJson, href: `${here}/items` },
    ],
  };
};

/** The detections of one scene as a file. */
const exportOf = (root: string, run: string, scene: string, format: string): string => {
  const url = new URL("/api/detections/export", root);
  for (const [name, value] of Object.entries({ format, run, scene })) url.searchParams.set(name, value);
  return url.href;
};

/** Imagery that a client can reach; paths on the machine that flew the run are nobody else's. */
const sourcesOf = (links: CatalogueScene["item"]["links"]): readonly string[] =>
  links.flatMap(({ rel, href }) => (rel === "derived_from" && /^https?:\/\//i.test(href) ? [href] : []));

const imageTypes: Readonly<Record<string, string>> = {
  tif: "image/tiff; application=geotiff",
  tiff: "image/tiff; application=geotiff",
  jp2: "image/jp2",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
};

const imageryAssets = (sources: readonly string[]) =>
  Object.fromEntries(
    sources.flatMap((href, i) => {
      const ending = /\.(\w+)$/.exec(new URL(href).pathname)?.[1]?.toLowerCase() ?? "";
      const type = imageTypes[ending];
      if (type === undefined) return [];
      return [[`imagery-${i + 1}`, { href, type, title: "The imagery itself", roles: ["data"] }]];
    }),
  );

/** A scene as the API has it: addresses of this server in place of files beside each other. */
export const stacItemOf = (
  root: string,
  { origin: { run }, item }: CatalogueScene,
): z.infer<typeof stacItemSchema> => {
  const { links: written, assets: _files, ...rest } = item;
  const collection = `${root}/collections/${run}`;
  const sources = sourcesOf(written);
  const links: Link[] = [
    { rel: "self", type: geoJson, href: `${collection}/items/${encodeURIComponent(item.id)}` },
    { rel: "root", type: json, href: root },
    { rel: "parent", type: json, href: collection },
    { rel: "collection", type: json, href: collection },
    ...sources.map((href) => ({ rel: "derived_from", href })),
  ];
  return {
    ...rest,
    collection: run,
    links,
    assets: {
      geojson: {
        href: exportOf(root, run, item.id, "geojson"),
        type: geoJson,
        title: "Detections in this scene",
        roles: ["data"],
      },
      geoparquet: {
        href: exportOf(root, run, item.id, "geoparquet"),
        type: "application/vnd.apache.parquet",
        title: "The same as GeoParquet",
        roles: ["data"],
      },
      ...imageryAssets(sources),
    },
  };
};
