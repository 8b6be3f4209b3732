import type { SchemaElement } from "hyparquet";
import { ByteWriter, geojsonToWkb, ParquetWriter, parquetWriteBuffer } from "hyparquet-writer";

/** One column of a table: how it is stored, and its cells in the order of the rows. */
export interface ParquetColumn {
  readonly element: SchemaElement;
  readonly data: readonly unknown[];
}

/** What a column of text, whole numbers or real numbers is stored as; `?`: may be null. */
export type ParquetKind = "text" | "count" | "count?" | "real" | "real?";

/** A column of a Parquet schema; a kind that ends in `?` may be null. */
export const parquetElement = (name: string, kind: ParquetKind): SchemaElement => ({
  name,
  repetition_type: kind.endsWith("?") ? "OPTIONAL" : "REQUIRED",
  ...(kind === "text"
    ? { type: "BYTE_ARRAY", converted_type: "UTF8" }
    : { type: kind.startsWith("count") ? "INT64" : "DOUBLE" }),
});

/** A table as a Parquet file. The same columns make the same bytes. `metadata`: key and value of the file. */
export const encodeParquet = (
  columns: readonly ParquetColumn[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const entries = Object.entries(metadata);
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ element, data }) => ({ name: element.name, data: [...data] })),
    schema: [{ name: "root", num_children: columns.length }, ...columns.map(({ element }) => element)],
    ...(entries.length === 0 ? {} : { kvMetadata: entries.map(([key, value]) => ({ key, value })) }),
    createdBy: "swath",
  });
  return new Uint8Array(buffer);
};

/** A Parquet file that is written a group of rows at a time. What is handed out is to be put together in that order. */
export interface ParquetSink {
  /** Writes a group; the bytes that are ready. */
  readonly write: (data: readonly (readonly unknown[] | Float64Array)[]) => Uint8Array;
  /** The last bytes. */
  readonly finish: (metadata: Readonly<Record<string, string>>) => Uint8Array;
}

/** The writer keeps what it is given for no longer than a call; plain arrays are frozen elsewhere. */
const cellsOf = (data: readonly unknown[] | Float64Array): unknown[] | Float64Array =>
  data instanceof Float64Array ? data : [...data];

/**
 * A file of these columns, `data` of each group in their order.
 *
 * @param raw names of columns whose values nearly all differ and come in no order: stored as they are. A dictionary, compression and bounds would
 * take most of the time and save a tenth of the file
 */
export const parquetSink = (
  elements: readonly SchemaElement[],
  raw: ReadonlySet<string> = new Set(),
): ParquetSink => {
  const writer = new ByteWriter();
  const schema = [{ name: "root", num_children: elements.length }, ...elements];
  const file = new ParquetWriter({ writer, schema, createdBy: "swath" });
  const take = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  return {
    write(data) {
      const columnData = elements.map(({ name }, i) => ({
        name,
        data: cellsOf(data[i] ?? []),
        ...(raw.has(name) ? ({ encoding: "PLAIN", codec: "UNCOMPRESSED", statistics: false } as const) : {}),
      }));
      void file.write({ columnData, rowGroupSize: Math.max(1, data[0]?.length ?? 0) });
      return take();
    },
    finish(metadata) {
      file.kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
      void file.finish();
      return take();
    },
  };
};

/** A geometry as WKB. */
export const wkbOf: typeof geojsonToWkb = geojsonToWkb;
