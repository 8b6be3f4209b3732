/** The arrays of numbers that a column may lie in. */
export type NumberArray = Float64Array | Int32Array | Uint32Array | Uint16Array;

/** Numbers packed side by side, as many as come. */
export interface GrowingColumn<A extends NumberArray> {
  /** May be longer than what was added. */
  readonly values: A;
  readonly length: number;
  add(value: number): void;
  /** Room for so many more, so that nothing is copied on the way. */
  reserve(more: number): void;
}

/** An empty column. It grows by half: what is in it is copied at most three times over. */
export const growingColumn = <A extends NumberArray>(make: new (length: number) => A): GrowingColumn<A> => {
  let values = new make(0);
  let length = 0;
  const grow = (wanted: number): void => {
    const wider = new make(wanted);
    wider.set(values.subarray(0, length));
    values = wider;
  };
  return {
    get values() {
      return values;
    },
    get length() {
      return length;
    },
    add(value) {
      if (length === values.length) grow(Math.max(64, Math.ceil(length * 1.5)));
      values[length++] = value;
    },
    reserve(more) {
      if (length + more > values.length) grow(length + more);
    },
  };
};

/** Text of which much is said again and again: each once, and a number for it. */
export interface WordColumn {
  readonly words: readonly string[];
  readonly length: number;
  add(word: string): void;
  at(row: number): string;
  /** The number of each row's word; may be longer than what was added. */
  readonly codes: Uint32Array;
  reserve(more: number): void;
}

/** An empty column of words. */
export const wordColumn = (): WordColumn => {
  const words: string[] = [];
  const codes = new Map<string, number>();
  const column = growingColumn(Uint32Array);
  return {
    words,
    get length() {
      return column.length;
    },
    add(word) {
      let code = codes.get(word);
      if (code === undefined) {
        code = words.push(word) - 1;
        codes.set(word, code);
      }
      column.add(code);
    },
    at: (row) => words[column.values[row] as number] as string,
    get codes() {
      return column.values;
    },
    reserve: (more) => column.reserve(more),
  };
};
