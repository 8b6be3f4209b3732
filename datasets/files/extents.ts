/** A stretch of a file, and where its bytes stand in a store. `end` is exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** A stretch that is wanted: held from `at` on, or missing (`null`). */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly at: number | null;
}

/** The index of the first extent that ends behind `offset`; they are sorted and do not overlap. */
const firstBehind = (extents: readonly Extent[], offset: number): number => {
  let [low, high] = [0, extents.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (extents[middle]!.end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** `start` to `end`, cut into what is held and what is missing, in order and without gaps. Plain data. */
export const cutByExtents = (extents: readonly Extent[], start: number, end: number): readonly Piece[] => {
  const pieces: Piece[] = [];
  let from = start;
  for (let i = firstBehind(extents, start); i < extents.length && from < end; i++) {
    const held = extents[i]!;
    if (held.start >= end) break;
    if (held.start > from) pieces.push({ start: from, end: held.start, at: null });
    const begin = Math.max(from, held.start);
    const until = Math.min(end, held.end);
    pieces.push({ start: begin, end: until, at: held.at + (begin - held.start) });
    from = until;
  }
  if (from < end) pieces.push({ start: from, end, at: null });
  return pieces;
};

/** Adds an extent that overlaps none; one that continues its neighbour, there and in the store, becomes part of it. */
export const addExtent = (extents: Extent[], added: Extent): void => {
  let index = firstBehind(extents, added.start);
  let { start, end, at } = added;
  const before = extents[index - 1];
  if (before !== undefined && before.end === start && before.at + (before.end - before.start) === at) {
    [start, at] = [before.start, before.at];
    extents.splice(--index, 1);
  }
  const after = extents[index];
  if (after !== undefined && after.start === end && after.at === at + (end - start)) {
    end = after.end;
    extents.splice(index, 1);
  }
  extents.splice(index, 0, { start, end, at });
};
