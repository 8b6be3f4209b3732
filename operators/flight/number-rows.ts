/** All rows, and the names that they refer to by their place. */
export interface NumberRowsSnapshot {
  readonly rows: Float64Array;
  readonly names: readonly string[];
}

const firstRoom = 16;

/** Rows of `width` numbers each in one array, which grows, and no objects: a constellation makes millions of them. */
export class NumberRows {
  readonly #width: number;
  #rows: Float64Array;
  #names: string[] = [];
  #count = 0;

  constructor(width: number) {
    this.#width = width;
    this.#rows = new Float64Array(firstRoom * width);
  }

  /** How many rows there are: the place of the next. */
  get count(): number {
    return this.#count;
  }

  snapshot(): NumberRowsSnapshot {
    return { rows: this.#rows.subarray(0, this.#count * this.#width), names: this.#names };
  }

  restore({ rows, names }: NumberRowsSnapshot): void {
    this.#rows = new Float64Array(Math.max(rows.length, firstRoom * this.#width));
    this.#rows.set(rows);
    this.#count = rows.length / this.#width;
    this.#names = [...names];
  }

  /** Appends a row of `width` numbers; its place. */
  add(numbers: readonly number[]): number {
    const at = this.#count * this.#width;
    if (at === this.#rows.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows.set(numbers, at);
    return this.#count++;
  }

  /** Takes the last row out. */
  removeLast(): void {
    this.#count--;
  }

  get(row: number, field: number): number {
    return this.#rows[row * this.#width + field] as number;
  }

  set(row: number, field: number, value: number): void {
    this.#rows[row * this.#width + field] = value;
  }

  /** The place of a name, which is entered where it is new. */
  placeOf(name: string): number {
    const known = this.#names.lastIndexOf(name);
    return known < 0 ? this.#names.push(name) - 1 : known;
  }

  /** The name at a place. */
  nameAt(place: number): string {
    return this.#names[place] as string;
  }
}
