import { z } from "zod";

/** The parts of STAC 1.0 and 1.1 that Swath reads; everything else passes by unseen. */
const band = z.looseObject({
  name: z.string().optional(),
  common_name: z.string().optional(),
  "eo:common_name": z.string().optional(),
  data_type: z.string().optional(),
  nodata: z.union([z.number(), z.string()]).nullish(),
  scale: z.number().optional(),
  offset: z.number().optional(),
  "raster:scale": z.number().optional(),
  "raster:offset": z.number().optional(),
  unit: z.string().nullish(),
});

const projection = {
  "proj:epsg": z.number().nullish(),
  "proj:code": z.string().nullish(),
  "proj:transform": z.array(z.number()).min(6).nullish(),
  "proj:shape": z.tuple([z.number(), z.number()]).nullish(),
  "swath:proj4": z.string().optional(),
};

export const asset = z.looseObject({
  href: z.string(),
  type: z.string().optional(),
  roles: z.array(z.string()).optional(),
  gsd: z.number().optional(),
  bands: z.array(band).optional(),
  "eo:bands": z.array(band).optional(),
  "raster:bands": z.array(band).optional(),
  ...projection,
});

export const item = z.looseObject({
  type: z.literal("Feature"),
  id: z.string().min(1),
  properties: z.looseObject({
    datetime: z.string().nullish(),
    start_datetime: z.string().nullish(),
    platform: z.string().nullish(),
    ...projection,
  }),
  assets: z.record(z.string(), asset),
});

export const itemCollection = z.looseObject({
  type: z.literal("FeatureCollection"),
  features: z.array(z.unknown()),
});

/** A collection or a catalogue: both point at items and at children. */
export const collection = z.looseObject({
  type: z.enum(["Collection", "Catalog"]),
  id: z.string(),
  links: z.array(z.looseObject({ rel: z.string(), href: z.string() })),
});

export type StacAsset = z.infer<typeof asset>;
export type StacItem = z.infer<typeof item>;

/** True when JSON claims to be something of STAC. */
export const isStac = (json: unknown): boolean =>
  typeof json === "object" &&
  json !== null &&
  ("stac_version" in json || ("features" in json && itemCollection.safeParse(json).success));
