import {
  classNameOf,
  type DrawnLabel,
  type DrawnPoint,
  type ImageLabels,
  LeftOutCount,
  printable,
  type ReadLabels,
} from "../drawn-label.ts";
import type { LabelDocument } from "../label-document.ts";
import type { LabelFormat } from "./label-format.ts";

/** Lines that say something of the image, not of an object. */
const isHead = (line: string): boolean => /^(?:imagesource|gsd|acquisition dates)\s*:/i.test(line);

const linesOf = (text: string): readonly { readonly text: string; readonly line: number }[] =>
  text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ text: line.trim(), line: i + 1 }))
    .filter((line) => line.text !== "" && !isHead(line.text));

const rowOf = (
  text: string,
): { readonly points: readonly DrawnPoint[]; readonly fields: readonly string[] } | null => {
  const fields = text.split(/[\s,]+/);
  const numbers = fields.slice(0, 8).map(Number);
  if (fields.length < 9 || fields.length > 10 || !numbers.every(Number.isFinite)) return null;
  const points = [0, 2, 4, 6].map((i): DrawnPoint => [numbers[i] ?? 0, numbers[i + 1] ?? 0]);
  return { points, fields };
};

/** Eight numbers and a word are DOTA; eight numbers and numbers too where they are pixels, since YOLO counts in fractions. */
const isDotaRow = (text: string): boolean => {
  const row = rowOf(text);
  if (row === null) return false;
  return !Number.isFinite(Number(row.fields[8])) || row.points.flat().some((value) => Math.abs(value) > 2);
};

const readSheet = ({ path, text }: LabelDocument, leftOut: LeftOutCount): ImageLabels => {
  const labels: DrawnLabel[] = [];
  const rows = linesOf(text);
  rows.forEach(({ text: line, line: number }, index) => {
    const row = rowOf(line);
    const [className, difficult = "0"] = row ? [classNameOf(row.fields[8]), row.fields[9]] : [];
    if (!row || !className || !/^[012]$/.test(difficult)) {
      return leftOut.add(
        "no row of eight numbers, a class and a difficulty",
        `${path}: line ${number}: "${printable(line)}"`,
      );
    }
    labels.push({ index, className, frame: "pixel", points: row.points, ignore: difficult !== "0" });
  });
  const image = path.replace(/\.[^./\\]*$/, "");
  const lost = rows.length - labels.length;
  return { image, file: path, isOwn: true, size: null, isSeenUpright: false, labels, lost };
};

/**
 * Reads DOTA text (https://captain-whu.github.io/DOTA/dataset.html): a line an object, `x1 y1 … x4 y4 class difficult`, in pixels.
 * Difficult objects become labels to ignore, as the DOTA score has it.
 */
export const parseDota = (documents: readonly LabelDocument[]): ReadLabels => {
  const leftOut = new LeftOutCount();
  const images = documents.map((document) => readSheet(document, leftOut));
  return { images, loose: [], leftOut: leftOut.list(), notes: [], failed: [] };
};

/** DOTA, of its own and of tools for turned boxes. */
export const dota: LabelFormat = {
  name: "DOTA",
  extensions: [".txt"],
  isOwn: true,
  hasClassNumbers: false,
  usualName: null,
  recognises: ({ text }) => {
    const lines = linesOf(text.slice(0, 100_000)).slice(0, 50);
    const rows = lines.filter(({ text: line }) => isDotaRow(line));
    return rows.length > 0 && rows.length >= lines.length / 2;
  },
  read: parseDota,
};
