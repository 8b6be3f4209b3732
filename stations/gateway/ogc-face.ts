import { z } from "zod";
import type { DetectionArchive } from "../archive/detection-archive.ts";
import type { DetectionQuery } from "../archive/detection-query.ts";
import { answerJson } from "./answer.ts";
import type { Face } from "./face.ts";
import { detectionCollectionSchema, detectionFeatureSchema, type Link } from "./feature-schema.ts";
import {
  allRuns,
  collectionSchema,
  collectionsOf,
  collectionsSchema,
  conformanceSchema,
  geoJson,
  landingPage,
  landingSchema,
  ogcConformance,
  queryablesOf,
} from "./ogc-documents.ts";
import { operation } from "./operation.ts";
import { HttpProblem } from "./problem.ts";
import { bboxSchema, cursorSchema, datetimeSchema, limitSchema } from "./query-parameters.ts";
import { serve } from "./serve-operation.ts";

/** An archive that looks for what came or went before it is asked. */
export interface ArchivePort {
  readonly archive: DetectionArchive;
  readonly refresh: () => Promise<void>;
}

/** The one format that there is. */
const format = { f: z.literal("json", "json").optional().describe("json, which is all there is") };

const itemsQuery = {
  ...format,
  bbox: bboxSchema.optional(),
  datetime: datetimeSchema.optional(),
  limit: limitSchema(100, 10_000),
  class: z.array(z.string()).optional().describe("classes, separated by commas"),
  min_score: z
    .number("a score from 0 to 1")
    .min(0, "a score from 0 to 1")
    .max(1, "a score from 0 to 1")
    .default(0)
    .describe("scores from here on"),
  cursor: cursorSchema,
};

const operations = {
  landing: operation({
    method: "get",
    path: "",
    name: "ogcLanding",
    summary: "OGC API – Features over detections: where to begin",
    query: format,
    answers: { 200: { about: "links to the rest", schema: landingSchema } },
  }),
  conformance: operation({
    method: "get",
    path: "/conformance",
    name: "ogcConformance",
    summary: "What of the standard is kept",
    query: format,
    answers: { 200: { about: "conformance classes", schema: conformanceSchema } },
  }),
  api: operation({
    method: "get",
    path: "/api",
    name: "ogcApi",
    summary: "The description of the API",
    query: format,
    answers: { 302: { about: "to /api/openapi.json" } },
  }),
  collections: operation({
    method: "get",
    path: "/collections",
    name: "ogcCollections",
    summary: "Collections: all runs together, and each run",
    query: format,
    answers: { 200: { about: "the collections", schema: collectionsSchema } },
  }),
  collection: operation({
    method: "get",
    path: "/collections/{collection}",
    name: "ogcCollection",
    summary: "One collection: extent, time, links",
    query: format,
    answers: { 200: { about: "the collection", schema: collectionSchema } },
  }),
  queryables: operation({
    method: "get",
    path: "/collections/{collection}/queryables",
    name: "ogcQueryables",
    summary: "What items may be filtered by",
    query: format,
    answers: { 200: { about: "a JSON Schema", type: "application/schema+json", schema: z.looseObject({}) } },
  }),
  items: operation({
    method: "get",
    path: "/collections/{collection}/items",
    name: "ogcItems",
    summary: "Detections of a collection as GeoJSON, page by page",
    query: itemsQuery,
    answers: { 200: { about: "a page", type: geoJson, schema: detectionCollectionSchema } },
  }),
  item: operation({
    method: "get",
    path: "/collections/{collection}/items/{feature}",
    name: "ogcItem",
    summary: "One detection",
    query: format,
    answers: { 200: { about: "the detection", type: geoJson, schema: detectionFeatureSchema } },
  }),
};

const unknownCollection = (id: string): HttpProblem =>
  new HttpProblem(404, { what: `no collection "${id}"`, hint: "GET /ogc/collections lists what there is" });

/** Detections as OGC API – Features 1.0, core and GeoJSON (17-069r4): QGIS and GDAL read it as it is. */
export const ogcFace = ({ archive, refresh }: ArchivePort): Face => ({
  path: "/ogc",
  title: "detections as OGC API – Features",
  operations: Object.values(operations),
  routes(router) {
    const rootOf = (url: string): string => new URL("/ogc", url).href;
    /** The runs of a collection; `null` for all. Throws where there is none of that name. */
    const runsOf = (id: string): readonly string[] | null => {
      if (id === allRuns) return null;
      if (!archive.runs().some(({ run }) => run === id)) throw unknownCollection(id);
      return [id];
    };
    serve(router, operations.landing, ({ c }) => answerJson(c, landingPage(rootOf(c.req.url))));
    serve(router, operations.conformance, ({ c }) => answerJson(c, { conformsTo: ogcConformance }));
    serve(router, operations.api, ({ c }) => c.redirect("/api/openapi.json", 302));
    serve(router, operations.collections, async ({ c }) => {
      await refresh();
      const root = rootOf(c.req.url);
      return answerJson(c, {
        collections: collectionsOf(root, archive.runs()),
        links: [{ rel: "self", type: "application/json", href: `${root}/collections` }],
      });
    });
    serve(router, operations.collection, async ({ c, name }) => {
      await refresh();
      const found = collectionsOf(rootOf(c.req.url), archive.runs()).find(
        ({ id }) => id === name("collection"),
      );
      if (found === undefined) throw unknownCollection(name("collection"));
      return answerJson(c, found);
    });
    serve(router, operations.queryables, async ({ c, name }) => {
      await refresh();
      const runs = runsOf(name("collection"));
      const classes = archive
        .runs()
        .filter(({ run }) => runs?.includes(run) ?? true)
        .flatMap((one) => one.classes);
      const known = [...new Set(classes)].toSorted();
      return answerJson(c, queryablesOf(rootOf(c.req.url), name("collection"), known), {
        type: "application/schema+json",
      });
    });
    serve(router, operations.items, async ({ c, query, name }) => {
      await refresh();
      const { bbox = null, datetime, min_score: minScore, limit, cursor = null } = query;
      const asked: DetectionQuery = {
        bbox,
        fromMs: datetime?.fromMs ?? null,
        toMs: datetime?.toMs ?? null,
        classes: query.class ?? null,
        minScore,
        runs: runsOf(name("collection")),
        scenes: null,
      };
      const page = archive.page(asked, limit, cursor);
      if (page === null) {
        throw new HttpProblem(400, {
          what: "the cursor holds no longer",
          wanted: "that of a next link, while its run is here and not put in order since",
          got: `"${cursor}"`,
          hint: "begin with the first page",
          field: "cursor",
        });
      }
      const here = new URL(c.req.url);
      const links: Link[] = [
        { rel: "self", type: geoJson, href: here.href },
        {
          rel: "collection",
          type: "application/json",
          href: `${rootOf(c.req.url)}/collections/${name("collection")}`,
        },
      ];
      if (page.next !== null) {
        const next = new URL(here);
        next.searchParams.set("cursor", page.next);
        links.push({ rel: "next", type: geoJson, href: next.href });
      }
      const document = {
        type: "FeatureCollection",
        features: page.features,
        links,
        numberMatched: archive.count(asked),
        numberReturned: page.features.length,
      };
      return answerJson(c, document, { type: geoJson });
    });
    serve(router, operations.item, async ({ c, name }) => {
      await refresh();
      const collection = name("collection");
      const runs = runsOf(collection);
      const found = archive.find(name("feature"));
      if (found === null || !(runs?.includes(found.properties.run) ?? true))
        throw new HttpProblem(404, { what: `no detection "${name("feature")}" in ${collection}` });
      const base = `${rootOf(c.req.url)}/collections/${collection}`;
      const links: readonly Link[] = [
        { rel: "self", type: geoJson, href: `${base}/items/${found.id}` },
        { rel: "collection", type: "application/json", href: base },
      ];
      return answerJson(c, { ...found, links }, { type: geoJson });
    });
  },
});
