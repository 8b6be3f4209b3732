/**
 * A stretch of time cut into slots of even length, in which something is free or not: whether two calendars have room at the same time is then a
 * question to a few words of bits, and most that ask for an antenna are told no.
 */
export interface Slots {
  /** Instant of the first slot's start; seconds a slot; how many there are. */
  readonly origin: number;
  readonly length: number;
  readonly count: number;
}

/** So many slots at most, 32 KiB of marks: of a longer stretch nothing is told. */
const mostSlots = 262_144;

/**
 * Slots over [from, to] such that whatever lasts `minimum` seconds holds a whole one; `null` where that would be too many.
 */
export const slotsOver = (from: number, to: number, minimum: number): Slots | null => {
  const length = minimum / 2;
  const count = Math.ceil((to - from) / length);
  return count > 0 && count <= mostSlots ? { origin: from, length, count } : null;
};

/** All free. */
export const newMarks = ({ count }: Slots): Uint32Array => new Uint32Array((count + 31) >>> 5);

/** Part of a slot that what is rounded may take: a slot that is busy for less counts as free, one that reaches out by less as inside. */
const slack = 1e-3;

/** Marks the slots of which [from, to] takes a part. */
export const markBusy = (
  { origin, length, count }: Slots,
  marks: Uint32Array,
  from: number,
  to: number,
): void => {
  const first = Math.max(0, Math.floor((from - origin) / length + slack));
  const end = Math.min(count, Math.ceil((to - origin) / length - slack));
  for (let slot = first; slot < end; slot++)
    marks[slot >>> 5] = (marks[slot >>> 5] as number) | (1 << (slot & 31));
};

/** Whether a slot inside [from, to] is free in both. Where none is, they have no `minimum` seconds (see `slotsOver`) in common. */
export const shareSlot = (
  { origin, length, count }: Slots,
  some: Uint32Array,
  others: Uint32Array,
  from: number,
  to: number,
): boolean => {
  const first = Math.max(0, Math.ceil((from - origin) / length - slack));
  const last = Math.min(count, Math.floor((to - origin) / length + slack)) - 1;
  if (last < first) return false;
  const lastWord = last >>> 5;
  for (let word = first >>> 5; word <= lastWord; word++) {
    let free = ~((some[word] as number) | (others[word] as number));
    if (word === first >>> 5) free &= -1 << (first & 31);
    if (word === lastWord) free &= -1 >>> (31 - (last & 31));
    if (free !== 0) return true;
  }
  return false;
};
