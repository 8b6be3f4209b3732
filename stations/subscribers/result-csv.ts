import type { ResultMessage } from "../../pipeline/mission/result-message.ts";

type Cell = string | number | null;

/** Names and units as in the GeoParquet files of a run; a place is that of the centre. */
const columns: readonly (readonly [name: string, cell: (result: ResultMessage) => Cell])[] = [
  ["id", ({ id }) => id],
  ["run", ({ run }) => run],
  ["policy", ({ policy }) => policy],
  ["scene", ({ scene }) => scene],
  ["acquisition", ({ acquisition }) => acquisition],
  ["satellite", ({ satellite }) => satellite],
  ["station", ({ station }) => station],
  ["class", (result) => result.class],
  ["score", ({ score }) => score],
  ["longitude", ({ longitude }) => longitude],
  ["latitude", ({ latitude }) => latitude],
  ["x0_px", ({ box_px }) => box_px[0]],
  ["y0_px", ({ box_px }) => box_px[1]],
  ["x1_px", ({ box_px }) => box_px[2]],
  ["y1_px", ({ box_px }) => box_px[3]],
  ["captured_at", ({ captured_at }) => captured_at],
  ["received_at", ({ received_at }) => received_at],
  ["latency_s", ({ latency_s }) => latency_s],
  ["model", ({ model }) => model ?? null],
];

/** RFC 4180; what a spreadsheet would take for a formula is told to be text. */
const cellText = (cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const told = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(told) ? `"${told.replaceAll('"', '""')}"` : told;
};

/** The head of a table of results, without a line end. */
export const csvHead: string = [...columns.map(([name]) => name), "cursor"].join(",");

/** A result as a row; `cursor` is "" where none is kept. */
export const csvRow = (result: ResultMessage, cursor: string): string =>
  [...columns.map(([, cell]) => cellText(cell(result))), cellText(cursor)].join(",");

/** The same without a cursor, for files. */
export const csvFileHead: string = columns.map(([name]) => name).join(",");

/** A row of a file. */
export const csvFileRow = (result: ResultMessage): string =>
  columns.map(([, cell]) => cellText(cell(result))).join(",");
