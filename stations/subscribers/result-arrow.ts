import {
  Binary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type DataType,
} from "apache-arrow";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { areaGeometry } from "../../pipeline/raster/area-geometry.ts";
import { wkb } from "../archive/geo-parquet.ts";

type Cell = string | number | Uint8Array | null;

interface Column {
  readonly field: Field;
  readonly cell: (result: ResultMessage) => Cell;
}

const column = (
  name: string,
  type: DataType,
  cell: Column["cell"],
  {
    nullable = false,
    metadata = {},
  }: { readonly nullable?: boolean; readonly metadata?: Record<string, string> } = {},
): Column => ({ field: new Field(name, type, nullable, new Map(Object.entries(metadata))), cell });

/** As GeoArrow marks well-known binary in longitude and latitude; readers that know it give geometries. */
const geoarrow = {
  "ARROW:extension:name": "geoarrow.wkb",
  "ARROW:extension:metadata": JSON.stringify({ crs: "OGC:CRS84", crs_type: "authority_code" }),
};

const at =
  (side: 0 | 1 | 2 | 3) =>
  ({ box_px }: ResultMessage) =>
    box_px[side];

/** Names and units as in the GeoParquet files of a run. */
const columns: readonly Column[] = [
  column("geometry", new Binary(), ({ polygon }) => (polygon === null ? null : wkb(areaGeometry(polygon))), {
    nullable: true,
    metadata: geoarrow,
  }),
  column("id", new Utf8(), ({ id }) => id),
  column("run", new Utf8(), ({ run }) => run),
  column("policy", new Utf8(), ({ policy }) => policy),
  column("scene", new Utf8(), ({ scene }) => scene),
  column("acquisition", new Int32(), ({ acquisition }) => acquisition),
  column("satellite", new Utf8(), ({ satellite }) => satellite),
  column("station", new Utf8(), ({ station }) => station),
  column("class", new Utf8(), (result) => result.class),
  column("score", new Float64(), ({ score }) => score),
  column("x0_px", new Float64(), at(0)),
  column("y0_px", new Float64(), at(1)),
  column("x1_px", new Float64(), at(2)),
  column("y1_px", new Float64(), at(3)),
  column("longitude", new Float64(), ({ longitude }) => longitude, { nullable: true }),
  column("latitude", new Float64(), ({ latitude }) => latitude, { nullable: true }),
  column("captured_at", new TimestampMillisecond("UTC"), ({ captured_at }) => Date.parse(captured_at)),
  column("received_at", new TimestampMillisecond("UTC"), ({ received_at }) => Date.parse(received_at)),
  column("latency_s", new Float64(), ({ latency_s }) => latency_s),
  column("model", new Utf8(), ({ model }) => model ?? null, { nullable: true }),
];

const schema = new Schema(columns.map(({ field }) => field));

const batchOf = (results: readonly ResultMessage[]): RecordBatch => {
  const children = columns.map(({ field, cell }) => {
    const vector = vectorFromArray(results.map(cell), field.type);
    return vector.data[0] ?? makeData({ type: field.type, length: 0 });
  });
  const data = makeData({ type: new Struct(schema.fields), length: results.length, children });
  return new RecordBatch(schema, data);
};

/** Results as an Arrow table, one row each: columns and units as in a run's `detections.parquet`, geometry as GeoArrow's WKB. */
export const resultTable = (results: readonly ResultMessage[]): Table =>
  new Table(schema, [batchOf(results)]);

/** An Arrow IPC stream of results, a record batch for each group that is written; the schema comes first, also when nothing follows. */
export const openResultStream = () => {
  const writer = new RecordBatchStreamWriter();
  writer.write(batchOf([]));
  return {
    /** What is to go to whoever listens, as it becomes ready. */
    bytes: writer as AsyncIterable<Uint8Array>,
    write(results: readonly ResultMessage[]): void {
      writer.write(batchOf(results));
    },
    end(): void {
      writer.finish();
    },
  };
};
