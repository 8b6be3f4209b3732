import type { Plan } from "./plan.ts";
import type { PolicyTables } from "./policy-tables.ts";
import { countUpTo, smallest, tallyOf, type Tally } from "./sorted.ts";

/** What becomes of each acquisition: rows of the tables that speak of it, −1 where none does. */
export interface PictureRecord {
  readonly capture: Int32Array;
  readonly compute: Int32Array;
  readonly publication: Int32Array;
  /** When all that is made of it without a request is with subscribers; Infinity where some of it is not. */
  readonly wholeAt: Float64Array;
  /** Pictures of which anything was made, by the moment the computer is done with them. */
  readonly made: Float64Array;
  /** Delays from capture to `wholeAt`, in the order in which they end. */
  readonly delays: Tally;
  readonly delayOf: Float64Array;
  /** Bytes of pictures without loss, and their tiles, by the moment the computer is done with them; NaN where nobody measured them. */
  readonly lossless: Tally;
  readonly losslessTiles: Tally;
}

const lastRows = (count: number, column: ArrayLike<number>): Int32Array => {
  const rows = new Int32Array(count).fill(-1);
  for (let row = 0; row < column.length; row++) rows[column[row] as number] = row;
  return rows;
};

/** Follows every acquisition. */
export const pictureRecord = (plan: Plan, tables: PolicyTables): PictureRecord => {
  const { captures, computes, products, landings, publications } = tables;
  const count = plan.acquisitions.rows;
  const wholeAt = new Float64Array(count).fill(-Infinity);
  const at = new Float64Array(products.rows).fill(Infinity);
  for (let row = 0; row < landings.rows; row++) {
    const product = landings.columns.product[row] as number;
    if (product < at.length) at[product] = landings.columns.at_centre_s[row] as number;
  }
  const seen = new Uint32Array(count);
  for (let product = 0; product < products.rows; product++) {
    if (!Number.isNaN(products.columns.asked_s[product] as number)) continue;
    const acquisition = products.columns.acquisition[product] as number;
    wholeAt[acquisition] = Math.max(wholeAt[acquisition] as number, at[product] as number);
    seen[acquisition] = (seen[acquisition] as number) + 1;
  }
  // The rest of a picture's products may not be ready yet.
  for (let row = 0; row < computes.rows; row++) {
    const acquisition = computes.columns.acquisition[row] as number;
    if ((seen[acquisition] as number) < (computes.columns.products[row] as number))
      wholeAt[acquisition] = Infinity;
  }
  const publication = lastRows(count, publications.columns.acquisition);
  const isPublished = plan.head.shows === "pixels";
  const delays: { readonly end: number; readonly delay: number }[] = [];
  for (let acquisition = 0; acquisition < count; acquisition++) {
    const row = publication[acquisition] as number;
    if ((wholeAt[acquisition] as number) === -Infinity) {
      wholeAt[acquisition] = Infinity;
      continue;
    }
    const published =
      row >= 0 ? (publications.columns.at_s[row] as number) : isPublished ? Infinity : -Infinity;
    const end = Math.max(wholeAt[acquisition] as number, published);
    wholeAt[acquisition] = end;
    if (Number.isFinite(end))
      delays.push({ end, delay: end - (plan.acquisitions.columns.at_s[acquisition] as number) });
  }
  delays.sort((a, b) => a.end - b.end);
  const done = Array.from(computes.columns.to_s);
  const withProducts = done.filter((_, row) => (computes.columns.products[row] as number) > 0);
  const captureOf = lastRows(count, captures.columns.acquisition);
  return {
    capture: captureOf,
    compute: lastRows(count, computes.columns.acquisition),
    publication,
    wholeAt,
    made: Float64Array.from(withProducts).sort(),
    delays: tallyOf(
      delays.map(({ end }) => end),
      delays.map(({ delay }) => delay),
    ),
    delayOf: Float64Array.from(delays, ({ delay }) => delay),
    lossless: tallyOf(done, computes.columns.lossless_bytes),
    losslessTiles: tallyOf(
      done,
      Array.from(computes.columns.acquisition, (acquisition, row) => {
        const capture = captureOf[acquisition] as number;
        const tiles = capture < 0 ? 0 : (captures.columns.tiles[capture] as number);
        return tiles - (computes.columns.empty_tiles[row] as number);
      }),
    ),
  };
};

/** From capture until all that is made of a picture is with subscribers, over all of which anything was made by `t`; s. */
export interface Delays {
  readonly made: number;
  readonly delivered: number;
  /** By nearest rank, those that have not come counted as later than all; `null` where that rank has not come. */
  readonly median: number | null;
  readonly p90: number | null;
  readonly slowest: number | null;
}

/** Delays of the pictures that are whole on the ground by `t`. */
export const delaysAt = ({ made, delays, delayOf }: PictureRecord, t: number): Delays => {
  const [count, delivered] = [countUpTo(made, t), countUpTo(delays.times, t)];
  const there = delayOf.slice(0, delivered);
  const rank = (share: number): number | null => smallest(there, Math.max(1, Math.ceil(share * count)));
  return {
    made: count,
    delivered,
    median: rank(0.5),
    p90: rank(0.9),
    slowest: delivered === 0 ? null : there.reduce((most, delay) => Math.max(most, delay), 0),
  };
};

/** Where an acquisition stands at `t`. What is not `landed` the ground does not have. */
export type PictureStage = "ahead" | "taken" | "on board" | "landed" | "unreadable";

/** The stage of one acquisition. */
export const stageAt = (
  plan: Plan,
  { capture, compute, publication, wholeAt }: PictureRecord,
  { captures, computes, publications }: PolicyTables,
  acquisition: number,
  t: number,
): PictureStage => {
  if ((plan.acquisitions.columns.at_s[acquisition] as number) > t) return "ahead";
  const row = publication[acquisition] as number;
  if (row >= 0 && (publications.columns.at_s[row] as number) <= t) return "landed";
  if (plan.head.shows === "counts" && (wholeAt[acquisition] as number) <= t) return "landed";
  const taken = capture[acquisition] as number;
  if (taken < 0) return "ahead";
  if ((captures.columns.failure[taken] as number) !== 0) return "unreadable";
  const work = compute[acquisition] as number;
  return work >= 0 && (computes.columns.to_s[work] as number) <= t ? "on board" : "taken";
};
