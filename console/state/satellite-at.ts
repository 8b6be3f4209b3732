import { bodyAt, type BodyState } from "./body-record.ts";
import { computerAt, type ComputerState } from "./computer-record.ts";
import { heldBy, storeOf } from "./custody.ts";
import { nextContacts, openContacts, type Plan } from "./plan.ts";
import { countUpTo } from "./sorted.ts";
import type { PolicyRecord } from "./policy-record.ts";
import { contactAt, type OpenContact } from "./state-at.ts";
import { waitOf, type ProductWait } from "./product-wait.ts";

/** A product in a satellite's store, and why it is not on the ground. */
export interface QueuedProduct {
  /** Row of `products`. */
  readonly product: number;
  readonly kind: number;
  readonly acquisition: number;
  readonly bytes: number;
  /** When it came here. */
  readonly since: number;
  readonly wait: ProductWait;
}

/** One satellite at one moment. The ground knows of it what has landed, and nothing else. */
export interface SatelliteState {
  readonly body: BodyState;
  readonly computer: ComputerState;
  readonly store: {
    readonly bytes: number;
    readonly products: number;
    /** By place in the head's `kinds`; kinds of which nothing is there are left out. */
    readonly kinds: readonly { readonly kind: number; readonly bytes: number; readonly products: number }[];
  };
  /** In the order in which it came. */
  readonly queue: readonly QueuedProduct[];
  /** Products that it made, the latest first: row of `products`, and when each was whole on the ground; `null`: not yet. */
  readonly recent: readonly { readonly product: number; readonly landedAt: number | null }[];
  readonly contact: OpenContact | null;
  /** Rows of the plan's contacts. */
  readonly next: readonly number[];
}

/** The latest products of a satellite at `t`, whoever brought them down. */
const recentOf = (
  { tables }: PolicyRecord,
  satellite: number,
  t: number,
  most: number,
): SatelliteState["recent"] => {
  const { products, landings } = tables;
  const found: number[] = [];
  for (let row = countUpTo(products.columns.at_s, t) - 1; row >= 0 && found.length < most; row--)
    if (products.columns.satellite[row] === satellite) found.push(row);
  const wanted = new Set(found);
  const landed = new Map<number, number>();
  const oldest = products.columns.at_s[found.at(-1) ?? -1] ?? Infinity;
  for (let row = countUpTo(landings.columns.at_s, t) - 1; row >= 0; row--) {
    if ((landings.columns.at_s[row] as number) < oldest) break;
    const product = landings.columns.product[row] as number;
    if (wanted.has(product)) landed.set(product, landings.columns.at_s[row] as number);
  }
  return found.map((product) => ({ product, landedAt: landed.get(product) ?? null }));
};

/** All that a panel shows of a satellite at `t`: at most `most` products of its queue, the oldest first, and `most` contacts. */
export const satelliteAt = (
  plan: Plan,
  record: PolicyRecord,
  satellite: number,
  t: number,
  most = 8,
): SatelliteState => {
  const { custody, tables } = record;
  const held = heldBy(custody, satellite, t);
  const { kind, bytes, acquisition } = tables.products.columns;
  const kinds = new Map<number, { readonly kind: number; bytes: number; products: number }>();
  for (const row of held) {
    const product = custody.product[row] as number;
    const of = kind[product] as number;
    const sum = kinds.get(of) ?? { kind: of, bytes: 0, products: 0 };
    sum.bytes += bytes[product] as number;
    sum.products++;
    kinds.set(of, sum);
  }
  const open = openContacts(plan, t).find((row) => plan.contacts.columns.satellite[row] === satellite);
  return {
    body: bodyAt(plan, record.body, satellite, t),
    computer: computerAt(record.computer, tables, record.texts, satellite, t),
    store: {
      bytes: held.reduce((sum, row) => sum + (bytes[custody.product[row] as number] as number), 0),
      products: held.length,
      kinds: [...kinds.values()].toSorted((a, b) => b.bytes - a.bytes || a.kind - b.kind),
    },
    queue: held.slice(0, most).map((row): QueuedProduct => {
      const product = custody.product[row] as number;
      return {
        product,
        kind: kind[product] as number,
        acquisition: acquisition[product] as number,
        bytes: bytes[product] as number,
        since: custody.from[row] as number,
        wait: waitOf(plan, record, product, satellite, t),
      };
    }),
    recent: recentOf(record, satellite, t, most),
    contact: open === undefined ? null : contactAt(plan, record, open, t),
    next: nextContacts(plan, { satellite }, t, most),
  };
};

/** The whole fleet as columns, for pictures of thousands: what each has at `t`. */
export interface FleetState {
  readonly storeBytes: Float64Array;
  readonly queue: Uint32Array;
  /** NaN where it is not kept or has not come. */
  readonly charge: Float32Array;
  readonly kelvin: Float32Array;
  readonly inContact: Uint8Array;
}

/** All satellites at `t`. */
export const fleetAt = (plan: Plan, record: PolicyRecord, t: number): FleetState => {
  const count = plan.head.satellites.length;
  const fleet: FleetState = {
    storeBytes: new Float64Array(count),
    queue: new Uint32Array(count),
    charge: new Float32Array(count),
    kelvin: new Float32Array(count),
    inContact: new Uint8Array(count),
  };
  for (let satellite = 0; satellite < count; satellite++) {
    const { products, bytes } = storeOf(record.custody, satellite, t);
    const { charge, kelvin } = bodyAt(plan, record.body, satellite, t);
    fleet.storeBytes[satellite] = bytes;
    fleet.queue[satellite] = products;
    fleet.charge[satellite] = charge ?? Number.NaN;
    fleet.kelvin[satellite] = kelvin ?? Number.NaN;
  }
  for (const row of openContacts(plan, t))
    fleet.inContact[plan.contacts.columns.satellite[row] as number] = 1;
  return fleet;
};
