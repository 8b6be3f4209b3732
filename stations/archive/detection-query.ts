import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import type { LonLatBox } from "../../pipeline/raster/georeference.ts";
import { type Block, blockRows, type DetectionTable } from "./detection-table.ts";

/** What is looked for in the archive; `null` for anything. */
export interface DetectionQuery {
  /** Detections whose geometry and the box have a point in common; west > east crosses the antimeridian. */
  readonly bbox: LonLatBox | null;
  /** Taken from here on, and up to here, both included; milliseconds since 1970; `null`: open. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly classes: readonly string[] | null;
  /** 0 … 1. */
  readonly minScore: number;
  /** By `<run>-<policy>`. */
  readonly runs: readonly string[] | null;
  /** By name in the dataset. */
  readonly scenes: readonly string[] | null;
}

/** Everything. */
export const anyDetection: DetectionQuery = {
  bbox: null,
  fromMs: null,
  toMs: null,
  classes: null,
  minScore: 0,
  runs: null,
  scenes: null,
};

const boxesOf = (bbox: LonLatBox | null): readonly BoundingBox[] | null => {
  if (bbox === null) return null;
  const [west, south, east, north] = bbox;
  return west <= east
    ? [bbox]
    : [
        [west, south, 180, north],
        [-180, south, east, north],
      ];
};

/** A query made ready for one table. */
interface Matcher {
  readonly mayHold: (block: Block) => boolean;
  readonly matches: (row: number) => boolean;
}

const matcherOf = (
  table: DetectionTable,
  { bbox, fromMs, toMs, classes, minScore, scenes }: DetectionQuery,
): Matcher => {
  const boxes = boxesOf(bbox);
  const [from, to] = [fromMs ?? -Infinity, toMs ?? Infinity];
  const codes = classes?.map((name) => table.classes.indexOf(name)).filter((code) => code >= 0) ?? null;
  const mask = codes?.reduce((sum, code) => sum | (1 << (code % 32)), 0) ?? null;
  const { areas, capturedMs, score } = table;
  return {
    mayHold: (block) =>
      block.toMs >= from &&
      block.fromMs <= to &&
      block.bestScore >= minScore &&
      (mask === null || (block.classes & mask) !== 0) &&
      (boxes === null ||
        boxes.some(
          ([west, south, east, north]) =>
            block.west <= east && block.east >= west && block.south <= north && block.north >= south,
        )),
    matches(row) {
      const at = capturedMs.values[row] as number;
      return (
        at >= from &&
        at <= to &&
        (score.values[row] as number) >= minScore &&
        (codes === null || codes.includes(table.classAt(row))) &&
        (scenes === null || scenes.includes(table.sceneAt(row))) &&
        (boxes === null || boxes.some((box) => areas.touches(row, box)))
      );
    },
  };
};

/** Rows of a table that a query wants, from row `from` on, in order. */
export function* rowsOf(table: DetectionTable, query: DetectionQuery, from = 0): Generator<number> {
  const { mayHold, matches } = matcherOf(table, query);
  for (let at = Math.floor(from / blockRows); at * blockRows < table.rows; at += 1) {
    if (!mayHold(table.blocks[at] as Block)) continue;
    const end = Math.min((at + 1) * blockRows, table.rows);
    for (let row = Math.max(from, at * blockRows); row < end; row += 1) if (matches(row)) yield row;
  }
}

/** How many rows of a table a query wants. */
export const countRows = (table: DetectionTable, query: DetectionQuery): number => {
  const { mayHold, matches } = matcherOf(table, query);
  let count = 0;
  for (const [at, block] of table.blocks.entries()) {
    if (!mayHold(block)) continue;
    const end = Math.min((at + 1) * blockRows, table.rows);
    for (let row = at * blockRows; row < end; row += 1) if (matches(row)) count += 1;
  }
  return count;
};
