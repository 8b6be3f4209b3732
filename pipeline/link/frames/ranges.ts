/** [first, last], both included. */
export type Range = readonly [first: number, last: number];

/** A growing set of non-negative integers, kept as sorted, disjoint, non-touching ranges; cheap when added in order. */
export class RangeSet {
  readonly #ranges: [first: number, last: number][] = [];
  #size = 0;

  /** How many integers are in the set. */
  get size(): number {
    return this.#size;
  }

  get ranges(): readonly Range[] {
    return this.#ranges;
  }

  has(value: number): boolean {
    const at = this.#firstEndingFrom(value);
    return at < this.#ranges.length && this.#ranges[at]![0] <= value;
  }

  /** Adds first … last; returns the parts of it that were not in the set before. */
  add(first: number, last: number): readonly Range[] {
    const fresh = this.missing(first, last);
    if (fresh.length === 0) return fresh;
    // Whatever overlaps or touches first … last becomes one range with it.
    const from = this.#firstEndingFrom(first - 1);
    let to = from;
    let [start, end] = [first, last];
    for (; to < this.#ranges.length && this.#ranges[to]![0] <= last + 1; to++) {
      start = Math.min(start, this.#ranges[to]![0]);
      end = Math.max(end, this.#ranges[to]![1]);
    }
    this.#ranges.splice(from, to - from, [start, end]);
    for (const [a, b] of fresh) this.#size += b - a + 1;
    return fresh;
  }

  /** The parts of first … last that are not in the set. */
  missing(first: number, last: number): readonly Range[] {
    const gaps: Range[] = [];
    let next = first;
    for (let at = this.#firstEndingFrom(first); at < this.#ranges.length && next <= last; at++) {
      const [start, end] = this.#ranges[at]!;
      if (start > last) break;
      if (start > next) gaps.push([next, start - 1]);
      next = Math.max(next, end + 1);
    }
    if (next <= last) gaps.push([next, last]);
    return gaps;
  }

  clear(): void {
    this.#ranges.length = 0;
    this.#size = 0;
  }

  /** Index of the first range that ends at `value` or later. */
  #firstEndingFrom(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    if (high > 0 && this.#ranges[high - 1]![1] < value) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]![1] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
