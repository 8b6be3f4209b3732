import { type AnyRow, type TableShape, TextList } from "../../pipeline/column-file.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import { productKinds } from "../../pipeline/product/product.ts";
import { ranking } from "../../planning/contacts/antenna.ts";

/** A product by what it is, as one number. Tiles of a scene are fewer than 2^24 and acquisitions fewer than 2^25. */
export const productKey = (acquisition: number, kind: number, tile: number): number =>
  (acquisition * 16 + kind) * 2 ** 24 + tile + 1;

/** The key of a product that is named. */
export const keyOfProduct = ({ acquisition, kind, tile }: ProductName): number =>
  productKey(acquisition, productKinds.indexOf(kind), tile ?? -1);

/** Of a row that speaks of no product, and of one that has no field for it. */
const noProduct = -1;

/** Rows that are settled, in order: places in `columns`, which follow the shape of the table. Texts are places in `texts`. */
export interface DueRows {
  readonly order: Uint32Array;
  readonly columns: readonly Float64Array[];
  readonly texts: readonly string[];
}

/** Rows of one table in the order in which they were told, held as columns: millions of objects would fill the memory. */
export interface PendingRows {
  /** `undefined`: the row has no product; `null`: it has a field for one and means none. */
  readonly add: (row: AnyRow, product: ProductName | null | undefined) => void;
  /**
   * Takes out what holds before `through`, sorted by time, and rows of one moment by what they say. `numberOf` gives the number of a
   * product (`null`: none), asked in the same order, with the key in place of the number.
   */
  readonly take: (through: number, numberOf: (key: number | null) => number) => DueRows | null;
}

const firstRoom = 64;

/** The entries at these places. A loop: `from` with a function takes ten times as long, and these are millions. */
const gather = (column: Float64Array, places: Uint32Array): Float64Array => {
  const gathered = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) gathered[at] = column[places[at] as number] as number;
  return gathered;
};

/** No rows of a table of that shape; its first column is of times. */
export const pendingRows = (shape: TableShape): PendingRows => {
  const names = Object.keys(shape);
  const isText = names.map((name) => shape[name] === "text");
  const productAt = names.indexOf("product");
  const texts = new TextList();
  let [room, rows] = [0, 0];
  let columns: Float64Array[] = names.map(() => new Float64Array(0));
  let products = new Float64Array(0);

  const resize = (to: number): void => {
    const sized = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const fresh = new Float64Array(to);
      fresh.set(column.subarray(0, Math.min(rows, to)));
      return fresh;
    };
    columns = columns.map(sized);
    products = sized(products);
    room = to;
  };

  /** Keeps the rows at these places, which ascend, as the first ones. */
  const keep = (places: Uint32Array): void => {
    for (const column of [...columns, products])
      for (let at = 0; at < places.length; at++) column[at] = column[places[at] as number] as number;
    rows = places.length;
    if (room > firstRoom && rows < room / 4) resize(Math.max(firstRoom, 2 * rows));
  };

  return {
    add(row, product) {
      if (rows === room) resize(Math.max(firstRoom, 2 * room));
      for (let at = 0; at < names.length; at++) {
        if (at === productAt && product !== undefined) continue;
        const value = row[names[at] as string] as string | number;
        (columns[at] as Float64Array)[rows] = typeof value === "string" ? texts.placeOf(value) : value;
      }
      if (productAt >= 0) products[rows] = product ? keyOfProduct(product) : noProduct;
      rows++;
    },
    take(through, numberOf) {
      const times = columns[0] as Float64Array;
      let count = 0;
      for (let at = 0; at < rows; at++) if ((times[at] as number) < through) count++;
      if (count === 0) return null;
      const due = new Uint32Array(count);
      const later = new Uint32Array(rows - count);
      let [d, l] = [0, 0];
      for (let at = 0; at < rows; at++) {
        if ((times[at] as number) < through) due[d++] = at;
        else later[l++] = at;
      }
      const gathered = columns.map((column) => gather(column, due));
      const keys = productAt < 0 ? null : gather(products, due);
      keep(later);

      const dueTimes = gathered[0] as Float64Array;
      const { texts: words } = texts;
      const bySaying = (a: number, b: number): number => {
        for (let column = 1; column < gathered.length; column++) {
          const values = gathered[column] as Float64Array;
          const [x, y] = [values[a] as number, values[b] as number];
          if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
          // What is not known goes first: no order has it otherwise.
          if (Number.isNaN(x)) return -1;
          if (Number.isNaN(y)) return 1;
          const less = isText[column] ? (words[x] as string) < (words[y] as string) : x < y;
          if (less) return -1;
          if (isText[column] || x > y) return 1;
        }
        return 0;
      };
      if (keys !== null) {
        const numbers = gathered[productAt] as Float64Array;
        // Until they have numbers, rows of one moment go by the product's key.
        numbers.set(keys);
        const order = ranking(dueTimes, bySaying);
        for (const at of order) numbers[at] = numberOf(keys[at] === noProduct ? null : (keys[at] as number));
      }
      return { order: ranking(dueTimes, bySaying), columns: gathered, texts: words };
    },
  };
};
