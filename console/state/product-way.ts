import { leavingOf, type Leaving } from "./custody.ts";
import type { Plan } from "./plan.ts";
import type { PolicyRecord } from "./policy-record.ts";
import { waitOf, type ProductWait } from "./product-wait.ts";
import { rowsOf } from "./sorted.ts";

/** A stop on the way of a product. `at` null: not come to yet, as far as is known. */
export interface WayStop {
  readonly stop: "captured" | "computed" | "handed over" | "landed" | "at centre" | "published" | "lost";
  readonly at: number | null;
  /** Who has it from then on; null on the ground. */
  readonly satellite: number | null;
  readonly station: number | null;
}

/** The way of a product from capture to subscriber, as far as it had come at `t`. */
export interface ProductWay {
  /** Row of `products`. */
  readonly product: number;
  readonly acquisition: number;
  readonly kind: number;
  readonly bytes: number;
  readonly stops: readonly WayStop[];
  /** Where it is; on the ground where it has landed. */
  readonly on: { readonly satellite: number } | "ground" | "lost";
  /** While it is on board. */
  readonly wait: ProductWait | null;
  /** When its first bit left; null as long as it has not landed. */
  readonly firstSentAt: number | null;
}

/** The way of one product. `null` where it is not made yet at `t`. */
export const wayOf = (plan: Plan, record: PolicyRecord, product: number, t: number): ProductWay | null => {
  const { tables, custody, pictures } = record;
  const { products, landings, publications, captures } = tables;
  const madeAt = products.columns.at_s[product];
  if (madeAt === undefined || madeAt > t) return null;
  const acquisition = products.columns.acquisition[product] as number;
  const maker = products.columns.satellite[product] as number;
  const capture = pictures.capture[acquisition] ?? -1;
  const none = { satellite: null, station: null };
  const stops: WayStop[] = [
    {
      stop: "captured",
      at: capture < 0 ? null : (captures.columns.at_s[capture] as number),
      satellite: maker,
      station: null,
    },
    { stop: "computed", at: madeAt, satellite: maker, station: null },
  ];
  let where: Leaving = "on board";
  let holder = maker;
  for (const row of rowsOf(custody.ofProduct, product)) {
    if ((custody.from[row] as number) > t) break;
    holder = custody.satellite[row] as number;
    if ((custody.from[row] as number) > madeAt)
      stops.push({ stop: "handed over", at: custody.from[row] as number, satellite: holder, station: null });
    where = (custody.to[row] as number) > t ? "on board" : leavingOf(custody, row);
    if (where === "lost") stops.push({ stop: "lost", at: custody.to[row] as number, ...none });
  }
  let firstSentAt: number | null = null;
  if (where === "landed") {
    const row = landings.columns.product.lastIndexOf(product);
    const station = landings.columns.station[row] as number;
    firstSentAt = landings.columns.first_sent_s[row] as number;
    const centre = landings.columns.at_centre_s[row] as number;
    stops.push({ stop: "landed", at: landings.columns.at_s[row] as number, satellite: null, station });
    stops.push({ stop: "at centre", at: centre > t ? null : centre, ...none });
  }
  const published = pictures.publication[acquisition] ?? -1;
  const publishedAt = published < 0 ? Infinity : (publications.columns.at_s[published] as number);
  if (where === "landed")
    stops.push({ stop: "published", at: publishedAt > t ? null : publishedAt, ...none });
  return {
    product,
    acquisition,
    kind: products.columns.kind[product] as number,
    bytes: products.columns.bytes[product] as number,
    stops,
    on: where === "lost" ? "lost" : where === "landed" ? "ground" : { satellite: holder },
    wait: where === "on board" ? waitOf(plan, record, product, holder, t) : null,
    firstSentAt,
  };
};

/** Rows of `products` of an acquisition that are made by `t`. */
export const productsOf = ({ tables }: PolicyRecord, acquisition: number, t: number): readonly number[] => {
  const { at_s, acquisition: of } = tables.products.columns;
  const rows: number[] = [];
  for (let row = of.indexOf(acquisition); row >= 0; row = of.indexOf(acquisition, row + 1)) {
    if ((at_s[row] as number) > t) break;
    rows.push(row);
  }
  return rows;
};
