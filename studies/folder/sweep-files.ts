import { encodeParquet, parquetElement } from "../../pipeline/parquet.ts";
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

/** The same as Parquet. */
export const encodeSweepParquet = ({ keys, rows }: SweepTable): Uint8Array =>
  encodeParquet([
    ...keys.map((key) => ({
      element: parquetElement(key, "text"),
      data: rows.map(({ point }) => point[key] ?? ""),
    })),
    { element: parquetElement("run", "text"), data: rows.map(({ run }) => run) },
    ...sweepColumns.map(({ key }) => ({
      element: parquetElement(key, "real?"),
      data: rows.map(({ figures }) => figures[key]),
    })),
  ]);
