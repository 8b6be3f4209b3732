import { z } from "zod";

/** The parts of STAC 1.0 and 1.1 that Swath reads; everything else passes by unseen. */
const band = z.looseObject({
  name: z.string().nullish(),
  common_name: z.string().nullish(),
  "eo:common_name": z.string().nullish(),
  center_wavelength: z.number().nullish(),
  "eo:center_wavelength": z.number().nullish(),
  nodata: z.union([z.number(), z.string()]).nullish(),
  scale: z.number().nullish(),
  offset: z.number().nullish(),
  "raster:scale": z.number().nullish(),
  "raster:offset": z.number().nullish(),
  unit: z.string().nullish(),
});

const projection = {
  "proj:epsg": z.number().nullish(),
  "proj:code": z.string().nullish(),
  "proj:transform": z.array(z.number()).min(6).nullish(),
  "proj:shape": z.tuple([z.number(), z.number()]).nullish(),
  "proj:wkt2": z.string().nullish(),
  "swath:proj4": z.string().optional(),
};

/** A STAC asset, with the fields of the extensions that Swath reads (raster, eo, proj). */
export const asset = z.looseObject({
  href: z.string(),
  type: z.string().optional(),
  roles: z.array(z.string()).optional(),
  gsd: z.number().optional(),
  bands: z.array(band).optional(),
  "eo:bands": z.array(band).optional(),
  "raster:bands": z.array(band).optional(),
  // STAC 1.1: what holds for every band of an asset may stand once, beside `bands`.
  "eo:common_name": z.string().nullish(),
  "eo:center_wavelength": z.number().nullish(),
  "raster:scale": z.number().nullish(),
  "raster:offset": z.number().nullish(),
  nodata: z.union([z.number(), z.string()]).nullish(),
  unit: z.string().nullish(),
  ...projection,
});

/** A STAC item: one scene. */
export const item = z.looseObject({
  type: z.literal("Feature"),
  id: z.string().min(1),
  properties: z.looseObject({
    datetime: z.string().nullish(),
    start_datetime: z.string().nullish(),
    platform: z.string().nullish(),
    // What holds for every asset of a STAC 1.1 item may stand here.
    "raster:scale": z.number().nullish(),
    "raster:offset": z.number().nullish(),
    nodata: z.union([z.number(), z.string()]).nullish(),
    unit: z.string().nullish(),
    "earthsearch:boa_offset_applied": z.boolean().nullish(),
    "sentinel:boa_offset_applied": z.boolean().nullish(),
    ...projection,
  }),
  assets: z.record(z.string(), asset),
});

/** A page of items, as an API answers a search; each item is checked on its own. */
export const itemCollection = z.looseObject({
  type: z.literal("FeatureCollection"),
  features: z.array(z.unknown()),
});

/** The link to the page behind this one, as the STAC API has it: POST with a body, or plain. */
export const nextLink = z.looseObject({
  rel: z.literal("next"),
  href: z.string().min(1),
  method: z.string().optional(),
  body: z.looseObject({}).optional(),
  merge: z.boolean().optional(),
});

/** A collection or a catalogue: both point at items and at children. */
export const collection = z.looseObject({
  type: z.enum(["Collection", "Catalog"]),
  id: z.string(),
  links: z.array(z.looseObject({ rel: z.string(), href: z.string() })),
});

/** A link of a collection. */
export type StacLink = z.infer<typeof collection>["links"][number];
/** What `asset` accepts. */
export type StacAsset = z.infer<typeof asset>;
/** What `item` accepts. */
export type StacItem = z.infer<typeof item>;

/** True when JSON claims to be something of STAC. */
export const isStac = (json: unknown): boolean =>
  typeof json === "object" &&
  json !== null &&
  ("stac_version" in json || ("features" in json && itemCollection.safeParse(json).success));
