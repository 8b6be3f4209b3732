import { SwathError } from "./errors.ts";

/*
 * Tables of numbers as columns, in one file that a page reads without parsing it row by row:
 *
 *     0  4  "SWTC"
 *     4  4  version, u32
 *     8  4  bytes of the head, u32, a multiple of 8 less 4
 *    12  …  the head: JSON, filled up with spaces
 *     …  …  the columns, each from a multiple of 8 on
 *
 * Numbers are little-endian. The head names tables, their rows and columns; a `text` column holds places in the list of texts
 * that stands in the head, too. No Node in here: the browser reads these files as well.
 */
const magic = 0x43545753;
const version = 1;
const preamble = 12;

const arrays = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  /** Places in the list of texts. */
  text: Uint32Array,
} as const;

/** What a column holds. */
export type ColumnType = keyof typeof arrays;

/** A column in memory, by its type. */
export type Column<Type extends ColumnType = ColumnType> = InstanceType<(typeof arrays)[Type]>;

/** The columns of a table, with their types. */
export type TableShape = Readonly<Record<string, ColumnType>>;

/** A table in memory. All columns have `rows` entries. */
export interface Table<Shape extends TableShape = TableShape> {
  readonly rows: number;
  readonly columns: { readonly [Name in keyof Shape]: Column<Shape[Name]> };
}

/** One row of a table, its texts written out. */
export type Row<Shape extends TableShape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends "text" ? string : number;
};

/** One row of some table. */
export type AnyRow = Readonly<Record<string, string | number>>;

/** What a file holds: tables by name, and the texts that their `text` columns point into. */
export interface ColumnFile {
  readonly tables: Readonly<Record<string, Table>>;
  readonly texts: readonly string[];
}

interface Head {
  readonly tables: Readonly<
    Record<
      string,
      { readonly rows: number; readonly columns: Readonly<Record<string, [ColumnType, number]>> }
    >
  >;
  readonly texts: readonly string[];
}

const aligned = (offset: number): number => (offset + 7) & ~7;

/** A new column of this type; all zero. */
export const newColumn = <Type extends ColumnType>(type: Type, rows: number): Column<Type> =>
  new arrays[type](rows) as Column<Type>;

const typeOf = (shape: TableShape, name: string): ColumnType => shape[name] as ColumnType;

/** Rows as a table of that shape; their texts are added to `texts`, each once. */
export const tableOf = <Shape extends TableShape>(
  shape: Shape,
  rows: readonly AnyRow[],
  texts: TextList,
): Table<Shape> => {
  const columns: Record<string, Column> = {};
  for (const name of Object.keys(shape)) {
    const type = typeOf(shape, name);
    const column = newColumn(type, rows.length);
    for (const [at, row] of rows.entries()) {
      const value = row[name] as string | number;
      column[at] = typeof value === "string" ? texts.placeOf(value) : value;
    }
    columns[name] = column;
  }
  return { rows: rows.length, columns: columns as Table<Shape>["columns"] };
};

/** Texts by their places; the empty one has place 0. */
export class TextList {
  readonly #places = new Map<string, number>([["", 0]]);

  /** Where a text stands; it is added where it is new. */
  placeOf(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.#places.size);
    return this.#places.size - 1;
  }

  /** All texts, by place. */
  get texts(): readonly string[] {
    return [...this.#places.keys()];
  }
}

/** The file of some tables. `shapes` has the type of every column. */
export const encodeColumns = (
  shapes: Readonly<Record<string, TableShape>>,
  { tables, texts }: ColumnFile,
): Uint8Array => {
  const head: { tables: Record<string, { rows: number; columns: Record<string, [ColumnType, number]> }> } = {
    tables: {},
  };
  const bodies: { readonly offset: number; readonly column: Column }[] = [];
  let offset = 0;
  for (const [name, { rows, columns }] of Object.entries(tables)) {
    const shape = shapes[name] as TableShape;
    const places: Record<string, [ColumnType, number]> = {};
    for (const [column, values] of Object.entries(columns)) {
      places[column] = [typeOf(shape, column), offset];
      bodies.push({ offset, column: values });
      offset = aligned(offset + values.byteLength);
    }
    head.tables[name] = { rows, columns: places };
  }
  const json = new TextEncoder().encode(JSON.stringify({ ...head, texts }));
  const start = aligned(preamble + json.length);
  const file = new Uint8Array(start + offset).fill(0x20, preamble, start);
  const view = new DataView(file.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, version, true);
  view.setUint32(8, start - preamble, true);
  file.set(json, preamble);
  // Typed arrays have the order of the processor: little-endian on all that Node runs on but s390x.
  for (const { offset: at, column } of bodies)
    file.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start + at);
  return file;
};

const refuse = (wanted: string, got: string): never => {
  throw new SwathError("storage", { what: "file of columns", wanted, got });
};

const readHead = (file: Uint8Array): { readonly head: Head; readonly start: number } => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < preamble || view.getUint32(0, true) !== magic)
    return refuse('a file that begins with "SWTC"', `${file.length} bytes that do not`);
  const found = view.getUint32(4, true);
  if (found !== version) return refuse(`version ${version}`, `version ${found}`);
  const start = preamble + view.getUint32(8, true);
  if (start > file.length || start % 8 !== 0)
    return refuse(`a head within its ${file.length} bytes`, `one of ${start - preamble}`);
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder().decode(file.subarray(preamble, start)));
  } catch (error) {
    return refuse("a head of JSON", error instanceof Error ? error.message : String(error));
  }
  const { tables, texts } = (head ?? {}) as Partial<Head>;
  if (typeof tables !== "object" || tables === null || !Array.isArray(texts))
    return refuse("a head with tables and texts", "another one");
  return { head: { tables, texts: texts as readonly string[] }, start };
};

/**
 * The tables of a file; columns view `file` where its place in memory allows that, else they are copied.
 * Throws `SwathError("storage")` for bytes that are no such file.
 */
export const decodeColumns = (file: Uint8Array): ColumnFile => {
  const { head, start } = readHead(file);
  // Columns lie on multiples of eight of the file; a file that does not itself is copied once.
  const whole = file.byteOffset % 8 === 0 ? file : file.slice();
  const tables = Object.entries(head.tables).map(([name, { rows, columns }]) => {
    const read = Object.entries(columns).map(([column, [type, offset]]) => {
      const make = Object.hasOwn(arrays, type)
        ? arrays[type]
        : refuse("a known type of column", String(type));
      const from = start + offset;
      const fits =
        Number.isInteger(offset) && offset >= 0 && offset % 8 === 0 && Number.isInteger(rows) && rows >= 0;
      if (!fits || from + rows * make.BYTES_PER_ELEMENT > whole.length)
        return refuse(`${column} of ${name} within its ${whole.length} bytes`, `${rows} rows from ${from}`);
      return [column, new make(whole.buffer as ArrayBuffer, whole.byteOffset + from, rows)] as const;
    });
    return [name, { rows, columns: Object.fromEntries(read) }] as const;
  });
  return { tables: Object.fromEntries(tables), texts: head.texts };
};
