import { type Column, type Table, TextList, type TableShape } from "../../pipeline/column-file.ts";
import {
  detectionTables,
  eventTables,
  sparseTables,
  unknownProduct,
  type PolicyGroup,
} from "../../pipeline/mission/mission-tables.ts";
import type { NamedRow } from "./fact-rows.ts";
import { growingTable, type GrowingTable } from "./growing-table.ts";
import { pendingRows, productKey } from "./pending-rows.ts";

const shapes: Readonly<Record<string, TableShape>> = { ...eventTables, ...detectionTables };

/** Products stand first: what speaks of one finds it. */
const tables = ["products", ...Object.keys(shapes).filter((name) => name !== "products")];

/** The rows of one policy: those that were told, and those that are settled, in order of time. */
export interface PolicyRows {
  /** That the texts of settled rows point into. */
  readonly texts: TextList;
  readonly add: (row: NamedRow) => void;
  /** Settles the rows of a group that hold before `through`, after which none of them may come. */
  readonly settle: (group: Exclude<PolicyGroup, "body">, through: number) => void;
  readonly tablesOf: (group: Exclude<PolicyGroup, "body">) => ReadonlyMap<string, GrowingTable>;
  /** Settles what is left. Texts then stand in the order of the rows that name them, however often rows were settled before. */
  readonly close: () => void;
}

const groups = { events: Object.keys(eventTables), detections: Object.keys(detectionTables) } as const;

/** Without rows. */
export const policyRows = (): PolicyRows => {
  let texts = new TextList();
  const settled = new Map(tables.map((name) => [name, growingTable(shapes[name] as TableShape)]));
  const pending = new Map(tables.map((name) => [name, pendingRows(shapes[name] as TableShape)]));
  /** Rows of `products` by what they are; several where nothing tells them apart. */
  const numbers = new Map<number, number | number[]>();
  const landed = new Map<number, number>();

  const numberIn =
    (table: string) =>
    (key: number | null): number => {
      if (key === null) return -1;
      const known = numbers.get(key);
      if (known === undefined) return table === "losses" ? -1 : unknownProduct;
      if (typeof known === "number") return known;
      const place = landed.get(key) ?? 0;
      if (table === "landings") landed.set(key, place + 1);
      return known[Math.min(place, known.length - 1)] as number;
    };

  /** Rows of `products` from `first` on get their numbers. */
  const number = (table: GrowingTable, first: number): void => {
    const { acquisition, kind, tile } = table.slice(first, table.rows).columns as Record<string, Column>;
    for (let row = first; row < table.rows; row++) {
      const at = row - first;
      const key = productKey(acquisition?.[at] as number, kind?.[at] as number, tile?.[at] as number);
      const same = numbers.get(key);
      if (same === undefined) numbers.set(key, row);
      else if (typeof same === "number") numbers.set(key, [same, row]);
      else same.push(row);
    }
  };

  const settle: PolicyRows["settle"] = (group, through) => {
    for (const name of tables) {
      if (!(groups[group] as readonly string[]).includes(name)) continue;
      const due = pending.get(name)?.take(through, numberIn(name)) ?? null;
      if (due === null) continue;
      const table = settled.get(name) as GrowingTable;
      const first = table.rows;
      table.append(due, texts);
      if (name === "products") number(table, first);
    }
  };

  return {
    get texts() {
      return texts;
    },
    add({ table, row, product }) {
      pending.get(table)?.add(row, product);
    },
    settle,
    tablesOf: (group) =>
      new Map(
        tables
          .filter((name) => (groups[group] as readonly string[]).includes(name))
          .filter((name) => !sparseTables.has(name) || (settled.get(name)?.rows ?? 0) > 0)
          .map((name) => [name, settled.get(name) as GrowingTable]),
      ),
    close() {
      settle("events", Infinity);
      settle("detections", Infinity);
      const before = texts.texts;
      texts = new TextList();
      for (const table of settled.values()) table.placeTexts(before, texts);
    },
  };
};

/** Rows of a group that hold from … to (not included), as tables. */
export const between = (
  all: ReadonlyMap<string, GrowingTable>,
  ranges: ReadonlyMap<string, readonly [number, number]>,
): Readonly<Record<string, Table>> =>
  Object.fromEntries(
    [...all].flatMap(([name, table]) => {
      const [from, to] = ranges.get(name) ?? [0, 0];
      return to > from ? [[name, table.slice(from, to)]] : [];
    }),
  );
