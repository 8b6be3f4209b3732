import { z } from "zod";
import type { Geometry } from "../../pipeline/raster/shapes-meet.ts";
import {
  type CatalogueScene,
  type SceneCatalogue,
  isBehind,
  sceneKey,
  type SceneQuery,
} from "../archive/scene-catalogue.ts";
import { answerJson } from "./answer.ts";
import type { Face } from "./face.ts";
import type { Link } from "./feature-schema.ts";
import { conformanceSchema, geoJson } from "./ogc-documents.ts";
import { operation } from "./operation.ts";
import { HttpProblem } from "./problem.ts";
import { bboxSchema, cursorSchema, datetimeSchema, limitSchema, type TimeSpan } from "./query-parameters.ts";
import { serve } from "./serve-operation.ts";
import {
  catalogueOf,
  catalogueSchema,
  stacCollectionOf,
  stacCollectionSchema,
  stacCollectionsSchema,
  stacConformance,
  stacItemOf,
  stacItemSchema,
  stacPageSchema,
} from "./stac-documents.ts";

/** Scenes, and a way to look for what came or went before they are asked for. */
export interface ScenePort {
  readonly scenes: SceneCatalogue;
  readonly refresh: () => Promise<void>;
}

const point = z.tuple([z.number(), z.number()]).rest(z.number());
const line = z.array(point);
const simple = [
  z.object({ type: z.literal("Point"), coordinates: point }),
  z.object({ type: z.enum(["MultiPoint", "LineString"]), coordinates: line }),
  z.object({ type: z.enum(["MultiLineString", "Polygon"]), coordinates: z.array(line) }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(line)) }),
] as const;
const geometrySchema = z.discriminatedUnion(
  "type",
  [
    ...simple,
    z.object({
      type: z.literal("GeometryCollection"),
      geometries: z.array(z.discriminatedUnion("type", simple)),
    }),
  ],
  "a geometry of GeoJSON",
);

/** `intersects` of a GET request: the geometry as JSON text. */
const geometryText = z
  .string()
  .transform((text, context): Geometry => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = null;
    }
    const parsed = geometrySchema.safeParse(value);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: "a geometry of GeoJSON, as JSON" });
    return z.NEVER;
  })
  .describe("a geometry of GeoJSON, as JSON");

const limit = limitSchema(100, 1000);
const names = z.array(z.string());
const page = { bbox: bboxSchema.optional(), datetime: datetimeSchema.optional(), limit, token: cursorSchema };

const searchBody = z
  .strictObject({
    ...page,
    intersects: geometrySchema.optional(),
    ids: names.optional(),
    collections: names.optional(),
  })
  .describe("bbox, datetime, intersects, ids, collections, limit, token");

const operations = {
  landing: operation({
    method: "get",
    path: "",
    name: "stacLanding",
    summary: "STAC API over the scenes of runs: where to begin",
    query: {},
    answers: { 200: { about: "a catalogue with links to the rest", schema: catalogueSchema } },
  }),
  conformance: operation({
    method: "get",
    path: "/conformance",
    name: "stacConformance",
    summary: "What of the standards is kept",
    query: {},
    answers: { 200: { about: "conformance classes", schema: conformanceSchema } },
  }),
  collections: operation({
    method: "get",
    path: "/collections",
    name: "stacCollections",
    summary: "Collections: each run under each policy",
    query: {},
    answers: { 200: { about: "the collections", schema: stacCollectionsSchema } },
  }),
  collection: operation({
    method: "get",
    path: "/collections/{collection}",
    name: "stacCollection",
    summary: "One run's scenes under one policy",
    query: {},
    answers: { 200: { about: "the collection", schema: stacCollectionSchema } },
  }),
  items: operation({
    method: "get",
    path: "/collections/{collection}/items",
    name: "stacItems",
    summary: "Scenes of a collection, page by page",
    query: page,
    answers: { 200: { about: "a page", type: geoJson, schema: stacPageSchema } },
  }),
  item: operation({
    method: "get",
    path: "/collections/{collection}/items/{item}",
    name: "stacItem",
    summary: "One scene",
    query: {},
    answers: { 200: { about: "the scene", type: geoJson, schema: stacItemSchema } },
  }),
  search: operation({
    method: "get",
    path: "/search",
    name: "stacSearch",
    summary: "Scenes by place, time, name and run",
    query: {
      ...page,
      intersects: geometryText.optional(),
      ids: names.optional(),
      collections: names.optional(),
    },
    answers: { 200: { about: "a page", type: geoJson, schema: stacPageSchema } },
  }),
  searchByPost: operation({
    method: "post",
    path: "/search",
    name: "stacSearchByPost",
    summary: "The same with a body",
    query: {},
    body: searchBody,
    answers: { 200: { about: "a page", type: geoJson, schema: stacPageSchema } },
  }),
};

interface Asked {
  readonly bbox?: SceneQuery["bbox"] | undefined;
  readonly datetime?: TimeSpan | undefined;
  readonly intersects?: Geometry | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly collections?: readonly string[] | undefined;
  readonly limit: number;
  readonly token?: string | undefined;
}

/** STAC API forbids both at once (item-search, "intersects"). */
const queryOf = ({ datetime, ids, collections, ...area }: Asked): SceneQuery => {
  const [bbox, intersects] = [area.bbox ?? null, area.intersects ?? null];
  if (bbox !== null && intersects !== null) {
    throw new HttpProblem(400, {
      what: "a search by bbox and intersects",
      wanted: "one of them",
      got: "both",
      field: "intersects",
    });
  }
  return {
    bbox,
    intersects,
    fromMs: datetime?.fromMs ?? null,
    toMs: datetime?.toMs ?? null,
    ids: ids ?? null,
    collections: collections ?? null,
  };
};

interface ScenePage {
  readonly scenes: readonly CatalogueScene[];
  readonly matched: number;
  /** Where the next page begins, or `null`. */
  readonly next: string | null;
}

const pageOf = (scenes: SceneCatalogue, query: SceneQuery, most: number, after: string): ScenePage => {
  const found = [...scenes.search(query)];
  const rest = after === "" ? found : found.filter((scene) => isBehind(scene, after));
  const taken = rest.slice(0, most);
  const last = taken.at(-1);
  return {
    scenes: taken,
    matched: found.length,
    next: rest.length > taken.length && last !== undefined ? sceneKey(last) : null,
  };
};

const documentOf = (root: string, { scenes, matched }: ScenePage, links: readonly Link[]) => ({
  type: "FeatureCollection",
  features: scenes.map((scene) => stacItemOf(root, scene)),
  links: [{ rel: "root", type: "application/json", href: root }, ...links],
  numberMatched: matched,
  numberReturned: scenes.length,
});

const withToken = (href: string, token: string): string => {
  const url = new URL(href);
  url.searchParams.set("token", token);
  return url.href;
};

const nextLink = (href: string, token: string | null): readonly Link[] =>
  token === null ? [] : [{ rel: "next", type: geoJson, href: withToken(href, token), method: "GET" }];

/** Scenes of finished runs as STAC API 1.0: core, collections, features and item search. */
export const stacFace = ({ scenes, refresh }: ScenePort): Face => ({
  path: "/stac",
  title: "scenes as STAC API",
  operations: Object.values(operations),
  readingPosts: ["/stac/search"],
  routes(router) {
    const rootOf = (url: string): string => new URL("/stac", url).href;
    const scenesOf = (run: string): readonly CatalogueScene[] => {
      if (!scenes.origins().some((origin) => origin.run === run)) {
        throw new HttpProblem(404, {
          what: `no collection "${run}"`,
          hint: "GET /stac/collections lists what there is",
        });
      }
      return [...scenes.search(queryOf({ collections: [run], limit: 0 }))];
    };
    const collectionOf = (root: string, run: string) => {
      const found = scenesOf(run);
      const origin = scenes.origins().find((one) => one.run === run);
      return stacCollectionOf(root, origin ?? { run, policy: "" }, found);
    };
    serve(router, operations.landing, async ({ c }) => {
      await refresh();
      return answerJson(c, catalogueOf(rootOf(c.req.url), scenes.origins()));
    });
    serve(router, operations.conformance, ({ c }) => answerJson(c, { conformsTo: stacConformance }));
    serve(router, operations.collections, async ({ c }) => {
      await refresh();
      const root = rootOf(c.req.url);
      const collections = scenes.origins().map(({ run }) => collectionOf(root, run));
      const links = [
        { rel: "self", type: "application/json", href: `${root}/collections` },
        { rel: "root", type: "application/json", href: root },
      ];
      return answerJson(c, { collections, links });
    });
    serve(router, operations.collection, async ({ c, name }) => {
      await refresh();
      return answerJson(c, collectionOf(rootOf(c.req.url), name("collection")));
    });
    serve(router, operations.items, async ({ c, query, name }) => {
      await refresh();
      const collections = [name("collection")];
      scenesOf(name("collection"));
      const found = pageOf(scenes, queryOf({ ...query, collections }), query.limit, query.token ?? "");
      const root = rootOf(c.req.url);
      return answerJson(c, documentOf(root, found, nextLink(c.req.url, found.next)), { type: geoJson });
    });
    serve(router, operations.item, async ({ c, name }) => {
      await refresh();
      const found = scenesOf(name("collection")).find(({ item }) => item.id === name("item"));
      if (found === undefined) {
        throw new HttpProblem(404, { what: `no scene "${name("item")}" in ${name("collection")}` });
      }
      return answerJson(c, stacItemOf(rootOf(c.req.url), found), { type: geoJson });
    });
    serve(router, operations.search, async ({ c, query }) => {
      await refresh();
      const found = pageOf(scenes, queryOf(query), query.limit, query.token ?? "");
      const root = rootOf(c.req.url);
      return answerJson(c, documentOf(root, found, nextLink(c.req.url, found.next)), { type: geoJson });
    });
    serve(router, operations.searchByPost, async ({ c, body }) => {
      await refresh();
      const found = pageOf(scenes, queryOf(body), body.limit, body.token ?? "");
      const root = rootOf(c.req.url);
      const asked = (await c.req.json()) as Record<string, unknown>;
      const next: readonly Link[] =
        found.next === null
          ? []
          : [
              {
                rel: "next",
                type: geoJson,
                href: `${root}/search`,
                method: "POST",
                body: { ...asked, token: found.next },
              },
            ];
      return answerJson(c, documentOf(root, found, next), { type: geoJson });
    });
  },
});
