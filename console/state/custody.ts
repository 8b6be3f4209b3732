import type { Plan } from "./plan.ts";
import type { PolicyTables } from "./policy-tables.ts";
import {
  countOfGroup,
  countUpTo,
  groupRows,
  prefixMaxima,
  tallyOf,
  type Groups,
  type Tally,
} from "./sorted.ts";

/** How a product leaves a satellite. */
export type Leaving = "on board" | "landed" | "handed over" | "lost";

const leavings: readonly Leaving[] = ["on board", "landed", "handed over", "lost"];

/** Who had which product from when to when: one row each, in order of `from`. Columns. */
export interface Custody {
  readonly rows: number;
  readonly product: Uint32Array;
  readonly satellite: Uint16Array;
  readonly from: Float64Array;
  /** Infinity for what stays on board. */
  readonly to: Float64Array;
  /** Place in `leavings`. */
  readonly leaving: Uint8Array;
  readonly of: Groups;
  /** Rows by product, in order of time. */
  readonly ofProduct: Groups;
  /** The greatest `to` of the first 1, 2, … rows: all before the first that exceeds t have left by then. */
  readonly ends: Float64Array;
  /** Bytes that come to a satellite, and those that leave one, for each of them. */
  readonly came: readonly Tally[];
  readonly left: readonly Tally[];
  /** Products made, and those that are whole on the ground or lost: over all satellites. */
  readonly made: Tally;
  readonly done: Tally;
  /** When a product is whole on the ground or lost, by its row; Infinity for those on board. */
  readonly doneAt: Float64Array;
  readonly doneEnds: Float64Array;
  /** The fullest that any store had been, whenever that grew. */
  readonly peaks: {
    readonly times: Float64Array;
    readonly bytes: Float64Array;
    readonly satellites: Uint16Array;
  };
}

/** How the product of a row left. */
export const leavingOf = ({ leaving }: Custody, row: number): Leaving =>
  leavings[leaving[row] as number] ?? "on board";

interface Stay {
  readonly product: number;
  readonly satellite: number;
  readonly from: number;
  to: number;
  leaving: number;
}

const staysOf = ({ products, handovers, landings, losses }: PolicyTables): readonly Stay[] => {
  const stays: Stay[] = [];
  const current = new Map<number, Stay>();
  for (let product = 0; product < products.rows; product++) {
    const stay = {
      product,
      satellite: products.columns.satellite[product] as number,
      from: products.columns.at_s[product] as number,
      to: Infinity,
      leaving: 0,
    };
    stays.push(stay);
    current.set(product, stay);
  }
  const leave = (product: number, at: number, leaving: number): boolean => {
    const stay = current.get(product);
    if (stay === undefined) return false;
    stay.to = at;
    stay.leaving = leaving;
    current.delete(product);
    return true;
  };
  for (let row = 0; row < handovers.rows; row++) {
    const { at_s, product, to } = handovers.columns;
    const [at, number] = [at_s[row] as number, product[row] as number];
    if (!leave(number, at, 2)) continue;
    const stay = { product: number, satellite: to[row] as number, from: at, to: Infinity, leaving: 0 };
    stays.push(stay);
    current.set(number, stay);
  }
  for (let row = 0; row < landings.rows; row++)
    leave(landings.columns.product[row] as number, landings.columns.at_s[row] as number, 1);
  for (let row = 0; row < losses.rows; row++)
    leave(losses.columns.product[row] as number, losses.columns.at_s[row] as number, 3);
  return stays.sort((a, b) => a.from - b.from || a.product - b.product);
};

const peaksOf = (
  stays: readonly Stay[],
  bytesOf: ArrayLike<number>,
  satellites: number,
): Custody["peaks"] => {
  const changes = stays.flatMap(({ product, satellite, from, to }) => {
    const bytes = bytesOf[product] as number;
    const came = { at: from, satellite, bytes };
    return to === Infinity ? [came] : [came, { at: to, satellite, bytes: -bytes }];
  });
  // What leaves at a moment makes room for what comes at it.
  changes.sort((a, b) => a.at - b.at || a.bytes - b.bytes);
  const held = new Float64Array(satellites);
  const peaks: { at: number; bytes: number; satellite: number }[] = [];
  for (const { at, satellite, bytes } of changes) {
    held[satellite] = (held[satellite] as number) + bytes;
    const now = held[satellite] as number;
    if (now > (peaks.at(-1)?.bytes ?? 0)) peaks.push({ at, bytes: now, satellite });
  }
  return {
    times: Float64Array.from(peaks, ({ at }) => at),
    bytes: Float64Array.from(peaks, ({ bytes }) => bytes),
    satellites: Uint16Array.from(peaks, ({ satellite }) => satellite),
  };
};

/** Follows every product from satellite to satellite. */
export const custodyOf = ({ head }: Plan, tables: PolicyTables): Custody => {
  const satellites = head.satellites.length;
  const { products } = tables;
  const stays = staysOf(tables);
  const size = (product: number): number => products.columns.bytes[product] as number;
  const satellite = Uint16Array.from(stays, (stay) => stay.satellite);
  const product = Uint32Array.from(stays, (stay) => stay.product);
  const to = Float64Array.from(stays, (stay) => stay.to);
  const from = Float64Array.from(stays, (stay) => stay.from);
  const of = groupRows(satellite, satellites);
  const tallies = (timeOf: (stay: Stay) => number) =>
    Array.from({ length: satellites }, (_, place) => {
      const own = Array.from(
        of.rows.subarray(of.starts[place], of.starts[place + 1]),
        (row) => stays[row] as Stay,
      );
      const those = own.filter((stay) => Number.isFinite(timeOf(stay)));
      return tallyOf(
        those.map(timeOf),
        those.map((stay) => size(stay.product)),
      );
    });
  const doneAt = new Float64Array(products.rows).fill(Infinity);
  for (const { product: number, to: at, leaving } of stays)
    if (leaving === 1 || leaving === 3) doneAt[number] = at;
  const done = Array.from(doneAt.keys()).filter((number) => Number.isFinite(doneAt[number] as number));
  return {
    rows: stays.length,
    product,
    satellite,
    from,
    to,
    leaving: Uint8Array.from(stays, (stay) => stay.leaving),
    of,
    ofProduct: groupRows(product, products.rows),
    ends: prefixMaxima(to),
    came: tallies((stay) => stay.from),
    left: tallies((stay) => stay.to),
    made: tallyOf(products.columns.at_s, products.columns.bytes),
    done: tallyOf(
      done.map((number) => doneAt[number] as number),
      done.map(size),
    ),
    doneAt,
    doneEnds: prefixMaxima(doneAt),
    peaks: peaksOf(stays, products.columns.bytes, satellites),
  };
};

/** What waits on board of all satellites together at `t`; the oldest by its row in `products`. */
export interface Waiting {
  readonly products: number;
  readonly bytes: number;
  readonly oldest: { readonly product: number; readonly since: number } | null;
}

/** What waits anywhere at `t`. */
export const waitingAt = ({ made, done, doneEnds, doneAt }: Custody, t: number): Waiting => {
  const begun = countUpTo(made.times, t);
  const gone = countUpTo(done.times, t);
  const first = countUpTo(doneEnds, t);
  const isThere = first < begun && (doneAt[first] as number) > t;
  return {
    products: begun - gone,
    bytes: (made.sums[begun] as number) - (done.sums[gone] as number),
    oldest: isThere ? { product: first, since: made.times[first] as number } : null,
  };
};

/** Rows of custody of a satellite that hold at `t`: what waits there, in the order in which it came. */
export const heldBy = ({ of, from, to }: Custody, satellite: number, t: number): readonly number[] => {
  const start = of.starts[satellite] ?? 0;
  const held: number[] = [];
  for (let place = start + countOfGroup(of, satellite, from, t) - 1; place >= start; place--) {
    const row = of.rows[place] as number;
    if ((to[row] as number) > t) held.push(row);
  }
  return held.toReversed();
};

/** Products and bytes on board of a satellite at `t`. */
export const storeOf = (
  { came, left }: Custody,
  satellite: number,
  t: number,
): { readonly products: number; readonly bytes: number } => {
  const [into, out] = [came[satellite], left[satellite]];
  if (into === undefined || out === undefined) return { products: 0, bytes: 0 };
  const [a, b] = [countUpTo(into.times, t), countUpTo(out.times, t)];
  return { products: a - b, bytes: (into.sums[a] as number) - (out.sums[b] as number) };
};

/** The fullest that any store had been up to `t`. */
export const fullestStore = (
  { peaks }: Custody,
  t: number,
): { readonly bytes: number; readonly satellite: number } | null => {
  const count = countUpTo(peaks.times, t);
  if (count === 0) return null;
  return { bytes: peaks.bytes[count - 1] as number, satellite: peaks.satellites[count - 1] as number };
};
