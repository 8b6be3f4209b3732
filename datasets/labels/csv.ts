import { SwathError } from "../../pipeline/errors.ts";
import type { DrawnLabel, ImageLabels } from "./drawn-label.ts";

/** The cells of one line; cells in double quotes may hold commas, and `""` is a quote (RFC 4180). */
const splitLine = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "").trim() : quoted.replaceAll('""', '"'),
  );

const columnOf = (header: readonly string[], names: readonly string[]): number =>
  header.findIndex((name) => names.includes(name.toLowerCase()));

/** Numbers in pairs, whatever brackets hold them: `[(8, 332), (180, 332)]`, `POLYGON ((8 332, 180 332))`. */
const pointsOf = (text: string): (readonly [number, number])[] => {
  const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/gi)].map(([number]) => Number(number));
  if (numbers.length % 2 === 1) return [];
  return Array.from(
    { length: numbers.length / 2 },
    (_, i) => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0] as const,
  );
};

/**
 * Reads a table with one object a row: an image column (`image_id`, `image`, `filename`, …), a polygon in pixels
 * (`geometry`, `polygon`, …) and, if there is one, a class column.
 * Throws `SwathError("label")` with file and line when a column is missing or a polygon has fewer than two corners.
 */
export const parseCsv = (text: string, file: string): readonly ImageLabels[] => {
  const [first = "", ...rows] = text.split(/\r?\n/);
  const header = splitLine(first);
  const image = columnOf(header, ["image_id", "image", "filename", "file_name", "scene"]);
  const polygon = columnOf(header, ["geometry", "polygon", "points", "coordinates"]);
  const className = columnOf(header, ["class", "class_name", "label", "category"]);
  if (image < 0 || polygon < 0) {
    const wanted = "a header with columns image_id and geometry";
    throw new SwathError("label", {
      what: `${file}: not a label table`,
      wanted,
      got: `"${first.slice(0, 80)}"`,
    });
  }
  const byImage = new Map<string, DrawnLabel[]>();
  rows.forEach((row, index) => {
    if (row.trim() === "") return;
    const cells = splitLine(row);
    const points = pointsOf(cells[polygon] ?? "");
    const name = cells[image] ?? "";
    if (name === "" || points.length < 2) {
      const wanted = "an image name and a polygon of pixel pairs";
      throw new SwathError("label", {
        what: `${file}: line ${index + 2}`,
        wanted,
        got: `"${row.slice(0, 80)}"`,
      });
    }
    const label = {
      index,
      className: cells[className] || "object",
      frame: "pixel",
      points,
      ignore: false,
    } as const;
    byImage.set(name, [...(byImage.get(name) ?? []), label]);
  });
  return [...byImage].map(([name, labels]) => ({ image: name, size: null, labels }));
};
