import { hash } from "node:crypto";
import { verifierOf } from "../keys/nkey.ts";
import { Account } from "./account.ts";
import { microAmount, type MicroAmount } from "./amount.ts";
import {
  ledgerVersion,
  operatorName,
  signedPart,
  type LedgerLine,
  type LedgerTenant,
  type OpenEntry,
} from "./ledger-entry.ts";
import { exact, resourceKeys, type ResourceKey, type Work } from "./resource.ts";
import { readTariff, type Tariff } from "./tariff.ts";

/** What one tenant came to in one flight. */
export interface TenantTotal {
  readonly tenant: string;
  readonly budget: MicroAmount | null;
  readonly charged: MicroAmount;
  /** Beyond the budget, borne by the operator. */
  readonly overrun: MicroAmount;
  /** Amounts that were given back. */
  readonly refunded: MicroAmount;
  readonly refused: number;
  readonly work: Work;
}

/** One flight of a ledger. */
export interface FlightTotal {
  readonly flight: string;
  readonly tenants: readonly TenantTotal[];
}

/** What a look at a ledger came to. */
export interface LedgerCheck {
  /** Lines that are sound. */
  readonly entries: number;
  /** Signatures that hold, the last one included. */
  readonly roots: number;
  /** The last line closes the ledger: nothing is cut off behind it. */
  readonly isClosed: boolean;
  /** First thing that is wrong; `null` where nothing is. Lines count from 1, as editors do. */
  readonly fault: { readonly line: number; readonly what: string } | null;
  /** The first line; `null` where it cannot be read. */
  readonly opening: OpenEntry | null;
  readonly flights: readonly FlightTotal[];
}

/** Wrong with a line; the message says what. */
class Fault extends Error {}

interface Tally {
  readonly account: Account;
  readonly budget: MicroAmount | null;
  readonly work: Record<ResourceKey, number>;
  refunded: number;
  refused: number;
}

interface Flight {
  readonly name: string;
  readonly tallies: ReadonlyMap<string, Tally>;
  /** Tenant of each reservation that is open. */
  readonly holds: Map<number, Tally>;
}

const noWork = (): Record<ResourceKey, number> =>
  Object.fromEntries(resourceKeys.map((key) => [key, 0])) as Record<ResourceKey, number>;

const fail = (what: string): never => {
  throw new Fault(what);
};

/** Reads one ledger, line by line. */
class LedgerReader {
  opening: OpenEntry | null = null;
  roots = 0;
  isClosed = false;
  entries = 0;
  readonly flights: Flight[] = [];
  readonly #wantedSigner: string | null;
  #tariff: Tariff | null = null;
  #verify: ReturnType<typeof verifierOf> = null;
  #prev = "";

  constructor(wantedSigner: string | null) {
    this.#wantedSigner = wantedSigner;
  }

  /** Takes the next line, without its newline. Throws `Fault` and `RangeError`. */
  take(bytes: Buffer): void {
    if (this.isClosed) fail("stands behind the closing line");
    let line: LedgerLine;
    try {
      line = JSON.parse(bytes.toString()) as LedgerLine;
    } catch {
      return fail("is no line of a ledger");
    }
    if (line.n !== this.entries) fail(`has number ${line.n}, wanted ${this.entries}`);
    if (line.prev !== this.#prev)
      fail("does not follow from the line before: one of both is not as it was written");
    this.#enter(line, bytes);
    this.#prev = hash("sha256", bytes, "base64url");
    this.entries++;
  }

  #enter(line: LedgerLine, bytes: Buffer): void {
    if (line.kind === "open") return this.#open(line);
    const { opening } = this;
    if (opening === null) return fail(`begins with "${line.kind}", wanted the opening of a ledger`);
    switch (line.kind) {
      case "flight":
        return this.#fly(line.flight, opening.tenants);
      case "reserve": {
        const tally = this.#tally(line.tenant);
        if (!tally.account.reserve(line.n, microAmount(line.amount)))
          fail(`reserves ${line.amount}, more than ${line.tenant} has free`);
        this.#flight().holds.set(line.n, tally);
        return;
      }
      case "refuse":
        this.#tally(line.tenant).refused++;
        return;
      case "charge":
        return this.#charge(line);
      case "release": {
        const { holds } = this.#flight();
        const tally = holds.get(line.of) ?? fail(`releases reservation ${line.of}, which is not open`);
        holds.delete(line.of);
        const left = tally.account.release(line.of);
        if (left !== line.refund) fail(`gives back ${line.refund}, wanted ${left}`);
        tally.refunded += left;
        return;
      }
      case "root":
      case "close":
        return this.#root(line.kind, line.signature, bytes);
      default:
        fail(`is of a kind that ${ledgerVersion} does not have`);
    }
  }

  #open(line: OpenEntry): void {
    if (this.opening !== null) fail("opens the ledger a second time");
    const { signer } = line;
    const schema: string = line.schema;
    if (schema !== ledgerVersion) fail(`is of ${JSON.stringify(schema)}, wanted ${ledgerVersion}`);
    if (this.#wantedSigner !== null && signer !== this.#wantedSigner)
      fail(`says it is signed by ${String(signer)}, wanted ${this.#wantedSigner}`);
    this.#verify = verifierOf("user", String(signer));
    if (this.#verify === null) fail("names no public key that it is signed with");
    this.#tariff = readTariff(line.prices);
    this.opening = line;
  }

  #fly(name: string, tenants: readonly LedgerTenant[]): void {
    this.#endFlight();
    const tally = (budget: number | null): Tally => {
      const micro = budget === null ? null : microAmount(budget);
      return {
        account: new Account(micro, this.#tariff as Tariff),
        budget: micro,
        work: noWork(),
        refunded: 0,
        refused: 0,
      };
    };
    const tallies = new Map(tenants.map(({ id, budget }) => [id, tally(budget)]));
    tallies.set(operatorName, tally(null));
    this.flights.push({ name, tallies, holds: new Map() });
  }

  /** Every reservation of a flight is released before the next begins. */
  #endFlight(): void {
    const open = this.flights.at(-1)?.holds.size ?? 0;
    if (open > 0) fail(`ends a flight with ${open} reservations that nobody released`);
  }

  #flight(): Flight {
    return this.flights.at(-1) ?? fail("stands before the first flight");
  }

  #tally(tenant: string): Tally {
    return this.#flight().tallies.get(tenant) ?? fail(`names ${tenant}, who is no tenant of this ledger`);
  }

  #charge(line: LedgerLine & { readonly kind: "charge" }): void {
    const { account, work } = this.#tally(line.tenant);
    for (const key in line.work) {
      if (!(key in work)) fail(`charges for "${key}", which has no price`);
      const name = key as ResourceKey;
      work[name] = exact(work[name] + (line.work[name] as number));
    }
    if (line.of !== null && this.#flight().holds.get(line.of)?.account !== account)
      fail(`charges to reservation ${line.of}, which is not open for ${line.tenant}`);
    const { charge, overrun } = account.charge(line.work, line.of);
    if (charge !== line.charge) fail(`charges ${line.charge}, wanted ${charge}`);
    if (overrun !== line.overrun) fail(`has an overrun of ${line.overrun}, wanted ${overrun}`);
  }

  #root(kind: "root" | "close", signature: string, bytes: Buffer): void {
    const text = bytes.toString();
    const decoded = Buffer.from(signature, "base64url");
    // Other letters may stand for the same bytes: a root is taken in one spelling alone.
    if (decoded.toString("base64url") !== signature || JSON.stringify(JSON.parse(text)) !== text)
      fail("is a root that is not spelled as it was written");
    if (this.#verify?.(Buffer.from(signedPart(text)), decoded) !== true)
      fail("has a signature that does not hold");
    this.roots++;
    if (kind !== "close") return;
    this.#endFlight();
    this.isClosed = true;
  }
}

const newline = 10;

/** Longest line that is read: a first line with a hundred thousand tenants. */
const longestLine = 16 * 1024 * 1024;

const endFault = (reader: LedgerReader, rest: number): LedgerCheck["fault"] => {
  if (rest > 0) return { line: reader.entries + 1, what: "ends in the middle of a line" };
  if (reader.isClosed) return null;
  const got =
    reader.entries === 0 ? "is empty" : `ends after ${reader.entries} lines and ${reader.roots} roots`;
  return { line: reader.entries + 1, what: `${got}, without its closing line: what stood behind is cut off` };
};

const totalsOf = ({ name, tallies }: Flight): FlightTotal => ({
  flight: name,
  tenants: [...tallies].map(([tenant, { account, budget, work, refunded, refused }]) => ({
    tenant,
    budget,
    charged: account.charged,
    overrun: account.overrun,
    refunded: microAmount(refunded),
    refused,
    work: { ...work },
  })),
});

/**
 * Reads a ledger from end to end and adds it up again: every line follows from the one before, every reservation, charge and refund is what
 * prices and budgets make it, every root is signed, and the last line closes it. `signer` is the public key that must have signed it;
 * `null`: the one that the ledger itself names.
 */
export const checkLedger = (chunks: Iterable<Uint8Array>, signer: string | null): LedgerCheck => {
  const reader = new LedgerReader(signer);
  let rest: Buffer = Buffer.alloc(0);
  let fault: LedgerCheck["fault"] = null;
  try {
    for (const chunk of chunks) {
      const whole = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const bytes = rest.length === 0 ? whole : Buffer.concat([rest, whole]);
      let from = 0;
      for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
        reader.take(bytes.subarray(from, end));
        from = end + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
      if (rest.length > longestLine) fail(`is longer than ${longestLine} bytes`);
    }
  } catch (error) {
    if (!(error instanceof Fault) && !(error instanceof RangeError) && !(error instanceof TypeError))
      throw error;
    fault = { line: reader.entries + 1, what: error.message };
  }
  fault ??= endFault(reader, rest.length);
  const { entries, roots, isClosed, opening, flights } = reader;
  return { entries, roots, isClosed, fault, opening, flights: flights.map(totalsOf) };
};
