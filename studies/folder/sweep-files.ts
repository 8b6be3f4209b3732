import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { sweepColumns, type SweepTable } from "../../measure/summary/sweep-table.ts";

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A sweep as CSV (RFC 4180, but for line ends): the options swept, the run, its figures; empty where there is none. */
export const encodeSweepCsv = ({ keys, rows }: SweepTable): string => {
  const head = [...keys, "run", ...sweepColumns.map(({ key }) => key)];
  const lines = rows.map(({ point, run, figures }) => [
    ...keys.map((key) => point[key] ?? ""),
    run,
    ...sweepColumns.map(({ key }) => figures[key]?.toString() ?? ""),
  ]);
  return [head, ...lines].map((line) => `${line.map(quoted).join(",")}\n`).join("");
};

const text = (name: string): SchemaElement => ({
  name,
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  repetition_type: "REQUIRED",
});
const real = (name: string): SchemaElement => ({ name, type: "DOUBLE", repetition_type: "OPTIONAL" });

/** The same as Parquet. */
export const encodeSweepParquet = ({ keys, rows }: SweepTable): Uint8Array => {
  const columns = [
    ...keys.map((key) => ({ element: text(key), data: rows.map(({ point }) => point[key] ?? "") })),
    { element: text("run"), data: rows.map(({ run }) => run) },
    ...sweepColumns.map(({ key }) => ({
      element: real(key),
      data: rows.map(({ figures }) => figures[key]),
    })),
  ];
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ element, data }) => ({ name: element.name, data })),
    schema: [{ name: "root", num_children: columns.length }, ...columns.map(({ element }) => element)],
    createdBy: "swath",
  });
  return new Uint8Array(buffer);
};
