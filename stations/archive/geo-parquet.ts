import type { SchemaElement } from "hyparquet";
import { encodeParquet, parquetSink, wkbOf } from "../../pipeline/parquet.ts";
import type { OutlinePx } from "../../pipeline/detection/outline.ts";
import { type AreaGeometry, type BoundingBox, boundingBox } from "../../pipeline/raster/area-geometry.ts";
import type { DetectionFeature, DetectionProperties } from "./detection-geojson.ts";

/** What a file's metadata says of all its areas. */
interface Covered {
  readonly types: ReadonlySet<string>;
  readonly bbox: BoundingBox | null;
}

const nothing: Covered = { types: new Set(), bbox: null };

const covered = ({ types, bbox }: Covered, area: AreaGeometry): Covered => {
  const [west, south, east, north] = boundingBox(area);
  // A box that crosses the antimeridian makes the file's own extent the whole circle: correct, if wide.
  const [from, to] = west > east ? [-180, 180] : [west, east];
  return {
    types: types.has(area.type) ? types : new Set([...types, area.type]),
    bbox:
      bbox === null
        ? [from, south, to, north]
        : [
            Math.min(bbox[0], from),
            Math.min(bbox[1], south),
            Math.max(bbox[2], to),
            Math.max(bbox[3], north),
          ],
  };
};

/**
 * File metadata as GeoParquet 1.1.0 has it. The CRS is not stated: its default is OGC:CRS84, longitude first.
 */
const geoMetadata = ({ types, bbox }: Covered) => ({
  version: "1.1.0",
  primary_column: "geometry",
  columns: {
    geometry: {
      encoding: "WKB",
      geometry_types: [...types].toSorted(),
      orientation: "counterclockwise",
      ...(bbox === null ? {} : { bbox }),
    },
  },
});

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

/** How a column stands in the file, and what a detection puts into it. */
interface Column {
  readonly element: SchemaElement;
  readonly cell: (feature: DetectionFeature) => Cell;
}

const column = (name: string, kind: Omit<SchemaElement, "name">, cell: Column["cell"]): Column => ({
  element: { name, repetition_type: "REQUIRED", ...kind },
  cell,
});

/** A column that has the name of its property. */
const property = (name: keyof DetectionProperties, kind: Omit<SchemaElement, "name">): Column =>
  column(name, kind, ({ properties }) => properties[name] as Cell);

const text = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
const double = { type: "DOUBLE" } as const;
const optional = { repetition_type: "OPTIONAL" } as const;
/** Both annotations: with the older `TIMESTAMP_MILLIS` alone some readers take the value for local time. */
const utcMillis = {
  type: "INT64",
  converted_type: "TIMESTAMP_MILLIS",
  logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
} as const;

const boxSide = (name: string, side: 0 | 1 | 2 | 3): Column =>
  column(name, double, ({ properties }) => properties.box_px[side]);

const columns: readonly Column[] = [
  column("geometry", { type: "BYTE_ARRAY", ...optional }, ({ geometry }) =>
    geometry === null ? null : wkb(geometry),
  ),
  column("id", text, ({ id }) => id),
  property("run", text),
  property("policy", text),
  property("scene", text),
  property("acquisition", { type: "INT32" }),
  property("satellite", text),
  property("station", text),
  property("class", text),
  property("score", double),
  boxSide("x0_px", 0),
  boxSide("y0_px", 1),
  boxSide("x1_px", 2),
  boxSide("y1_px", 3),
  property("longitude", { ...double, ...optional }),
  property("latitude", { ...double, ...optional }),
  column("captured_at", utcMillis, ({ properties }) => new Date(properties.captured_at)),
  column("received_at", utcMillis, ({ properties }) => new Date(properties.received_at)),
  property("latency_s", double),
];

const outlineColumn = column("outline_px", { type: "BYTE_ARRAY", ...optional }, ({ properties }) =>
  properties.outline_px === undefined ? null : wkb(pixelArea(properties.outline_px)),
);

const modelColumn = column("model", { ...text, ...optional }, ({ properties }) => properties.model ?? null);

/** Files of boxes alone have no column for outlines, those of one model none for models. */
const columnsFor = (features: readonly DetectionFeature[]): readonly Column[] => [
  ...columns,
  ...(features.some(({ properties }) => properties.outline_px !== undefined) ? [outlineColumn] : []),
  ...(features.some(({ properties }) => properties.model !== undefined) ? [modelColumn] : []),
];

/**
 * Detections as a GeoParquet 1.1.0 file: one row each, `geometry` WKB in longitude and latitude and null where the scene has no
 * georeference, boxes in pixels of the scene, `outline_px` a WKB polygon in these pixels where the model saw a shape, times as UTC
 * milliseconds; `model` where satellites were sent models. The same detections always make the same bytes.
 */
export const encodeGeoParquet = (features: readonly DetectionFeature[]): Uint8Array => {
  const written = columnsFor(features);
  return encodeParquet(
    written.map(({ element, cell }) => ({ element, data: features.map(cell) })),
    { geo: JSON.stringify(geoMetadata(features.reduce(coveredBy, nothing))) },
  );
};

const coveredBy = (so: Covered, { geometry }: DetectionFeature): Covered =>
  geometry === null ? so : covered(so, geometry);

/** The same a group of rows at a time, with a column for outlines in any case. */
export async function* streamGeoParquet(
  groups: AsyncIterable<readonly DetectionFeature[]>,
): AsyncGenerator<Uint8Array> {
  const written = [...columns, outlineColumn];
  const sink = parquetSink(written.map(({ element }) => element));
  let so = nothing;
  for await (const features of groups) {
    so = features.reduce(coveredBy, so);
    yield sink.write(written.map(({ cell }) => features.map(cell)));
  }
  yield sink.finish({ geo: JSON.stringify(geoMetadata(so)) });
}
