import { html, type Markup } from "./html.ts";

/** A cell of a table that a page hands out. */
export type CsvCell = string | number | null;

/** A table that a page hands out beside drawing it: a name, heads with units in them, rows. */
export interface CsvTable {
  /** Of the file, `policies.csv`. */
  readonly file: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

const cellText = (cell: CsvCell): string => {
  if (cell === null) return "";
  const text = typeof cell === "number" ? String(cell) : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180: a header line, CRLF, quotes where a cell needs them. */
export const csvText = ({ heads, rows }: CsvTable): string =>
  [heads, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

/** A link that saves the table; it lies inside the page and needs neither network nor script. */
export const csvLink = (table: CsvTable): Markup => {
  const text = encodeURI(csvText(table)).replaceAll("#", "%23");
  return html`<a download="${table.file}" href="data:text/csv;charset=utf-8,${text}">${table.file}</a>`;
};
