import { productKinds, type ProductKind } from "../../pipeline/product/product.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import type { Bytes, Instant } from "../../pipeline/units.ts";
import type { Computer } from "../../pipeline/mission/spacecraft.ts";
import type { SharedWork } from "../summary/offload-summary.ts";
import { sharedWorkOf } from "../shared-work.ts";
import { fleetRow, type FleetRow } from "./fleet-row.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import type { OrdersLedger, SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { type ContactRoom, satelliteUse, type SatelliteUse } from "../verdicts/satellite-use.ts";

/** What it takes to follow a product down. */
export interface FleetArrival {
  readonly product: Pick<ProductName, "kind" | "acquisition" | "tile">;
  /** All of it is at the station, and at the mission centre. */
  readonly completedAt: Instant;
  readonly atCentre: Instant;
}

/** What one satellite sent to one station. */
export interface StationUse {
  readonly station: string;
  /** In which anything was sent. */
  readonly contacts: number;
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * All that a fleet's summary needs of one satellite: what a shard sends and a journal keeps. Plain JSON; numbers come back
 * from text as they were.
 */
export interface FleetRecord {
  readonly row: FleetRow;
  /** Products made on board. */
  readonly made: Readonly<Partial<Record<ProductKind, number>>>;
  /** From acquisition to last byte at the mission centre, of all products that this satellite delivered, its own or not; seconds. */
  readonly delays: Readonly<Partial<Record<ProductKind, readonly number[]>>>;
  readonly stations: readonly StationUse[];
  /** What verdicts rest on. */
  readonly use: SatelliteUse;
  /** What it heard of orders; absent in a mission without. */
  readonly orders?: OrdersLedger;
  /** When the first product of an acquisition that was ordered was at the mission centre, of those that this satellite delivered. */
  readonly ordered?: readonly (readonly [acquisition: number, atCentre: Instant])[];
  /** All that its bill follows from; absent in a mission without tenants. */
  readonly book?: FleetBook;
  /** What it gave away, sent and computed for others; absent where each computes its own tiles. */
  readonly shared?: SharedWork;
  /** What happened to it, for the mission record; no figure follows from it. */
  readonly log?: string;
}

/** The ledger of a satellite, and when what it delivered was down. */
export interface FleetBook {
  readonly ledger: SatelliteLedger;
  readonly landings: readonly (ProductName & {
    readonly completedAt: Instant;
    readonly atCentre: Instant;
  })[];
}

/** What a record is made from besides a satellite's ledger. */
export interface FleetContext {
  readonly horizonEnd: Instant;
  readonly takenAt: (acquisition: number) => Instant;
  /** Acquisitions that were ordered. */
  readonly ordered: ReadonlySet<number>;
  /** Somebody is to pay for what satellites do: their books are kept. */
  readonly isBilled: boolean;
  readonly contactOf: (id: string) => Contact | undefined;
  /** The contacts of a satellite, in order, and what they could carry. */
  readonly roomsOf: (satellite: string) => readonly ContactRoom[];
  readonly storeCapacity: Bytes;
  readonly computer: Computer;
}

const stationsOf = (
  { contacts }: SatelliteLedger,
  contactOf: FleetContext["contactOf"],
): readonly StationUse[] => {
  const uses = new Map<string, StationUse>();
  for (const { contact, frames, total, transmitSeconds } of contacts) {
    const station = contactOf(contact)?.station;
    if (frames === 0 || station === undefined) continue;
    const use = uses.get(station) ?? { station, contacts: 0, bytes: 0, seconds: 0 };
    uses.set(station, {
      station,
      contacts: use.contacts + 1,
      bytes: use.bytes + total,
      seconds: use.seconds + transmitSeconds,
    });
  }
  return [...uses.values()].toSorted((a, b) => (a.station < b.station ? -1 : 1));
};

/** A satellite's ledger and arrivals, as the fleet's summary takes them. */
export const fleetRecord = (
  ledger: SatelliteLedger,
  arrivals: readonly FleetArrival[],
  { horizonEnd, takenAt, ordered, isBilled, contactOf, roomsOf, storeCapacity, computer }: FleetContext,
): FleetRecord => {
  const made: Partial<Record<ProductKind, number>> = {};
  for (const { kind, origin } of ledger.products) if (origin === null) made[kind] = (made[kind] ?? 0) + 1;
  const delays: Partial<Record<ProductKind, number[]>> = {};
  for (const { product, atCentre } of arrivals) {
    (delays[product.kind] ??= []).push(atCentre - takenAt(product.acquisition));
  }
  const { orders } = ledger;
  const landed = firstLandings(arrivals, ordered);
  const shared = sharedWorkOf([ledger], computer);
  return {
    row: fleetRow(ledger, horizonEnd),
    made,
    delays,
    stations: stationsOf(ledger, contactOf),
    use: satelliteUse(ledger, roomsOf(ledger.satellite), storeCapacity),
    ...(orders === undefined ? {} : { orders }),
    ...(landed.size === 0 ? {} : { ordered: [...landed] }),
    ...(isBilled ? { book: { ledger, landings: arrivals.map(landingOf) } } : {}),
    ...(shared === null ? {} : { shared }),
  };
};

const landingOf = ({ product, completedAt, atCentre }: FleetArrival): FleetBook["landings"][number] => {
  const { acquisition, kind, tile } = product;
  return { acquisition, kind, tile, completedAt, atCentre };
};

/** When the first product of each of these acquisitions was at the mission centre. */
const firstLandings = (
  arrivals: readonly FleetArrival[],
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, Instant> => {
  const first = new Map<number, Instant>();
  if (wanted.size === 0) return first;
  for (const { product, atCentre } of arrivals) {
    const known = first.get(product.acquisition);
    if (wanted.has(product.acquisition) && (known === undefined || atCentre < known))
      first.set(product.acquisition, atCentre);
  }
  return first;
};

/** From acquisition to mission centre, of products of one kind; seconds, nearest rank. */
export interface Delays {
  readonly kind: ProductKind;
  readonly made: number;
  readonly delivered: number;
  /** Of those delivered; ascending. */
  readonly sorted: Float64Array;
}

/** Delays of a whole fleet by kind of product; kinds of which none was made are left out. */
export const fleetDelays = (records: readonly FleetRecord[]): readonly Delays[] =>
  productKinds.flatMap((kind) => {
    const made = records.reduce((sum, record) => sum + (record.made[kind] ?? 0), 0);
    if (made === 0) return [];
    const delivered = records.reduce((sum, { delays }) => sum + (delays[kind]?.length ?? 0), 0);
    const sorted = new Float64Array(delivered);
    let at = 0;
    for (const { delays } of records) {
      sorted.set(delays[kind] ?? [], at);
      at += delays[kind]?.length ?? 0;
    }
    return [{ kind, made, delivered, sorted: sorted.sort() }];
  });

/** Straight down only, or with crosslinks. */
export type FlightName = "direct" | "mesh";
