import type { PolicyRun } from "../../measure/run/policy-run.ts";
import type { SigningKey } from "../../pipeline/keys/nkey.ts";
import type { ProductKind } from "../../pipeline/product/product.ts";
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
  /** By the label of the policy. */
  readonly totals: ReadonlyMap<string, FlightTotal>;
}

const keyOf = (acquisition: number, kind: ProductKind, tile: number | null): string =>
  `${acquisition}/${kind}/${tile ?? ""}`;

/** When each product was whole at a station, by what the run calls it. */
const arrivalsOf = ({ landed }: PolicyRun): ReadonlyMap<string, Instant> => {
  const down = new Map<string, Instant>();
  for (const { acquisition, batchArrival, chipsArrival, tileArrivals } of landed) {
    for (const arrival of [batchArrival, chipsArrival])
      if (arrival !== null) down.set(keyOf(acquisition.index, arrival.kind, null), arrival.completedAt);
    for (const [tile, { kind, completedAt }] of tileArrivals)
      down.set(keyOf(acquisition.index, kind, tile), completedAt);
  }
  return down;
};

const writePolicy = (writer: LedgerWriter, run: PolicyRun): void => {
  const { plan, satellites } = run;
  const down = arrivalsOf(run);
  const shares = new Map<number, readonly TenantShare[]>();
  for (const { acquisitions } of satellites)
    for (const record of acquisitions) shares.set(record.index, sharesOfRecord(record));
  const { contacts, to } = plan.contacts;
  const items = satellites.flatMap((ledger) =>
    meterSatellite({
      ledger,
      contacts: contacts.filter(({ satellite }) => satellite === ledger.satellite),
      to,
      ownersOf: (acquisition) => shares.get(acquisition) ?? [],
      downAt: ({ acquisition, kind, tile }) => down.get(keyOf(acquisition, kind, tile)) ?? null,
      // Models that write tokens are simulated, not run.
      tokensOf: () => 0,
    }),
  );
  const used = new Set(
    satellites.flatMap((one) => one.contacts.flatMap(({ contact, frames }) => (frames > 0 ? [contact] : []))),
  );
  writeFlight(writer, {
    flight: plan.policy.label,
    items,
    decisions: satellites.flatMap(decisionsOf),
    passes: contacts.filter(({ id }) => used.has(id)),
    to,
    orderOf: (acquisition) => plan.acquisitions[acquisition]?.order ?? null,
  });
};

/**
 * The ledger of a run: one flight after the other, since policies are alternatives and each begins with all budgets whole. The same run and key, the same
 * bytes. `openKey`: the key follows from the run's name.
 */
export const ledgerOfRun = (
  runId: string,
  { list, tenants }: Tenancy,
  runs: readonly PolicyRun[],
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
  for (const run of runs) writePolicy(writer, run);
  writer.close(Math.max(...runs.map(({ plan }) => plan.contacts.to)));
  const text = lines.join("");
  // Added up again by the reader that everybody uses: a ledger that does not hold is never written.
  const { fault, flights } = checkLedger([Buffer.from(text)], key.publicKey);
  if (fault !== null) throw new RangeError(`ledger of ${runId}: line ${fault.line} ${fault.what}`);
  return { text, totals: new Map(flights.map((flight) => [flight.flight, flight])) };
};
