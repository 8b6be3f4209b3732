import type { Georeference } from "../../pipeline/raster/georeference.ts";
import { proj4Definition } from "../../pipeline/raster/projection.ts";

const latitudeFirst = 4326;

const numbersIn = (text: string): readonly number[] =>
  text
    .trim()
    .split(/[\s,]+/)
    .map(Number);

const contentOf = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>([^<]*)</(?:\\w+:)?${name}>`, "g"))].map(
    ([, content = ""]) => content,
  );

/**
 * The rectified grid of a GMLJP2 document (OGC 05-047r3, section 7): the centre of the first pixel and the steps along columns
 * and rows. `null` where it is not there, or its system is not named by an EPSG code.
 *
 * A system that is named by a URN has its axes in EPSG's order, so that a latitude stands first; that order is known of the systems
 * that `proj4Definition` knows.
 */
export const parseGmlGrid = (xml: string): Georeference | null => {
  const grid = /<(?:\w+:)?RectifiedGrid\b[\s\S]*?<\/(?:\w+:)?RectifiedGrid>/.exec(xml)?.[0];
  if (grid === undefined) return null;
  const [position] = contentOf(grid, "pos").map(numbersIn);
  const [alongColumns, alongRows] = contentOf(grid, "offsetVector").map(numbersIn);
  const system = /\bsrsName\s*=\s*["']([^"']+)["']/.exec(grid)?.[1] ?? "";
  const epsg = Number(/EPSG.*?(\d+)$/.exec(system)?.[1]);
  const values = [position, alongColumns, alongRows];
  const isComplete = values.every((pair) => pair?.length === 2 && pair.every(Number.isFinite));
  if (!isComplete || !Number.isSafeInteger(epsg)) return null;
  const swapped = system.startsWith("urn:") && epsg === latitudeFirst;
  const [origin, column, row] = values.map((pair) => (swapped ? pair!.toReversed() : pair!)) as [
    number[],
    number[],
    number[],
  ];
  const [x, y] = origin as [number, number];
  const [a, d] = column as [number, number];
  const [b, e] = row as [number, number];
  if (a * e - b * d === 0) return null;
  const crs = `EPSG:${epsg}`;
  const proj4 = proj4Definition(crs);
  if (proj4 === null) return null;
  return { crs, proj4, transform: [a, b, x - (a + b) / 2, d, e, y - (d + e) / 2] };
};
