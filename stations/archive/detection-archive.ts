import { placeOfId } from "../../pipeline/mission/detection-id.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { areaGeometry, type BoundingBox, uniteBoxes } from "../../pipeline/raster/area-geometry.ts";
import type { DetectionFeature } from "./detection-geojson.ts";
import { countRows, type DetectionQuery, rowsOf } from "./detection-query.ts";
import { type DetectionTable, detectionTable } from "./detection-table.ts";

/** Where a page ended: the next one begins behind it. Text, to be handed back as it is. */
export type PageCursor = string;

/** A stretch of an answer. */
export interface DetectionPage {
  readonly features: readonly DetectionFeature[];
  /** `null`: this is the last one. */
  readonly next: PageCursor | null;
}

/** A run's detections, in short. */
export interface ArchivedRun {
  readonly run: string;
  readonly policy: string;
  /** Heard, and its folder is not there: it is at work, and more may come. */
  readonly isLive: boolean;
  readonly detections: number;
  readonly classes: readonly string[];
  /** `null` where none has a place. */
  readonly bbox: BoundingBox | null;
  /** Milliseconds since 1970; `null` for none. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/**
 * Detections of many runs, finished and at work, that can be asked for. Answers are in the order of runs by name, then of rows; pages
 * follow one another without gap or repeat while runs come and grow. A run that ends is put in order once: pages that began before are
 * told so.
 */
export interface DetectionArchive {
  readonly runs: () => readonly ArchivedRun[];
  readonly count: (query: DetectionQuery) => number;
  /** `null`: the cursor is none, or of a run that is gone or was put in order since. */
  readonly page: (query: DetectionQuery, limit: number, after: PageCursor | null) => DetectionPage | null;
  /** All that a query wants, one by one. */
  readonly all: (query: DetectionQuery) => Generator<DetectionFeature>;
  readonly find: (id: string) => DetectionFeature | null;
  /** A finished run, in place of what was heard of it while it was at work. */
  readonly keep: (table: DetectionTable) => void;
  readonly isKept: (run: string) => boolean;
  readonly forget: (run: string) => void;
  /** A detection of a run at work; of a run that is kept already, or said twice, it changes nothing. */
  readonly hear: (result: ResultMessage) => void;
}

/** Rows that are held of a run at work: what is more shows when its folder is there. */
const mostLive = 1_000_000;

interface Segment {
  readonly table: DetectionTable;
  /** Ids of a run at work, since NATS may say a thing twice; `null` of a finished one. */
  readonly heard: Set<string> | null;
}

const cursorOf = (table: DetectionTable, isLive: boolean, row: number): PageCursor =>
  `${table.origin.run}.${isLive ? "live" : "kept"}.${row}`;

const boxOf = (table: DetectionTable): BoundingBox | null => {
  const boxes = table.blocks
    .filter(({ west }) => west !== Infinity)
    .map(({ west, south, east, north }): BoundingBox => [west, south, east, north]);
  return uniteBoxes(boxes);
};

const summaryOf = ({ table, heard }: Segment): ArchivedRun => {
  const { origin, rows, classNames, blocks } = table;
  const [from, to] = [
    blocks.reduce((so, { fromMs }) => Math.min(so, fromMs), Infinity),
    blocks.reduce((so, { toMs }) => Math.max(so, toMs), -Infinity),
  ];
  return {
    ...origin,
    isLive: heard !== null,
    detections: rows,
    classes: classNames.words.toSorted(),
    bbox: boxOf(table),
    fromMs: rows === 0 ? null : from,
    toMs: rows === 0 ? null : to,
  };
};

/** An empty archive. */
export const detectionArchive = (): DetectionArchive => {
  const segments = new Map<string, Segment>();
  const inOrder = (): readonly Segment[] =>
    [...segments.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, segment]) => segment);
  const wanted = ({ runs }: DetectionQuery): readonly Segment[] =>
    inOrder().filter(({ table }) => runs === null || runs.includes(table.origin.run));

  /** Where a page begins: the run, and the row in it; `null` for a cursor that does not hold. */
  const startOf = (after: PageCursor): { readonly run: string; readonly row: number } | null => {
    const [, run = "", kind, row = ""] = /^([A-Za-z0-9_-]+)\.(live|kept)\.(\d{1,10})$/.exec(after) ?? [];
    const segment = segments.get(run);
    if (segment === undefined || (segment.heard !== null) !== (kind === "live")) return null;
    return Number(row) < segment.table.rows ? { run, row: Number(row) + 1 } : null;
  };
  function* matching(
    query: DetectionQuery,
    start: { readonly run: string; readonly row: number } | null,
  ): Generator<{ readonly segment: Segment; readonly row: number }> {
    for (const segment of wanted(query)) {
      const { run } = segment.table.origin;
      if (start !== null && run < start.run) continue;
      const from = start?.run === run ? start.row : 0;
      for (const row of rowsOf(segment.table, query, from)) yield { segment, row };
    }
  }
  return {
    runs: () => inOrder().map(summaryOf),
    count: (query) => wanted(query).reduce((sum, { table }) => sum + countRows(table, query), 0),
    page(query, limit, after) {
      const start = after === null ? null : startOf(after);
      if (after !== null && start === null) return null;
      const features: DetectionFeature[] = [];
      let last: PageCursor | null = null;
      for (const { segment, row } of matching(query, start)) {
        // One more than the page holds: there is a next one.
        if (features.length === limit) return { features, next: last };
        features.push(segment.table.featureAt(row));
        last = cursorOf(segment.table, segment.heard !== null, row);
      }
      return { features, next: null };
    },
    *all(query) {
      for (const { segment, row } of matching(query, null)) yield segment.table.featureAt(row);
    },
    find(id) {
      const place = placeOfId(id);
      const table = place === null ? undefined : segments.get(place.run)?.table;
      if (place === null || table === undefined) return null;
      for (let row = 0; row < table.rows; row += 1) {
        if (table.acquisition.values[row] === place.acquisition && table.idAt(row) === id)
          return table.featureAt(row);
      }
      return null;
    },
    keep: (table) => void segments.set(table.origin.run, { table, heard: null }),
    isKept: (run) => segments.get(run)?.heard === null,
    forget: (run) => void segments.delete(run),
    hear(result) {
      const { run, policy } = result;
      let segment = segments.get(run);
      if (segment === undefined) {
        segment = { table: detectionTable({ run, policy }), heard: new Set() };
        segments.set(run, segment);
      }
      const { table, heard } = segment;
      if (heard === null || heard.has(result.id) || table.rows >= mostLive) return;
      heard.add(result.id);
      table.add({
        ...result,
        area: result.polygon === null ? null : areaGeometry(result.polygon),
        capturedMs: Date.parse(result.captured_at),
        receivedMs: Date.parse(result.received_at),
      });
    },
  };
};
