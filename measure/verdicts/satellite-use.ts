import { frameBytes, frameDataBytes } from "../../pipeline/link/frames/frame.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import { bytes, type Bytes, type Instant } from "../../pipeline/units.ts";
import { productKinds } from "../../pipeline/product/product.ts";
import { sumOf } from "../statistics.ts";
import { mostThatFits } from "./most-that-fits.ts";
import { steadyStoreLevel } from "./store-level.ts";

/** What one satellite demands of its link, its computer and its store over a horizon, and what they have. Plain JSON. */
export interface SatelliteUse {
  readonly satellite: string;
  /** Of contact, by plan. */
  readonly contactSeconds: number;
  /** What its contacts could carry, coded frames included. */
  readonly couldCarryBytes: number;
  /** What it made, in coded frames, with as much sent again as was. */
  readonly askedBytes: number;
  readonly carriedBytes: number;
  /** Of work at full speed. */
  readonly workSeconds: number;
  readonly transmitSeconds: number;
  readonly cameraJoules: number;
  /** Fullest store once day follows day; `null` where it never stops filling. */
  readonly fullestStore: number | null;
  /** Of work, that the store has room for; `null`: of any. */
  readonly storeMargin: number | null;
}

/** A contact, as far as verdicts go. */
export interface ContactRoom {
  readonly from: Instant;
  readonly to: Instant;
  /** Coded frames that it could carry. */
  readonly couldCarry: Bytes;
}

/** Coded bytes for a byte of data. */
const framing = frameBytes / frameDataBytes;

/**
 * The use of a satellite, from its books. Products that went to another satellite are in that one's store, and not in this one's.
 * Acquisitions still in the computer at the end count as processed in the ledger: their products are demand, too.
 */
export const satelliteUse = (
  { satellite, products, contacts, acquisitions, energy }: SatelliteLedger,
  rooms: readonly ContactRoom[],
  storeCapacity: Bytes,
): SatelliteUse => {
  const sent = sumOf(contacts, ({ total }) => total);
  const firstTime = sumOf(contacts, ({ payload }) => sumOf(productKinds, (kind) => payload[kind]));
  const fill = sumOf(contacts, ({ idle }) => idle) * framing;
  /** Coded bytes on the link for a byte of product, with what was sent again; fill would make way for more. */
  const coding = firstTime === 0 ? framing : Math.max(framing, (sent - fill) / firstTime);
  const own = products.filter(({ fate }) => fate !== "handed-over");
  const inflows = own.map(({ readyAt, size }) => ({ at: readyAt, size })).toSorted((a, b) => a.at - b.at);
  const outflows = rooms.map(({ from, to, couldCarry }) => ({
    from,
    to,
    carries: bytes(couldCarry / coding),
  }));
  const level = steadyStoreLevel(inflows, outflows, 1);
  return {
    satellite,
    contactSeconds: sumOf(rooms, ({ from, to }) => to - from),
    couldCarryBytes: sumOf(rooms, ({ couldCarry }) => couldCarry),
    askedBytes: Math.round(coding * sumOf(products, ({ size, origin }) => (origin === null ? size : 0))),
    carriedBytes: sent,
    workSeconds: sumOf(acquisitions, ({ computeSeconds }) => computeSeconds),
    transmitSeconds: sumOf(contacts, ({ transmitSeconds }) => transmitSeconds),
    cameraJoules: energy.camera,
    fullestStore: level?.fullest ?? null,
    storeMargin: mostThatFits((work) => {
      const full = steadyStoreLevel(inflows, outflows, work);
      return full !== null && full.fullest <= storeCapacity;
    }),
  };
};
