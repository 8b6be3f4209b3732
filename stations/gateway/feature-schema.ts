import { z } from "zod";
import { resultSchema } from "../../pipeline/mission/result-message.ts";

/*
 * What faces answer with, as schemas: OpenAPI and JSON Schema are made of them, and tests hold answers against them.
 */

const position = z.array(z.number()).min(2).max(3);
const ring = z.array(position).min(4);

/** An area of GeoJSON. */
export const areaSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Polygon"), coordinates: z.array(ring) }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(ring)) }),
]);

/** A link of an OGC or STAC document. */
export const linkSchema = z.object({
  href: z.string(),
  rel: z.string(),
  type: z.string().optional(),
  title: z.string().optional(),
  method: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
});

/** A link of an OGC or STAC document. */
export type Link = z.infer<typeof linkSchema>;

const {
  schema: _schema,
  id: _id,
  polygon: _polygon,
  outline_px: outline,
  ...shape
} = resultSchema.unwrap().shape;

/** What features say of a detection: the names and units of messages. */
export const detectionPropertiesSchema = z.object({ ...shape, outline_px: outline.unwrap().optional() });

/** A detection as a feature. */
export const detectionFeatureSchema = z
  .object({
    type: z.literal("Feature"),
    id: z.string(),
    geometry: areaSchema.nullable().describe("longitude, latitude; null where the image has no place"),
    geometry_px: z
      .object({ type: z.literal("Polygon"), coordinates: z.array(ring) })
      .optional()
      .describe("where geometry is null: in pixels of the scene"),
    properties: detectionPropertiesSchema,
    links: z.array(linkSchema).optional(),
  })
  .meta({ title: "A detection as a GeoJSON feature" });

/** A page of detections. */
export const detectionCollectionSchema = z.object({
  type: z.literal("FeatureCollection"),
  features: z.array(detectionFeatureSchema),
  links: z.array(linkSchema),
  numberMatched: z.int().min(0),
  numberReturned: z.int().min(0),
});

/** A problem document of RFC 9457. */
export const problemSchema = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    what: z.string().optional(),
    wanted: z.string().optional(),
    got: z.string().optional(),
    hint: z.string().optional(),
    field: z.string().optional().describe("the parameter or field that it is about"),
  })
  .meta({ title: "A problem document (RFC 9457)" });
