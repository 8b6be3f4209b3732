import { z } from "zod";
import type { ArchivedRun } from "../archive/detection-archive.ts";
import { type BoundingBox, uniteBoxes } from "../../pipeline/raster/area-geometry.ts";
import { formatInstant, instant } from "../../pipeline/units.ts";
import { detectionPropertiesSchema, type Link, linkSchema } from "./feature-schema.ts";
import { openApiType } from "./open-api.ts";

/** OGC's name of longitude and latitude on WGS 84, in that order. */
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/** What of OGC API – Features 1.0 is kept (17-069r4, 7.4). */
export const ogcConformance: readonly string[] = [
  "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
  "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

/** The collection of all runs together. */
export const allRuns = "detections";

const json = "application/json";
/** Media type of GeoJSON. */
export const geoJson = "application/geo+json";

/** The landing page. */
export const landingSchema = z.object({
  title: z.string(),
  description: z.string(),
  links: z.array(linkSchema),
});
/** What the API conforms to. */
export const conformanceSchema = z.object({ conformsTo: z.array(z.string()) });
/** One collection. */
export const collectionSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  itemType: z.literal("feature"),
  crs: z.array(z.string()),
  extent: z.object({
    spatial: z.object({ bbox: z.array(z.array(z.number())), crs: z.string() }).optional(),
    temporal: z.object({ interval: z.array(z.array(z.string().nullable())), trs: z.string() }).optional(),
  }),
  links: z.array(linkSchema),
});
/** All collections. */
export const collectionsSchema = z.object({
  collections: z.array(collectionSchema),
  links: z.array(linkSchema),
});

/** `root` is `http://host/ogc`. */
export const landingPage = (root: string): z.infer<typeof landingSchema> => ({
  title: "Swath detections",
  description:
    "What satellites detected on board and sent down, by run, as OGC API – Features. Filter by class and min_score.",
  links: [
    { rel: "self", type: json, href: root, title: "this page" },
    {
      rel: "service-desc",
      type: openApiType,
      href: new URL("/api/openapi.json", root).href,
      title: "the API in OpenAPI",
    },
    { rel: "conformance", type: json, href: `${root}/conformance`, title: "what it conforms to" },
    { rel: "data", type: json, href: `${root}/collections`, title: "collections: all runs, and each run" },
  ],
});

const textOf = (ms: number): string => formatInstant(instant(ms / 1000));

const extentOf = (
  bbox: BoundingBox | null,
  times: readonly (readonly [number, number])[],
): z.infer<typeof collectionSchema>["extent"] => {
  const [from, to] = [Math.min(...times.map(([at]) => at)), Math.max(...times.map(([, at]) => at))];
  const temporal = {
    interval: [[textOf(from), textOf(to)]],
    trs: "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
  };
  return {
    ...(bbox === null ? {} : { spatial: { bbox: [[...bbox]], crs: crs84 } }),
    ...(times.length === 0 ? {} : { temporal }),
  };
};

const collectionLinks = (root: string, id: string): readonly Link[] => [
  { rel: "self", type: json, href: `${root}/collections/${id}` },
  { rel: "items", type: geoJson, href: `${root}/collections/${id}/items`, title: "the detections" },
  {
    rel: "http://www.opengis.net/def/rel/ogc/1.0/queryables",
    type: "application/schema+json",
    href: `${root}/collections/${id}/queryables`,
  },
];

const collectionOf = (
  root: string,
  id: string,
  words: { readonly title: string; readonly description: string },
  runs: readonly ArchivedRun[],
): z.infer<typeof collectionSchema> => ({
  id,
  ...words,
  itemType: "feature",
  crs: [crs84],
  extent: extentOf(
    uniteBoxes(runs.flatMap(({ bbox }) => (bbox === null ? [] : [bbox]))),
    runs.flatMap(({ fromMs, toMs }) => (fromMs === null || toMs === null ? [] : [[fromMs, toMs] as const])),
  ),
  links: [...collectionLinks(root, id)],
});

/** All runs together, then each run. */
export const collectionsOf = (
  root: string,
  runs: readonly ArchivedRun[],
): readonly z.infer<typeof collectionSchema>[] => [
  collectionOf(
    root,
    allRuns,
    { title: "All runs", description: "Detections of all runs that are here" },
    runs,
  ),
  ...runs.map((one) => {
    const { run, policy, isLive, detections, classes } = one;
    const count = `${detections} detection${detections === 1 ? "" : "s"}`;
    const described = `${count} of ${classes.join(", ") || "no class"} under the policy ${policy}`;
    return collectionOf(
      root,
      run,
      { title: isLive ? `${run} (heard; no folder yet)` : run, description: described },
      [one],
    );
  }),
];

/** What items may be filtered by, as JSON Schema (OGC API – Features, part 3). */
export const queryablesOf = (root: string, id: string, classes: readonly string[]) => {
  const { properties } = z.toJSONSchema(detectionPropertiesSchema, { io: "input" });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${root}/collections/${id}/queryables`,
    type: "object",
    title: id,
    properties: {
      geometry: { $ref: "https://geojson.org/schema/Geometry.json", title: "by bbox" },
      captured_at: { ...(properties?.["captured_at"] as object), format: "date-time", title: "by datetime" },
      class: { type: "string", ...(classes.length === 0 ? {} : { enum: classes }) },
      min_score: { type: "number", minimum: 0, maximum: 1 },
    },
    additionalProperties: false,
  };
};
