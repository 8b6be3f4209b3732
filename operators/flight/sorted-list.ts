/** A list in the order of `compare`, which must be total. Cheap at both ends, where a queue of products grows and shrinks. */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  /** Items before `#head` have been removed. */
  #items: T[] = [];
  #head = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  add(item: T): void {
    const at = this.#position(item);
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  /** Does nothing when it is not there. */
  remove(item: T): void {
    const at = this.#position(item);
    if (this.#items[at] !== item) return;
    if (at > this.#head) this.#items.splice(at, 1);
    else this.#head++;
    if (this.#head < 1024 || this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  find(accept: (item: T) => boolean): T | undefined {
    for (let i = this.#head; i < this.#items.length; i++) {
      const item = this.#items[i] as T;
      if (accept(item)) return item;
    }
    return undefined;
  }

  findLast(accept: (item: T) => boolean): T | undefined {
    for (let i = this.#items.length - 1; i >= this.#head; i--) {
      const item = this.#items[i] as T;
      if (accept(item)) return item;
    }
    return undefined;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i] as T;
  }

  /** Where `item` is, or would be. */
  #position(item: T): number {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#items[middle] as T, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
