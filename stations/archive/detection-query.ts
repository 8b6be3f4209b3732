import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import type { LonLatBox } from "../../pipeline/raster/georeference.ts";
import type { Block, DetectionTable } from "./detection-table.ts";

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

/** By number of the word: 1 where it is wanted; `null`: all are. */
const wantedWords = (words: readonly string[], wanted: readonly string[] | null): Uint8Array | null => {
  if (wanted === null) return null;
  const set = new Set(wanted);
  return Uint8Array.from(words, (word) => (set.has(word) ? 1 : 0));
};

/** A query made ready for one table. */
interface Matcher {
  /** Whether any row of a block may be wanted. */
  readonly mayHold: (block: Block) => boolean;
  /** Whether each row of a block is wanted for certain. */
  readonly holdsAll: (block: Block) => boolean;
  readonly matches: (row: number) => boolean;
}

const matcherOf = (
  table: DetectionTable,
  { bbox, fromMs, toMs, classes, minScore, scenes }: DetectionQuery,
): Matcher => {
  const boxes = boxesOf(bbox);
  const [from, to] = [fromMs ?? -Infinity, toMs ?? Infinity];
  const { areas, classNames, sceneNames } = table;
  // What is there now: a table that grows meanwhile has other arrays.
  const [times, scores] = [table.capturedMs.values, table.score.values];
  const [classOf, sceneOf] = [classNames.codes, sceneNames.codes];
  const isClass = wantedWords(classNames.words, classes);
  const isScene = wantedWords(sceneNames.words, scenes);
  const mask = isClass?.reduce((sum, is, code) => (is === 1 ? sum | (1 << (code % 32)) : sum), 0) ?? null;
  const touches = boxes?.map((box) => areas.touching(box)) ?? null;
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
    holdsAll: (block) =>
      block.fromMs >= from &&
      block.toMs <= to &&
      block.leastScore >= minScore &&
      isClass === null &&
      isScene === null &&
      (boxes === null ||
        (block.unplaced === 0 &&
          boxes.some(
            ([west, south, east, north]) =>
              block.west >= west && block.east <= east && block.south >= south && block.north <= north,
          ))),
    matches(row) {
      const at = times[row] as number;
      return (
        (scores[row] as number) >= minScore &&
        at >= from &&
        at <= to &&
        (isClass === null || isClass[classOf[row] as number] === 1) &&
        (isScene === null || isScene[sceneOf[row] as number] === 1) &&
        (touches === null || touches.some((touch) => touch(row)))
      );
    },
  };
};

const endOf = (table: DetectionTable, at: number): number => table.blocks[at + 1]?.start ?? table.rows;

/** The block that holds a row. */
const blockAt = (table: DetectionTable, row: number): number => {
  let [low, high] = [0, table.blocks.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((table.blocks[middle] as Block).start <= row) low = middle;
    else high = middle;
  }
  return low;
};

/** Rows of a table that a query wants, from row `from` on, in order; of those that are there when it begins. */
export function* rowsOf(table: DetectionTable, query: DetectionQuery, from = 0): Generator<number> {
  const { mayHold, matches } = matcherOf(table, query);
  const [blocks, rows] = [table.blocks.length, table.rows];
  for (let at = blockAt(table, from); at < blocks; at += 1) {
    const block = table.blocks[at] as Block;
    if (!mayHold(block)) continue;
    const end = Math.min(endOf(table, at), rows);
    for (let row = Math.max(from, block.start); row < end; row += 1) if (matches(row)) yield row;
  }
}

/** How many rows of a table a query wants. */
export const countRows = (table: DetectionTable, query: DetectionQuery): number => {
  const { mayHold, holdsAll, matches } = matcherOf(table, query);
  let count = 0;
  for (const [at, block] of table.blocks.entries()) {
    if (!mayHold(block)) continue;
    const end = endOf(table, at);
    if (holdsAll(block)) count += end - block.start;
    else for (let row = block.start; row < end; row += 1) if (matches(row)) count += 1;
  }
  return count;
};
