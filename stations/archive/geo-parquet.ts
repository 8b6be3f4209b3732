import type { SchemaElement } from "hyparquet";
import { encodeParquet, wkbOf } from "../../pipeline/parquet.ts";
import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import { latencySeconds } from "./detection-geojson.ts";
import { type AreaGeometry, areaGeometry, boundingBox } from "../../pipeline/raster/area-geometry.ts";
import type { ResultRecord } from "./result-record.ts";

/**
 * File metadata as GeoParquet 1.1.0 has it. The CRS is not stated: its default is OGC:CRS84, longitude first.
 */
const geoMetadata = (areas: readonly AreaGeometry[]) => {
  const boxes = areas.map(boundingBox);
  // A box that crosses the antimeridian makes the file's own extent the whole circle: correct, if wide.
  const crosses = boxes.some(([west, , east]) => west > east);
  const least = (side: 0 | 1) => Math.min(...boxes.map((box) => box[side]));
  const most = (side: 2 | 3) => Math.max(...boxes.map((box) => box[side]));
  const bbox = [crosses ? -180 : least(0), least(1), crosses ? 180 : most(2), most(3)];
  return {
    version: "1.1.0",
    primary_column: "geometry",
    columns: {
      geometry: {
        encoding: "WKB",
        geometry_types: [...new Set(areas.map(({ type }) => type))].toSorted(),
        orientation: "counterclockwise",
        ...(areas.length === 0 ? {} : { bbox }),
      },
    },
  };
};

/** Well-known binary of an area. */
export const wkb = (area: AreaGeometry): Uint8Array =>
  // The writer's types want mutable coordinates; it only reads them.
  wkbOf(area as unknown as Parameters<typeof wkbOf>[0]);

/** In pixels of the scene, wound as points come; closed as WKB wants it. */
const pixelArea = (outline: OutlinePx): AreaGeometry => ({
  type: "Polygon",
  coordinates: [[...outline, outline[0]!]],
});

type Cell = string | number | Date | Uint8Array | null;

/** How a column stands in the file, and what a record puts into it. */
interface Column {
  readonly element: SchemaElement;
  readonly cell: (record: ResultRecord) => Cell;
}

const column = (name: string, kind: Omit<SchemaElement, "name">, cell: Column["cell"]): Column => ({
  element: { name, repetition_type: "REQUIRED", ...kind },
  cell,
});

const text = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
const double = { type: "DOUBLE" } as const;
/** Both annotations: with the older `TIMESTAMP_MILLIS` alone some readers take the value for local time. */
const utcMillis = {
  type: "INT64",
  converted_type: "TIMESTAMP_MILLIS",
  logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
} as const;

const toDate = (instant: number): Date => new Date(Math.round(instant * 1000));

const columns: readonly Column[] = [
  column("geometry", { type: "BYTE_ARRAY", repetition_type: "OPTIONAL" }, ({ polygonLonLat }) =>
    polygonLonLat === null ? null : wkb(areaGeometry(polygonLonLat)),
  ),
  column("scene", text, ({ scene }) => scene.id),
  column("acquisition", { type: "INT32" }, ({ acquisition }) => acquisition),
  column("satellite", text, ({ satellite }) => satellite),
  column("station", text, ({ station }) => station),
  column("class", text, ({ detection }) => detection.className),
  column("score", double, ({ detection }) => detection.score),
  column("x0_px", double, ({ detection }) => detection.boxPx.x0),
  column("y0_px", double, ({ detection }) => detection.boxPx.y0),
  column("x1_px", double, ({ detection }) => detection.boxPx.x1),
  column("y1_px", double, ({ detection }) => detection.boxPx.y1),
  column("captured_at", utcMillis, ({ capturedAt }) => toDate(capturedAt)),
  column("received_at", utcMillis, ({ receivedAt }) => toDate(receivedAt)),
  column("latency_s", double, latencySeconds),
];

const outlineColumn = column(
  "outline_px",
  { type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
  ({ detection }) => (detection.outlinePx === undefined ? null : wkb(pixelArea(detection.outlinePx))),
);

/** Files of boxes alone have no column for outlines. */
const columnsFor = (records: readonly ResultRecord[]): readonly Column[] =>
  records.some(({ detection }) => detection.outlinePx !== undefined) ? [...columns, outlineColumn] : columns;

/**
 * Detections as a GeoParquet 1.1.0 file: one row each, `geometry` WKB in longitude and latitude and null where the scene has no
 * georeference, boxes in pixels of the scene, `outline_px` a WKB polygon in these pixels where the model saw a shape, times as UTC milliseconds. The same records always make the same bytes.
 */
export const encodeGeoParquet = (records: readonly ResultRecord[]): Uint8Array => {
  const areas = records.flatMap(({ polygonLonLat }) => (polygonLonLat ? [areaGeometry(polygonLonLat)] : []));
  const written = columnsFor(records);
  return encodeParquet(
    written.map(({ element, cell }) => ({ element, data: records.map(cell) })),
    { geo: JSON.stringify(geoMetadata(areas)) },
  );
};
