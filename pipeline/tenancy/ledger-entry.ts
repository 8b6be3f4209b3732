import { usualTenant } from "../orders/order-bounds.ts";
import type { ResourceKey } from "./resource.ts";
import type { Prices } from "./tariff.ts";

/** Version tag of `ledger.jsonl`. */
export const ledgerVersion = "swath-ledger/1";

/** Who has what nobody ordered: fill of frames, terminals, what went beyond a budget. No tenant may be called so. */
export const operatorName = usualTenant;

/** A tenant as a ledger opens with it. */
export interface LedgerTenant {
  readonly id: string;
  /** Millionths of the currency. */
  readonly budget: number;
  readonly weight: number;
}

/** The first line. */
export interface OpenEntry {
  readonly kind: "open";
  readonly schema: typeof ledgerVersion;
  readonly run: string;
  readonly currency: string;
  /** For one unit of each resource (`resource.ts`). */
  readonly prices: Prices;
  readonly tenants: readonly LedgerTenant[];
  /** `U…`: the public key that its roots are signed with. */
  readonly signer: string;
  /** True where the key follows from the run's name: then the signature proves that nothing was altered by accident, and no more. */
  readonly openKey: boolean;
}

/** A policy's flight begins: every account is as the first line has it. */
export interface FlightEntry {
  readonly kind: "flight";
  readonly flight: string;
}

/** Which work a line speaks of. */
export interface WorkPlace {
  /** Mission time, UTC seconds since 1970. */
  readonly at: number;
  readonly satellite: string;
  readonly tenant: string;
  /** `null`: of none, such as fill. */
  readonly acquisition: number | null;
  /** The order that caused it; absent where none did. */
  readonly order?: string;
}

/** An amount is held for work that is about to begin. */
export interface ReserveEntry extends WorkPlace {
  readonly kind: "reserve";
  readonly amount: number;
}

/** Work was not begun: its quote was more than the tenant had free. */
export interface RefuseEntry extends WorkPlace {
  readonly kind: "refuse";
  readonly wanted: number;
  readonly free: number;
}

/** Work was done: the tenant pays `charge`; `overrun` is beyond its budget, and borne by the operator. */
export interface ChargeEntry extends WorkPlace {
  readonly kind: "charge";
  /** Line of the reservation; `null` where nothing was reserved. */
  readonly of: number | null;
  /** Whole millionths of each resource's unit; nothing of those that are not named. */
  readonly work: Readonly<Partial<Record<ResourceKey, number>>>;
  readonly charge: number;
  readonly overrun: number;
}

/** A reservation ends: what it still held goes back. */
export interface ReleaseEntry {
  readonly kind: "release";
  readonly at: number;
  readonly of: number;
  readonly refund: number;
}

/** A pass is over, or all is: what stands before is signed. */
export interface RootEntry {
  readonly kind: "root" | "close";
  readonly at: number;
  /** The contact; empty on the last line. */
  readonly contact: string;
  /** Base64url, by `signer`, over all of the line before it, and so, by `prev`, over all lines before. */
  readonly signature: string;
}

/** What stands on a line of a ledger, besides its number and the digest of the line before. */
export type LedgerEntry =
  | OpenEntry
  | FlightEntry
  | ReserveEntry
  | RefuseEntry
  | ChargeEntry
  | ReleaseEntry
  | RootEntry;

/** A line, read. */
export type LedgerLine = LedgerEntry & {
  /** Counts from 0. */
  readonly n: number;
  /** SHA-256 of the line before, base64url; of the first line, empty. */
  readonly prev: string;
};

/** What the signature of a root covers: the text of its line up to the signature itself. */
export const signedPart = (line: string): string => `swath ledger root 1\n${line.slice(0, rootCut(line))}`;

const signatureField = ',"signature":"';
const rootCut = (line: string): number => Math.max(0, line.lastIndexOf(signatureField));
