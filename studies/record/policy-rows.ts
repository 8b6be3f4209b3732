import { type Table, TextList, type AnyRow, type TableShape } from "../../pipeline/column-file.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import {
  detectionTables,
  eventTables,
  type MissionTableName,
  unknownProduct,
  type PolicyGroup,
} from "../../pipeline/mission/mission-tables.ts";
import { productKinds } from "../../pipeline/product/product.ts";
import type { NamedRow } from "./fact-rows.ts";
import { growingTable, type GrowingTable } from "./growing-table.ts";

const shapes: Readonly<Record<string, TableShape>> = { ...eventTables, ...detectionTables };

/** Products stand first: what speaks of one finds it. */
const tables = ["products", ...Object.keys(shapes).filter((name) => name !== "products")];

const keyOf = (acquisition: number, kind: number, tile: number): string => `${acquisition}/${kind}/${tile}`;

const keyOfName = ({ acquisition, kind, tile }: ProductName): string =>
  keyOf(acquisition, productKinds.indexOf(kind), tile ?? -1);

/** By time, and rows of one moment by what they say: the order in which they were told does not show. */
const inOrder = (names: readonly string[]) => (a: AnyRow, b: AnyRow) => {
  for (const name of names) {
    const [x, y] = [a[name] as string | number, b[name] as string | number];
    if (x < y) return -1;
    if (x > y) return 1;
  }
  return 0;
};

/** The rows of one policy: those that were told, and those that are settled, in order of time. */
export interface PolicyRows {
  readonly texts: TextList;
  readonly add: (row: NamedRow) => void;
  /** Settles the rows of a group that hold before `through`, after which none of them may come. */
  readonly settle: (group: Exclude<PolicyGroup, "body">, through: number) => void;
  readonly tablesOf: (group: Exclude<PolicyGroup, "body">) => ReadonlyMap<string, GrowingTable>;
}

const groups = { events: Object.keys(eventTables), detections: Object.keys(detectionTables) } as const;

/** Without rows. */
export const policyRows = (): PolicyRows => {
  const texts = new TextList();
  const settled = new Map(tables.map((name) => [name, growingTable(shapes[name] as TableShape, texts)]));
  const pending = new Map(tables.map((name): [string, NamedRow[]] => [name, []]));
  /** Rows of `products` by what they are; several where nothing tells them apart. */
  const numbers = new Map<string, number[]>();
  const landed = new Map<string, number>();

  const numberOf = (table: MissionTableName, product: ProductName | null): number => {
    if (product === null) return -1;
    const key = keyOfName(product);
    const known = numbers.get(key) ?? [];
    const place = landed.get(key) ?? 0;
    if (table === "landings") landed.set(key, place + 1);
    return known[Math.min(place, known.length - 1)] ?? (table === "losses" ? -1 : unknownProduct);
  };

  const resolved = ({ table, row, product }: NamedRow): AnyRow =>
    product === undefined ? row : { ...row, product: numberOf(table, product) };

  return {
    texts,
    add(row) {
      pending.get(row.table)?.push(row);
    },
    settle(group, through) {
      for (const name of tables) {
        if (!(groups[group] as readonly string[]).includes(name)) continue;
        const waiting = pending.get(name) ?? [];
        const timeOf = ({ row }: NamedRow): number => (row as { readonly at_s: number }).at_s;
        const due = waiting.filter((one) => timeOf(one) < through);
        if (due.length === 0) continue;
        pending.set(
          name,
          waiting.filter((one) => timeOf(one) >= through),
        );
        const table = settled.get(name) as GrowingTable;
        const rows = due.sort((a, b) => timeOf(a) - timeOf(b)).map(resolved);
        rows.sort(inOrder(Object.keys(shapes[name] as TableShape)));
        for (const row of rows) {
          if (name === "products") {
            const key = keyOf(row["acquisition"] as number, row["kind"] as number, row["tile"] as number);
            const same = numbers.get(key);
            if (same === undefined) numbers.set(key, [table.rows]);
            else same.push(table.rows);
          }
          table.add(row);
        }
      }
    },
    tablesOf: (group) =>
      new Map(
        tables
          .filter((name) => (groups[group] as readonly string[]).includes(name))
          .map((name) => [name, settled.get(name) as GrowingTable]),
      ),
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
