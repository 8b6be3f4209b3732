import { hash } from "node:crypto";
import type { SigningKey } from "../keys/nkey.ts";
import { Account } from "./account.ts";
import type { MicroAmount } from "./amount.ts";
import {
  operatorName,
  signedPart,
  type LedgerEntry,
  type LedgerTenant,
  type OpenEntry,
  type WorkPlace,
} from "./ledger-entry.ts";
import { isNothing, type Work } from "./resource.ts";
import { readTariff, type Tariff } from "./tariff.ts";

/** A ledger as it begins. */
export interface LedgerOpening extends Omit<OpenEntry, "kind" | "schema" | "signer"> {}

/**
 * Writes a ledger line by line: each has the digest of the one before, so that no line can be changed, left out, doubled or moved without all
 * later ones telling. The accounts are kept along the way. The same entries and key give the same bytes.
 */
export class LedgerWriter {
  readonly #write: (line: string) => void;
  readonly #key: SigningKey;
  readonly #tariff: Tariff;
  readonly #tenants: readonly LedgerTenant[];
  #accounts: ReadonlyMap<string, Account> = new Map();
  readonly #holders = new Map<number, Account>();
  #n = 0;
  #prev = "";

  /** `write` takes one line after the other, its newline included. Throws `RangeError` for prices that are none. */
  constructor(opening: LedgerOpening, key: SigningKey, write: (line: string) => void) {
    this.#write = write;
    this.#key = key;
    this.#tariff = readTariff(opening.prices);
    this.#tenants = opening.tenants;
    const { run, currency, prices, tenants, openKey } = opening;
    const signer = key.publicKey;
    this.#append({
      kind: "open",
      schema: "swath-ledger/1",
      run,
      currency,
      prices,
      tenants,
      signer,
      openKey,
    });
  }

  /** Begins a flight, with every account as it was at first. */
  begin(flight: string): void {
    this.#accounts = new Map<string, Account>([
      ...this.#tenants.map(
        ({ id, budget }) => [id, new Account(budget as MicroAmount, this.#tariff)] as const,
      ),
      [operatorName, new Account(null, this.#tariff)],
    ]);
    this.#holders.clear();
    this.#append({ kind: "flight", flight });
  }

  /** What a tenant has been charged, has free, and has cost beyond its budget so far. Throws `RangeError` for one that is not known. */
  account(tenant: string): Pick<Account, "charged" | "free" | "overrun"> {
    return this.#account(tenant);
  }

  /** Holds an amount; the number of the reservation, or `null` where less is free: then the refusal stands in the ledger. */
  reserve(place: WorkPlace, amount: MicroAmount): number | null {
    const account = this.#account(place.tenant);
    const hold = this.#n;
    if (!account.reserve(hold, amount)) {
      this.#append({ kind: "refuse", ...placeOf(place), wanted: amount, free: account.free });
      return null;
    }
    this.#holders.set(hold, account);
    this.#append({ kind: "reserve", ...placeOf(place), amount });
    return hold;
  }

  /** Notes work that the satellite itself has refused, by its own allowance. */
  refuse(place: WorkPlace, wanted: number, free: number): void {
    this.#append({ kind: "refuse", ...placeOf(place), wanted, free });
  }

  /** Charges work that was done; nothing is written of no work. */
  charge(place: WorkPlace, work: Work, of: number | null): void {
    if (isNothing(work)) return;
    const settled = this.#account(place.tenant).charge(work, of);
    this.#append({ kind: "charge", ...placeOf(place), of, work, ...settled });
  }

  /** Ends a reservation. */
  release(at: number, of: number): void {
    const account = this.#holders.get(of);
    if (account === undefined) throw new RangeError(`reservation ${of} is not open`);
    this.#holders.delete(of);
    this.#append({ kind: "release", at, of, refund: account.release(of) });
  }

  /** Signs all that stands here, as a pass ends. */
  root(at: number, contact: string): void {
    this.#sign({ kind: "root", at, contact });
  }

  /** Signs the whole ledger. */
  close(at: number): void {
    this.#sign({ kind: "close", at, contact: "" });
  }

  #account(tenant: string): Account {
    const account = this.#accounts.get(tenant);
    if (account === undefined) throw new RangeError(`no tenant is called ${tenant}`);
    return account;
  }

  #sign(entry: { readonly kind: "root" | "close"; readonly at: number; readonly contact: string }): void {
    const unsigned = this.#text({ ...entry, signature: "" });
    const signature = this.#key.sign(Buffer.from(signedPart(unsigned)));
    this.#append({ ...entry, signature: Buffer.from(signature).toString("base64url") });
  }

  #text(entry: LedgerEntry): string {
    return JSON.stringify({ n: this.#n, prev: this.#prev, ...entry });
  }

  #append(entry: LedgerEntry): void {
    const line = this.#text(entry);
    this.#prev = hash("sha256", line, "base64url");
    this.#n++;
    this.#write(`${line}\n`);
  }
}

const placeOf = ({ at, satellite, tenant, acquisition, order }: WorkPlace): WorkPlace => ({
  at,
  satellite,
  tenant,
  acquisition,
  ...(order === undefined ? {} : { order }),
});
