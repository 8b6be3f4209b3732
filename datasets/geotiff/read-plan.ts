/** A stretch of a file and the blocks that lie in it. */
export interface PlannedRead<Item> {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly items: readonly Item[];
}

/** Reading over a gap of this size is cheaper than asking twice. */
const maxGapBytes = 16_384;
/** But what nobody wants stays a small part of a read, however small its blocks are: over a network bytes are paid for. */
const maxGapShare = 0.1;
/** This much is never worth a request: blocks of one value are a few bytes each, with as many between them. */
const freeGapBytes = 4096;
const usualReadBytes = 1_000_000;

/**
 * Joins blocks that lie next to each other into single reads, in file order. Plain data: reads nothing.
 * Every item is in exactly one read; a read is longer than `mostBytes` (1 MB) only when a single block is, and at most a tenth of
 * it, or 4 kB, is gaps.
 */
export const planReads = <Item extends { readonly offsetBytes: number; readonly lengthBytes: number }>(
  items: readonly Item[],
  mostBytes = usualReadBytes,
): readonly PlannedRead<Item>[] => {
  const reads: { offsetBytes: number; lengthBytes: number; gapBytes: number; items: Item[] }[] = [];
  for (const item of items.toSorted((a, b) => a.offsetBytes - b.offsetBytes)) {
    const { offsetBytes } = item;
    const end = offsetBytes + item.lengthBytes;
    const last = reads.at(-1);
    const gap = last === undefined ? 0 : Math.max(0, offsetBytes - (last.offsetBytes + last.lengthBytes));
    const joined = last === undefined ? 0 : Math.max(last.lengthBytes, end - last.offsetBytes);
    if (
      last !== undefined &&
      gap <= maxGapBytes &&
      last.gapBytes + gap <= Math.max(freeGapBytes, maxGapShare * joined) &&
      joined <= mostBytes
    ) {
      last.gapBytes += gap;
      last.lengthBytes = joined;
      last.items.push(item);
    } else {
      reads.push({ offsetBytes, lengthBytes: item.lengthBytes, gapBytes: 0, items: [item] });
    }
  }
  return reads.map(({ offsetBytes, lengthBytes, items: own }) => ({ offsetBytes, lengthBytes, items: own }));
};
