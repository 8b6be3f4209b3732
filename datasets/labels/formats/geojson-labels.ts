import { SwathError } from "../../../pipeline/errors.ts";
import type { Label } from "../../../pipeline/detection/detection.ts";
import { pixelToLonLat } from "../../../pipeline/raster/georeference.ts";
import { projectionOf } from "../../../pipeline/raster/projection.ts";
import type { Scene } from "../../../pipeline/raster/scene.ts";
import { settleAt } from "../../crs/coordinate-system.ts";
import { systemOfCode } from "../../crs/epsg-table.ts";
import {
  classNameOf,
  type DrawnLabel,
  type DrawnPoint,
  type ImageLabels,
  joinReads,
  type LabelFrame,
  LeftOutCount,
  mostVertices,
  printable,
  type ReadLabels,
} from "../drawn-label.ts";
import type { LabelFormat } from "./label-format.ts";

type Json = Record<string, unknown>;

const isObject = (json: unknown): json is Json =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** True when `json` claims to be a GeoJSON feature collection. */
export const isFeatureCollection = (json: unknown): boolean =>
  isObject(json) && json["type"] === "FeatureCollection";

/** Properties that name a class, most telling first; xView has numbers in `type_id`. */
const classKeys = [
  "class",
  "class_name",
  "label",
  "category",
  "name",
  "type",
  "type_id",
  "class_id",
  "category_id",
];
const imageKeys = ["image", "scene", "image_id", "file_name", "filename", "image_name"];

const propertyOf = (properties: Json, keys: readonly string[]): string | null => {
  for (const key of keys) {
    const name = classNameOf(properties[key]);
    if (name !== null) return name;
  }
  return null;
};

/** A ring to degrees; in words why it has no place. */
type ToDegrees = (ring: readonly DrawnPoint[]) => readonly DrawnPoint[] | string;

/** Where a vertex cannot be degrees: beyond a pole, or more than once round the world. */
const isDegrees = ([longitude, latitude]: DrawnPoint): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 360;

/** The collection's own CRS (GeoJSON of 2008, section 3), as a function to degrees; `null` for degrees as they are. */
const crsOf = (collection: Json, file: string): ToDegrees | null => {
  const { crs } = collection;
  if (crs === undefined || crs === null) return null;
  const properties = isObject(crs) && isObject(crs["properties"]) ? crs["properties"] : {};
  const name = typeof properties["name"] === "string" ? properties["name"] : "a crs member without a name";
  if (/(?:CRS84h?|EPSG:[\d.]*:?4326|WGS ?84)$/i.test(name)) return null;
  const [, authority, code] = /(EPSG|ESRI)(?::[\d.]*)?:(\d{4,6})$/i.exec(name) ?? [];
  const system = code === undefined ? null : systemOfCode(`${authority}:${code}`);
  if (system === null) {
    throw new SwathError("label", {
      what: file,
      wanted: "longitude and latitude, or a CRS that is known",
      got: printable(name),
      hint: "export it in EPSG:4326",
    });
  }
  // How a datum comes to WGS 84 may depend on the place, so each ring is settled where it lies.
  return (ring) => {
    const [x = NaN, y = NaN] = ring[0] ?? [];
    const settled = settleAt(system, x, y);
    if ("why" in settled) return settled.why;
    const projection = projectionOf(settled.proj4);
    return ring.map((point) => projection.toLonLat(...point));
  };
};

/** A ring's positions; heights are passed over. `null` where it is no list of number pairs. */
const ringOf = (ring: unknown): readonly DrawnPoint[] | null => {
  if (!Array.isArray(ring) || ring.length > mostVertices) return null;
  const points: DrawnPoint[] = [];
  for (const position of ring) {
    const [x, y]: unknown[] = Array.isArray(position) ? position : [];
    // 1e999 is a number in JSON and none here.
    if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x + y)) return null;
    points.push([x, y]);
  }
  return points;
};

const outerRing = (polygon: unknown): readonly DrawnPoint[] | null =>
  Array.isArray(polygon) ? (polygon.length === 0 ? [] : ringOf(polygon[0])) : null;

/** Halves of one object, cut where RFC 7946 (section 3.1.9) wants it cut: one ends at 180° east, the other begins at 180° west. */
const isCutAtAntimeridian = (rings: readonly (readonly DrawnPoint[])[]): boolean => {
  const touches = (side: number) => rings.some((ring) => ring.some(([x]) => Math.abs(x - side) < 1e-9));
  return rings.length === 2 && touches(180) && touches(-180);
};

/** The outer rings of a feature, one an object; or in words why it has none. */
const ringsOf = (geometry: unknown): readonly (readonly DrawnPoint[])[] | string => {
  if (geometry === null || geometry === undefined) return "no geometry";
  const { type, coordinates } = isObject(geometry) ? geometry : {};
  if (type !== "Polygon" && type !== "MultiPolygon")
    return typeof type === "string" ? `a ${printable(type)}, which has no extent` : "no geometry";
  if (!Array.isArray(coordinates)) return "a polygon without coordinates";
  const rings = type === "Polygon" ? [outerRing(coordinates)] : coordinates.map(outerRing);
  const sound = rings.filter((ring) => ring !== null);
  if (sound.length < rings.length) return "a polygon whose coordinates are no pairs of numbers";
  const filled = sound.filter((ring) => ring.length > 0);
  return filled.length === 0 ? "an empty geometry" : filled;
};

/** Both halves on one side: what lies west of 180° is counted on beyond 180° east. */
const joinHalves = (rings: readonly (readonly DrawnPoint[])[]): readonly DrawnPoint[] =>
  rings.flat().map(([x, y]) => [x < 0 ? x + 360 : x, y]);

/** xView's `bounds_imcoords`: a box in pixels of the image that the feature names. */
const imageBox = (properties: Json): readonly DrawnPoint[] | null => {
  const text = properties["bounds_imcoords"];
  const [x0 = NaN, y0 = NaN, x1 = NaN, y1 = NaN, ...more] =
    typeof text === "string" ? text.split(",").map(Number) : [];
  if (more.length > 0 || ![x0, y0, x1, y1].every(Number.isFinite)) return null;
  return [
    [x0, y0],
    [x1, y1],
  ];
};

interface FeatureShape {
  readonly frame: LabelFrame;
  readonly objects: readonly (readonly DrawnPoint[])[];
}

const shapeOf = (
  feature: Json,
  properties: Json,
  frame: LabelFrame,
  toDegrees: ToDegrees | null,
): FeatureShape | string => {
  const box = frame === "lonlat" && propertyOf(properties, imageKeys) !== null ? imageBox(properties) : null;
  if (box) return { frame: "pixel", objects: [box] };
  const rings = ringsOf(feature["geometry"]);
  if (typeof rings === "string") return rings;
  if (frame === "pixel") return { frame, objects: rings };
  const turned = rings.map((ring) => (toDegrees ? toDegrees(ring) : ring));
  const onGround = turned.filter((ring) => typeof ring !== "string");
  if (onGround.length < turned.length) return "no place in the CRS of its file";
  if (!onGround.every((ring) => ring.every(isDegrees))) return "coordinates that cannot be degrees";
  return { frame, objects: isCutAtAntimeridian(onGround) ? [joinHalves(onGround)] : onGround };
};

const firstPosition = (feature: unknown): string => {
  const rings = isObject(feature) ? ringsOf(feature["geometry"]) : [];
  return typeof rings === "string" ? rings : `${rings[0]?.[0]?.join(" ") ?? "no coordinates"}`;
};

/**
 * Reads polygons from GeoJSON: longitude and latitude (RFC 7946), the CRS of its `crs` member, or pixels of the scene where the
 * collection says `"swath:frame": "pixel"`. Each polygon of a multi-polygon is one object, but for one that is cut at the antimeridian.
 * Features without a polygon are left out and counted.
 * Throws `SwathError("label")` for another shape, a CRS that is not known, or when no coordinates of it can be degrees.
 */
export const parseGeoJsonLabels = (json: unknown, file: string): ReadLabels => {
  const features = isObject(json) ? json["features"] : undefined;
  if (!isObject(json) || !isFeatureCollection(json) || !Array.isArray(features)) {
    const wanted = "a FeatureCollection of polygons";
    const got =
      isObject(json) && typeof json["type"] === "string"
        ? `type ${printable(json["type"])}`
        : "something else";
    throw new SwathError("label", { what: `${file}: not a label file`, wanted, got });
  }
  const frame = json["swath:frame"] === "pixel" ? "pixel" : "lonlat";
  const toDegrees = frame === "pixel" ? null : crsOf(json, file);
  const leftOut = new LeftOutCount();
  const loose: DrawnLabel[] = [];
  const images = new Map<string, { labels: DrawnLabel[]; lost: number }>();
  let beyond = 0;
  let nameless = 0;
  features.forEach((feature: unknown, index) => {
    const properties = isObject(feature) && isObject(feature["properties"]) ? feature["properties"] : {};
    const shape = isObject(feature) ? shapeOf(feature, properties, frame, toDegrees) : "no feature";
    const image = propertyOf(properties, imageKeys);
    const place = image === null ? null : (images.get(image) ?? { labels: [], lost: 0 });
    if (place && image !== null) images.set(image, place);
    if (typeof shape === "string") {
      if (place && shape !== "no geometry" && shape !== "an empty geometry") place.lost++;
      if (shape === "coordinates that cannot be degrees") beyond++;
      return leftOut.add(shape, `${file}: feature ${index}: ${firstPosition(feature)}`);
    }
    const className = propertyOf(properties, classKeys);
    if (className === null) nameless++;
    const labels = shape.objects.map((points) => ({
      index,
      className: className ?? "object",
      frame: shape.frame,
      points,
      ignore: properties["ignore"] === true,
    }));
    (place?.labels ?? loose).push(...labels);
  });
  if (beyond > 0 && loose.length === 0 && [...images.values()].every(({ labels }) => labels.length === 0)) {
    throw new SwathError("label", {
      what: `${file}: its coordinates cannot be degrees`,
      wanted: "longitude and latitude, or a crs member that names another CRS",
      got: firstPosition(
        features.find((feature) => typeof ringsOf((feature as Json)?.["geometry"]) !== "string"),
      ),
      hint: "export it in EPSG:4326",
    });
  }
  return {
    images: [...images].map(([image, one]): ImageLabels => ({
      image,
      file,
      isOwn: false,
      size: null,
      isSeenUpright: false,
      ...one,
    })),
    loose,
    leftOut: leftOut.list(),
    notes:
      nameless > 0
        ? [
            `${file}: ${nameless} features have none of ${classKeys.slice(0, 5).join(", ")}, …, so each is called "object"`,
          ]
        : [],
    failed: [],
  };
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

/** GeoJSON, as QGIS, xView and Swath itself write it. One named like its image belongs to that image alone. */
export const geojson: LabelFormat = {
  name: "GeoJSON",
  extensions: [".geojson", ".json"],
  isOwn: false,
  hasClassNumbers: false,
  usualName: /(?:^|\/)(?:labels|annotations|xview_train)\.geojson$/i,
  recognises: ({ json }) => isFeatureCollection(json),
  read: (documents) => joinReads(documents.map(({ json, path }) => parseGeoJsonLabels(json, path))),
};
