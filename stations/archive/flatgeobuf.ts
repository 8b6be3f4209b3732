import { Builder } from "flatbuffers";
import type { AreaGeometry } from "../../pipeline/raster/area-geometry.ts";
import type { DetectionFeature, DetectionProperties } from "./detection-geojson.ts";

/*
 * FlatGeobuf 3 (flatgeobuf.org, header.fbs and feature.fbs): eight octets of magic, a header, features one after the other, each with its
 * length before it. Without the optional index, so that it can be written as it comes.
 */

const magic = Uint8Array.of(0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0);

/** `ColumnType` of header.fbs. */
const kinds = { int: 5, double: 10, text: 11, json: 12, time: 13 } as const;

/** `GeometryType` of header.fbs. */
const shapes = { polygon: 3, multiPolygon: 6 } as const;

interface Column {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly cell: (feature: DetectionFeature) => string | number | null;
}

const property = (name: keyof DetectionProperties, kind: Column["kind"]): Column => ({
  name,
  kind,
  cell: ({ properties }) => (properties[name] ?? null) as string | number | null,
});

const columns: readonly Column[] = [
  { name: "id", kind: "text", cell: ({ id }) => id },
  property("run", "text"),
  property("policy", "text"),
  property("scene", "text"),
  property("acquisition", "int"),
  property("satellite", "text"),
  property("station", "text"),
  property("class", "text"),
  property("score", "double"),
  property("place", "text"),
  ...([0, 1, 2, 3] as const).map((side): Column => ({
    name: ["x0_px", "y0_px", "x1_px", "y1_px"][side] as string,
    kind: "double",
    cell: ({ properties }) => properties.box_px[side],
  })),
  {
    name: "outline_px",
    kind: "json",
    cell: ({ properties: { outline_px: outline } }) =>
      outline === undefined ? null : JSON.stringify(outline),
  },
  property("longitude", "double"),
  property("latitude", "double"),
  property("captured_at", "time"),
  property("received_at", "time"),
  property("latency_s", "double"),
  property("model", "text"),
];

/** A table of these fields; `null` stays out. Each adds itself to the field that it is given. */
const table = (builder: Builder, fields: readonly (((field: number) => void) | null)[]): number => {
  builder.startObject(fields.length);
  for (const [field, add] of fields.entries()) add?.(field);
  return builder.endObject();
};

const offset = (builder: Builder, at: number) => (field: number) => builder.addFieldOffset(field, at, 0);
const octet = (builder: Builder, value: number) => (field: number) => builder.addFieldInt8(field, value, 0);

const vector = (builder: Builder, offsets: readonly number[]): number => {
  builder.startVector(4, offsets.length, 4);
  for (const at of offsets.toReversed()) builder.addOffset(at);
  return builder.endVector();
};

const finished = (builder: Builder, root: number): Uint8Array => {
  builder.finishSizePrefixed(root);
  return builder.asUint8Array().slice();
};

const header = (): Uint8Array => {
  const builder = new Builder(1024);
  const described = columns.map(({ name, kind }) => {
    const text = builder.createString(name);
    return table(builder, [offset(builder, text), octet(builder, kinds[kind])]);
  });
  const all = vector(builder, described);
  const name = builder.createString("detections");
  const organisation = builder.createString("EPSG");
  const crs = table(builder, [
    offset(builder, organisation),
    (field) => builder.addFieldInt32(field, 4326, 0),
  ]);
  // name, envelope, geometry_type, has_z, has_m, has_t, has_tm, columns, features_count (0: not known), index_node_size (0: none), crs
  return finished(
    builder,
    table(builder, [
      offset(builder, name),
      null,
      octet(builder, shapes.multiPolygon),
      null,
      null,
      null,
      null,
      offset(builder, all),
      null,
      (field) => builder.addFieldInt16(field, 0, 16),
      offset(builder, crs),
    ]),
  );
};

const propertyBytes = (feature: DetectionFeature): Uint8Array => {
  const parts: Buffer[] = [];
  for (const [index, { kind, cell }] of columns.entries()) {
    const value = cell(feature);
    if (value === null) continue;
    const text = typeof value === "string" ? Buffer.from(value) : null;
    const part = Buffer.alloc(2 + (text === null ? (kind === "int" ? 4 : 8) : 4 + text.length));
    part.writeUInt16LE(index, 0);
    if (text !== null) {
      part.writeUInt32LE(text.length, 2);
      text.copy(part, 6);
    } else if (kind === "int") part.writeInt32LE(value as number, 2);
    else part.writeDoubleLE(value as number, 2);
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const geometryIn = (builder: Builder, area: AreaGeometry): number => {
  const polygons = area.type === "Polygon" ? [area.coordinates] : area.coordinates;
  const parts = polygons.map(([ring = []]) => {
    builder.startVector(8, 2 * ring.length, 8);
    for (const [x, y] of ring.toReversed()) {
      builder.addFloat64(y);
      builder.addFloat64(x);
    }
    const xy = builder.endVector();
    // ends, xy, z, m, t, tm, type, parts
    return table(builder, [
      null,
      offset(builder, xy),
      null,
      null,
      null,
      null,
      octet(builder, shapes.polygon),
    ]);
  });
  const all = vector(builder, parts);
  return table(builder, [
    null,
    null,
    null,
    null,
    null,
    null,
    octet(builder, shapes.multiPolygon),
    offset(builder, all),
  ]);
};

const featureBytes = (feature: DetectionFeature): Uint8Array => {
  const builder = new Builder(512);
  const geometry = feature.geometry === null ? null : geometryIn(builder, feature.geometry);
  const properties = builder.createByteVector(propertyBytes(feature));
  return finished(
    builder,
    table(builder, [geometry === null ? null : offset(builder, geometry), offset(builder, properties)]),
  );
};

/** Detections as FlatGeobuf: multi-polygons in longitude and latitude, WGS 84, none where no place is known. */
export async function* streamFlatGeobuf(
  groups: AsyncIterable<readonly DetectionFeature[]>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([magic, header()]);
  for await (const features of groups) yield Buffer.concat(features.map(featureBytes));
}
