/** A stretch of a file and the blocks that lie in it. */
export interface PlannedRead<Item> {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly items: readonly Item[];
}

/** Reading over a gap of this size is cheaper than asking twice. */
const maxGapBytes = 16_384;
const maxReadBytes = 1_000_000;

/**
 * Joins blocks that lie next to each other into single reads, in file order. Plain data: reads nothing.
 * Every item is in exactly one read; a read is longer than 1 MB only when a single block is.
 */
export const planReads = <Item extends { readonly offsetBytes: number; readonly lengthBytes: number }>(
  items: readonly Item[],
): readonly PlannedRead<Item>[] => {
  const reads: { offsetBytes: number; lengthBytes: number; items: Item[] }[] = [];
  for (const item of items.toSorted((a, b) => a.offsetBytes - b.offsetBytes)) {
    const last = reads.at(-1);
    const end = item.offsetBytes + item.lengthBytes;
    if (
      last !== undefined &&
      item.offsetBytes - (last.offsetBytes + last.lengthBytes) <= maxGapBytes &&
      Math.max(last.lengthBytes, end - last.offsetBytes) <= maxReadBytes
    ) {
      last.lengthBytes = Math.max(last.lengthBytes, end - last.offsetBytes);
      last.items.push(item);
    } else {
      reads.push({ offsetBytes: item.offsetBytes, lengthBytes: item.lengthBytes, items: [item] });
    }
  }
  return reads;
};
