import { z } from "zod";
import type { Label } from "../../pipeline/detection/detection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { DrawnLabel } from "./drawn-label.ts";

const position = z.array(z.number()).min(2);
const ring = z.array(position);
const geometry = z.discriminatedUnion("type", [
  z.object({ type: z.literal("Polygon"), coordinates: z.array(ring).min(1) }),
  z.object({ type: z.literal("MultiPolygon"), coordinates: z.array(z.array(ring).min(1)).min(1) }),
]);
const collection = z.object({
  type: z.literal("FeatureCollection"),
  "swath:frame": z.enum(["pixel", "lonlat"]).optional(),
  crs: z.object({ properties: z.object({ name: z.string() }) }).nullish(),
  features: z.array(z.object({ geometry, properties: z.record(z.string(), z.unknown()).nullish() })),
});

/** A drawn label, and the image that its feature names (`image`, `scene`, `image_id`); `null` when it names none. */
export interface GeoJsonLabel extends DrawnLabel {
  readonly image: string | null;
}

const textProperty = (properties: Record<string, unknown>, names: readonly string[]): string | null => {
  const found = names
    .map((name) => properties[name])
    .find((value) => typeof value === "string" && value !== "");
  return typeof found === "string" ? found : null;
};

/** True when `json` claims to be a GeoJSON feature collection. */
export const isFeatureCollection = (json: unknown): boolean =>
  typeof json === "object" && json !== null && "type" in json && json.type === "FeatureCollection";

/**
 * Reads polygons from GeoJSON: longitude and latitude (RFC 7946), or pixels of the scene where the collection says
 * `"swath:frame": "pixel"`. Each polygon of a multi-polygon is one object.
 * Throws `SwathError("label")` for another shape or another coordinate reference system.
 */
export const parseGeoJsonLabels = (json: unknown, file: string): readonly GeoJsonLabel[] => {
  const parsed = collection.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const got = issue ? `${issue.path.join(".")}: ${issue.message}` : "something else";
    const wanted = "a FeatureCollection of polygons";
    throw new SwathError("label", { what: `${file}: not a label file`, wanted, got });
  }
  const { crs, features, "swath:frame": frame = "lonlat" } = parsed.data;
  if (crs && frame === "lonlat" && !/(CRS84|EPSG:{1,2}4326)$/i.test(crs.properties.name)) {
    const hint = "export it in EPSG:4326";
    throw new SwathError("label", {
      what: file,
      wanted: "longitude and latitude",
      got: crs.properties.name,
      hint,
    });
  }
  return features.flatMap((feature, index) => {
    const properties = feature.properties ?? {};
    const { geometry: shape } = feature;
    const polygons = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
    return polygons.map((polygon) => ({
      index,
      className: textProperty(properties, ["class", "class_name", "label", "category", "name"]) ?? "object",
      image: textProperty(properties, ["image", "scene", "image_id"]),
      frame,
      points: (polygon[0] ?? []).map(([x = NaN, y = NaN]) => [x, y] as const),
      ignore: properties["ignore"] === true,
    }));
  });
};

/** Labels as a GeoJSON collection that `parseGeoJsonLabels` reads back: on the ground where the scene lies there, else in pixels. */
export const labelsToGeoJson = (labels: readonly Label[], scene: Scene): unknown => {
  const { georeference } = scene;
  // A billionth of a degree is a tenth of a millimetre.
  const round = (value: number) => Math.round(value * 1e9) / 1e9;
  const corner = (x: number, y: number) =>
    georeference ? pixelToLonLat(georeference, x, y).map(round) : [x, y];
  return {
    type: "FeatureCollection",
    ...(georeference ? {} : { "swath:frame": "pixel" }),
    features: labels.map(({ className, boxPx: { x0, y0, x1, y1 }, ignore }) => ({
      type: "Feature",
      properties: { class: className, ...(ignore ? { ignore: true } : {}) },
      geometry: {
        type: "Polygon",
        coordinates: [[corner(x0, y0), corner(x0, y1), corner(x1, y1), corner(x1, y0), corner(x0, y0)]],
      },
    })),
  };
};
