import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import type { SigningKey } from "../../pipeline/keys/nkey.ts";
import type { ProductName } from "../../pipeline/mission/flight-log.ts";
import type { SatelliteLedger } from "../../pipeline/mission/ledger.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Contact, ContactPlan } from "../../pipeline/orbit/contact.ts";
import type { Instant } from "../../pipeline/units.ts";
import { writeFlight } from "../../pipeline/tenancy/flight-bill.ts";
import { checkLedger, type FlightTotal } from "../../pipeline/tenancy/ledger-check.ts";
import { LedgerWriter } from "../../pipeline/tenancy/ledger-writer.ts";
import { decisionsOf, meterSatellite, sharesOfRecord } from "../../pipeline/tenancy/metered-work.ts";
import type { TenantShare } from "../../pipeline/tenancy/tenant-shares.ts";
import type { Tenancy } from "./tenancy-source.ts";

/** The ledger of a run, and what it adds up to. */
export interface RunLedger {
  readonly text: string;
  /** By the label of the policy, or the name of the flight. */
  readonly totals: ReadonlyMap<string, FlightTotal>;
}

/** What names a product in a flight. */
export const landingKey = ({ acquisition, kind, tile }: ProductName): string =>
  `${acquisition}/${kind}/${tile ?? ""}`;

/** One flight of a ledger, with pixels or without. */
export interface LedgerFlight {
  readonly flight: string;
  readonly contacts: ContactPlan;
  readonly acquisitions: readonly Acquisition[];
  readonly satellites: readonly SatelliteLedger[];
  /** When each product was whole at a station, by `landingKey`. */
  readonly down: ReadonlyMap<string, Instant>;
  /** Written for a picture by a model that writes tokens; 0 for others. */
  readonly tokens: number;
}

const arrivalsOf = ({ landed }: PolicyRun): ReadonlyMap<string, Instant> => {
  const down = new Map<string, Instant>();
  for (const { acquisition, batchArrival, chipsArrival, tileArrivals } of landed) {
    const { index } = acquisition;
    for (const arrival of [batchArrival, chipsArrival]) {
      if (arrival === null) continue;
      down.set(landingKey({ acquisition: index, kind: arrival.kind, tile: null }), arrival.completedAt);
    }
    for (const [tile, { kind, completedAt }] of tileArrivals)
      down.set(landingKey({ acquisition: index, kind, tile }), completedAt);
  }
  return down;
};

const flightOf = (run: PolicyRun): LedgerFlight => ({
  flight: run.plan.policy.label,
  contacts: run.plan.contacts,
  acquisitions: run.plan.acquisitions,
  satellites: run.satellites,
  down: arrivalsOf(run),
  // Models that write tokens are simulated, not run.
  tokens: 0,
});

const bySatellite = (contacts: readonly Contact[]): ReadonlyMap<string, readonly Contact[]> => {
  const groups = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const group = groups.get(contact.satellite);
    if (group === undefined) groups.set(contact.satellite, [contact]);
    else group.push(contact);
  }
  return groups;
};

const writeOne = (writer: LedgerWriter, one: LedgerFlight): void => {
  const { flight, satellites, acquisitions, down, tokens } = one;
  const shares = new Map<number, readonly TenantShare[]>();
  for (const ledger of satellites)
    for (const record of ledger.acquisitions) shares.set(record.index, sharesOfRecord(record));
  const { contacts, to } = one.contacts;
  const own = bySatellite(contacts);
  const items = satellites.flatMap((ledger) =>
    meterSatellite({
      ledger,
      contacts: own.get(ledger.satellite) ?? [],
      to,
      ownersOf: (acquisition) => shares.get(acquisition) ?? [],
      downAt: (product) => down.get(landingKey(product)) ?? null,
      tokensOf: ({ failure }) => (failure === null ? tokens : 0),
    }),
  );
  const used = new Set(
    satellites.flatMap((ledger) =>
      ledger.contacts.flatMap(({ contact, frames }) => (frames > 0 ? [contact] : [])),
    ),
  );
  writeFlight(writer, {
    flight,
    items,
    decisions: satellites.flatMap(decisionsOf),
    passes: contacts.filter(({ id }) => used.has(id)),
    to,
    orderOf: (acquisition) => acquisitionAt(acquisitions, acquisition)?.order ?? null,
  });
};

/**
 * The ledger of a run: one flight after the other, since policies are alternatives and each begins with all budgets whole. The same run and key, the same
 * bytes. `openKey`: the key follows from the run's name.
 */
export const ledgerOfRun = (
  runId: string,
  tenancy: Tenancy,
  runs: readonly PolicyRun[],
  key: SigningKey,
  openKey: boolean,
): RunLedger => ledgerOfFlights(runId, tenancy, runs.map(flightOf), key, openKey);

/** The same of flights. */
export const ledgerOfFlights = (
  runId: string,
  { list, tenants }: Tenancy,
  flights: readonly LedgerFlight[],
  key: SigningKey,
  openKey: boolean,
): RunLedger => {
  const lines: string[] = [];
  const writer = new LedgerWriter(
    {
      run: runId,
      currency: list.currency,
      prices: list.prices,
      tenants: tenants.map(({ id, budget, weight }) => ({ id, budget, weight })),
      openKey,
    },
    key,
    (line) => lines.push(line),
  );
  for (const one of flights) writeOne(writer, one);
  writer.close(Math.max(...flights.map(({ contacts }) => contacts.to)));
  const text = lines.join("");
  // Added up again by the reader that everybody uses: a ledger that does not hold is never written.
  const { fault, flights: checked } = checkLedger([Buffer.from(text)], key.publicKey);
  if (fault !== null) throw new RangeError(`ledger of ${runId}: line ${fault.line} ${fault.what}`);
  return { text, totals: new Map(checked.map((flight) => [flight.flight, flight])) };
};
