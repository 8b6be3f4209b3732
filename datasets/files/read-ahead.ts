import type { ByteRange } from "./byte-source.ts";

/** A stretch of a file; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a reader has said that it will read, and how far it has come. Reads nothing. */
export interface ReadAhead {
  /** `span` widened to all of the expected reads that it touches: one request then brings what is wanted next as well. */
  widen(span: Span): Span;
  /** Notes that `span` is being read; returns what is to be asked for now, in the order of need. Nothing is returned twice. */
  advance(span: Span): readonly Span[];
}

/** No expectations: spans stay as they are. */
export const noReadAhead: ReadAhead = { widen: (span) => span, advance: () => [] };

/**
 * Follows `reads`, which are in the order of need and do not overlap. What is asked for reaches at most `aheadBytes`, and the
 * read that crosses that line, beyond the furthest read that was touched.
 */
export const openReadAhead = (reads: readonly ByteRange[], aheadBytes: number): ReadAhead => {
  const spans = reads.map(({ offsetBytes, lengthBytes }, order) => ({
    start: offsetBytes,
    end: offsetBytes + lengthBytes,
    order,
  }));
  const byStart = spans.toSorted((a, b) => a.start - b.start);
  /** Bytes of all reads before each one. */
  const before = [0];
  for (const { start, end } of spans) before.push(before.at(-1)! + end - start);
  /** One beyond the furthest read that was touched, and one beyond the last that was asked for. */
  let reach = 0;
  let asked = 0;

  const touched = ({ start, end }: Span) => {
    let [low, high] = [0, byStart.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byStart[middle]!.end > start) high = middle;
      else low = middle + 1;
    }
    const first = low;
    while (low < byStart.length && byStart[low]!.start < end) low++;
    return byStart.slice(first, low);
  };

  return {
    widen: (span) => {
      const own = touched(span);
      return {
        start: Math.min(span.start, own[0]?.start ?? span.start),
        end: Math.max(span.end, own.at(-1)?.end ?? span.end),
      };
    },
    advance: (span) => {
      for (const { order } of touched(span)) reach = Math.max(reach, order + 1);
      asked = Math.max(asked, reach);
      const from = asked;
      while (asked < spans.length && before[asked]! - before[reach]! < aheadBytes) asked++;
      return spans.slice(from, asked);
    },
  };
};
