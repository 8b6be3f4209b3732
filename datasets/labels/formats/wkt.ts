import type { DrawnPoint } from "../drawn-label.ts";

/** A geometry as text: the outer rings of its polygons; none where it is empty. */
export type WktPolygons = readonly (readonly DrawnPoint[])[];

const number = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?";
const position = new RegExp(`^\\s*${number}(?:\\s+${number}){1,3}\\s*$`);

/** A ring's positions: the first two numbers of each; heights and measures are passed over. `null` where one is malformed. */
const ringOf = (text: string): readonly DrawnPoint[] | null => {
  const points: DrawnPoint[] = [];
  for (const part of text.split(",")) {
    if (!position.test(part)) return null;
    const [x = NaN, y = NaN] = part.trim().split(/\s+/).map(Number);
    points.push([x, y]);
  }
  return points;
};

/** The texts of the bracketed groups directly in `text`; `null` where the brackets do not match. */
const groupsOf = (text: string): readonly string[] | null => {
  const groups: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(" && depth++ === 0) from = i + 1;
    if (text[i] === ")" && --depth === 0) groups.push(text.slice(from, i));
    if (depth < 0 || depth > 3) return null;
  }
  return depth === 0 ? groups : null;
};

const polygonRing = (body: string): readonly DrawnPoint[] | null => {
  const [outer] = groupsOf(body) ?? [];
  return outer === undefined ? null : ringOf(outer);
};

/**
 * Reads `POLYGON` and `MULTIPOLYGON` (OGC 06-103r4, section 7), with `Z`, `M` or `ZM`, an `SRID=…;` before it, or `EMPTY`. The outer
 * rings only. Returns `null` for what is no such text, and the geometry's name for one that has no extent of its own.
 */
export const parseWkt = (text: string): WktPolygons | string | null => {
  const found = /^(?:SRID=\d{1,6};)?\s*([A-Z]{4,20})\s*(?:ZM|Z|M)?\s*(EMPTY|\([\s\S]*\))\s*$/i.exec(
    text.trim(),
  );
  if (!found) return null;
  const [, word = "", body = ""] = found;
  const kind = word.toUpperCase().replace(/(?<=POLYGON)(?:ZM|Z|M)$/, "");
  if (kind !== "POLYGON" && kind !== "MULTIPOLYGON")
    return /POINT|LINESTRING|COLLECTION|SURFACE|CURVE|TIN/.test(kind) ? kind : null;
  if (body.toUpperCase() === "EMPTY") return [];
  const inside = body.slice(1, -1);
  const bodies = kind === "POLYGON" ? [inside] : groupsOf(inside);
  const rings = bodies?.map(polygonRing) ?? [null];
  return rings.length > 0 && rings.every((ring) => ring !== null) ? rings : null;
};

/** Pairs in whatever brackets: `[(8, 332), (180, 332)]`, `[[8, 332], …]`, `8,332,180,332`. `null` where they are no pairs. */
export const parsePairs = (text: string): readonly DrawnPoint[] | null => {
  if (!/^[\s\d.,;()[\]{}eE+-]*$/.test(text)) return null;
  const numbers = (text.match(new RegExp(number, "g")) ?? []).map(Number);
  if (
    numbers.length % 2 === 1 ||
    (text.match(/[([{]/g) ?? []).length !== (text.match(/[)\]}]/g) ?? []).length
  )
    return null;
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0]);
};
