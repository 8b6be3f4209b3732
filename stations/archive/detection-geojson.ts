import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import { elapsed, formatInstant } from "../../pipeline/units.ts";
import { areaGeometry, type AreaGeometry } from "../../pipeline/raster/area-geometry.ts";
import type { ResultRecord } from "./result-record.ts";

/**
 * One detection as a GeoJSON feature. Where the scene does not say where it lies, `geometry` is null, `place` says `pixels`, and the
 * foreign member `geometry_px` has the outline in pixels of the scene, rows running down: no reader takes it for degrees.
 */
export interface DetectionFeature {
  readonly type: "Feature";
  readonly geometry: AreaGeometry | null;
  /** Closed, as a GeoJSON polygon is; absent where the place is known. */
  readonly geometry_px?: { readonly type: "Polygon"; readonly coordinates: readonly [OutlinePx] };
  readonly properties: {
    readonly place: "ground" | "pixels";
    readonly class: string;
    readonly score: number;
    readonly scene: string;
    readonly acquisition: number;
    readonly satellite: string;
    readonly station: string;
    readonly captured_at: string;
    readonly received_at: string;
    readonly latency_s: number;
    /** x0, y0, x1, y1 in pixels of the scene. */
    readonly box_px: readonly [number, number, number, number];
    /** Where the model saw a shape or a turned box: [x, y] in pixels of the scene, not closed. */
    readonly outline_px?: OutlinePx;
  };
}

/** Milliseconds: mission time is not stated finer anywhere. */
export const latencySeconds = ({ capturedAt, receivedAt }: ResultRecord): number =>
  Math.round(elapsed(capturedAt, receivedAt) * 1000) / 1000;

/** The outline where the model saw one, else the box; closed. */
const pixelPolygon = ({
  boxPx: { x0, y0, x1, y1 },
  outlinePx,
}: ResultRecord["detection"]): NonNullable<DetectionFeature["geometry_px"]> => {
  const ring: OutlinePx = outlinePx ?? [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
  return { type: "Polygon", coordinates: [[...ring, ...ring.slice(0, 1)]] };
};

/** A result as subscribers and the archive see it. */
export const detectionFeature = (record: ResultRecord): DetectionFeature => {
  const { detection, scene, acquisition, satellite, station, capturedAt, receivedAt, polygonLonLat } = record;
  const { boxPx, outlinePx } = detection;
  return {
    type: "Feature",
    geometry: polygonLonLat === null ? null : areaGeometry(polygonLonLat),
    ...(polygonLonLat === null ? { geometry_px: pixelPolygon(detection) } : {}),
    properties: {
      place: polygonLonLat === null ? "pixels" : "ground",
      class: detection.className,
      score: detection.score,
      scene: scene.id,
      acquisition,
      satellite,
      station,
      captured_at: formatInstant(capturedAt),
      received_at: formatInstant(receivedAt),
      latency_s: latencySeconds(record),
      box_px: [boxPx.x0, boxPx.y0, boxPx.x1, boxPx.y1],
      ...(outlinePx === undefined ? {} : { outline_px: outlinePx }),
    },
  };
};

/** The features one a line, so that a diff and `grep` work on the file; RFC 7946 otherwise. */
export const encodeGeoJson = (records: readonly ResultRecord[]): string => {
  const lines = records.map((record) => JSON.stringify(detectionFeature(record)));
  return `{"type":"FeatureCollection","features":[\n${lines.join(",\n")}\n]}\n`;
};
