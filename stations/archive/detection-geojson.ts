import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { areaGeometry, type AreaGeometry } from "../../pipeline/raster/area-geometry.ts";

/** A result without what GeoJSON says in another way. */
export type DetectionProperties = Omit<ResultMessage, "schema" | "id" | "polygon" | "outline_px"> & {
  /** Where the model saw a shape or a turned box: [x, y] in pixels of the scene, not closed. */
  readonly outline_px?: OutlinePx;
};

/**
 * One detection as a GeoJSON feature. Where the scene does not say where it lies, `geometry` is null, `place` says `pixels`, and the
 * foreign member `geometry_px` has the outline in pixels of the scene, rows running down: no reader takes it for degrees.
 */
export interface DetectionFeature {
  readonly type: "Feature";
  readonly id: string;
  readonly geometry: AreaGeometry | null;
  /** Closed, as a GeoJSON polygon is; absent where the place is known. */
  readonly geometry_px?: { readonly type: "Polygon"; readonly coordinates: readonly [OutlinePx] };
  readonly properties: DetectionProperties;
}

/** The outline where the model saw one, else the box; closed. */
const pixelPolygon = (
  [x0, y0, x1, y1]: ResultMessage["box_px"],
  outline: ResultMessage["outline_px"],
): NonNullable<DetectionFeature["geometry_px"]> => {
  const ring: OutlinePx = outline ?? [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  return { type: "Polygon", coordinates: [[...ring, ...ring.slice(0, 1)]] };
};

/** A feature of what is known of a detection; `geometry` is null where no place is known. */
export const featureOf = (
  id: string,
  geometry: AreaGeometry | null,
  properties: DetectionProperties,
): DetectionFeature => ({
  type: "Feature",
  id,
  geometry,
  ...(geometry === null
    ? { geometry_px: pixelPolygon(properties.box_px, properties.outline_px ?? null) }
    : {}),
  properties,
});

/** A result as a feature of RFC 7946: rings closed, split at the antimeridian. */
export const detectionFeature = (result: ResultMessage): DetectionFeature => {
  const { id, polygon, outline_px: outline } = result;
  return featureOf(id, polygon === null ? null : areaGeometry(polygon), {
    place: result.place,
    class: result.class,
    score: result.score,
    run: result.run,
    policy: result.policy,
    scene: result.scene,
    acquisition: result.acquisition,
    satellite: result.satellite,
    station: result.station,
    captured_at: result.captured_at,
    received_at: result.received_at,
    latency_s: result.latency_s,
    longitude: result.longitude,
    latitude: result.latitude,
    box_px: result.box_px,
    ...(outline === null ? {} : { outline_px: outline }),
    ...(result.model === undefined ? {} : { model: result.model }),
  });
};

/** Features one a line, so that a diff and `grep` work on the file; RFC 7946 otherwise. */
export const encodeGeoJson = (features: readonly DetectionFeature[]): string =>
  `{"type":"FeatureCollection","features":[\n${features.map((feature) => JSON.stringify(feature)).join(",\n")}\n]}\n`;
