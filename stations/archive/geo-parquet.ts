import type { SchemaElement } from "hyparquet";
import { encodeParquet, wkbOf } from "../../pipeline/parquet.ts";
import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import { type AreaGeometry, areaGeometry, boundingBox } from "../../pipeline/raster/area-geometry.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";

/**
 * File metadata as GeoParquet 1.1.0 has it. The CRS is not stated: its default is OGC:CRS84, longitude first.
 */
const geoMetadata = (areas: readonly AreaGeometry[]) => {
  const boxes = areas.map(boundingBox);
  // A box that crosses the antimeridian makes the file's own extent the whole circle: correct, if wide.
  const crosses = boxes.some(([west, , east]) => west > east);
  const least = (side: 0 | 1) => boxes.reduce((so, box) => Math.min(so, box[side]), Infinity);
  const most = (side: 2 | 3) => boxes.reduce((so, box) => Math.max(so, box[side]), -Infinity);
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

/** How a column stands in the file, and what a result puts into it. */
interface Column {
  readonly element: SchemaElement;
  readonly cell: (result: ResultMessage) => Cell;
}

const column = (name: string, kind: Omit<SchemaElement, "name">, cell: Column["cell"]): Column => ({
  element: { name, repetition_type: "REQUIRED", ...kind },
  cell,
});

const text = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
const double = { type: "DOUBLE" } as const;
const optional = { repetition_type: "OPTIONAL" } as const;
/** Both annotations: with the older `TIMESTAMP_MILLIS` alone some readers take the value for local time. */
const utcMillis = {
  type: "INT64",
  converted_type: "TIMESTAMP_MILLIS",
  logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
} as const;

const columns: readonly Column[] = [
  column("geometry", { type: "BYTE_ARRAY", ...optional }, ({ polygon }) =>
    polygon === null ? null : wkb(areaGeometry(polygon)),
  ),
  column("id", text, ({ id }) => id),
  column("run", text, ({ run }) => run),
  column("policy", text, ({ policy }) => policy),
  column("scene", text, ({ scene }) => scene),
  column("acquisition", { type: "INT32" }, ({ acquisition }) => acquisition),
  column("satellite", text, ({ satellite }) => satellite),
  column("station", text, ({ station }) => station),
  column("class", text, (result) => result.class),
  column("score", double, ({ score }) => score),
  column("x0_px", double, ({ box_px }) => box_px[0]),
  column("y0_px", double, ({ box_px }) => box_px[1]),
  column("x1_px", double, ({ box_px }) => box_px[2]),
  column("y1_px", double, ({ box_px }) => box_px[3]),
  column("longitude", { ...double, ...optional }, ({ longitude }) => longitude),
  column("latitude", { ...double, ...optional }, ({ latitude }) => latitude),
  column("captured_at", utcMillis, ({ captured_at }) => new Date(captured_at)),
  column("received_at", utcMillis, ({ received_at }) => new Date(received_at)),
  column("latency_s", double, ({ latency_s }) => latency_s),
];

const outlineColumn = column("outline_px", { type: "BYTE_ARRAY", ...optional }, ({ outline_px }) =>
  outline_px === null ? null : wkb(pixelArea(outline_px)),
);

/** Files of boxes alone have no column for outlines. */
const columnsFor = (results: readonly ResultMessage[]): readonly Column[] =>
  results.some(({ outline_px }) => outline_px !== null) ? [...columns, outlineColumn] : columns;

/**
 * Detections as a GeoParquet 1.1.0 file: one row each, `geometry` WKB in longitude and latitude and null where the scene has no
 * georeference, boxes in pixels of the scene, `outline_px` a WKB polygon in these pixels where the model saw a shape, times as UTC
 * milliseconds. The same results always make the same bytes.
 */
export const encodeGeoParquet = (results: readonly ResultMessage[]): Uint8Array => {
  const areas = results.flatMap(({ polygon }) => (polygon === null ? [] : [areaGeometry(polygon)]));
  const written = columnsFor(results);
  return encodeParquet(
    written.map(({ element, cell }) => ({ element, data: results.map(cell) })),
    { geo: JSON.stringify(geoMetadata(areas)) },
  );
};
