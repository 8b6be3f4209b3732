import { z } from "zod";
import type { Area } from "../../measure/check/excuse.ts";
import type { LonLat } from "../../pipeline/raster/projection.ts";
import { degrees } from "../../pipeline/units.ts";
import { readFile } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

const position = z.tuple([z.number(), z.number()], z.number());

const polygon = z.array(z.array(position).min(4)).min(1);

const geometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Polygon"), coordinates: polygon }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(polygon) }),
]);

const feature = z.object({ type: z.literal("Feature"), geometry });

const areaFile = z.union([
  z.object({ type: z.literal("FeatureCollection"), features: z.array(feature) }),
  feature,
  geometry,
]);

const areasOf = (value: z.output<typeof areaFile>): readonly Area[] => {
  if (value.type === "FeatureCollection") return value.features.flatMap(areasOf);
  if (value.type === "Feature") return areasOf(value.geometry);
  const polygons = value.type === "Polygon" ? [value.coordinates] : value.coordinates;
  return polygons.map((rings) => rings.map((ring) => ring.map(([x, y]): LonLat => [degrees(x), degrees(y)])));
};

/** The polygons of a GeoJSON file (RFC 7946). Throws `SwathError("config")`. */
export const readAreas = async (path: string): Promise<readonly Area[]> => {
  try {
    return areasOf(areaFile.parse(JSON.parse(await readFile(path, "utf8"))));
  } catch (cause) {
    const got = cause instanceof z.ZodError ? "other JSON" : messageOf(cause);
    throw new SwathError("config", {
      what: `--ignore-areas ${path}`,
      wanted: "GeoJSON polygons",
      got,
      cause,
    });
  }
};
