import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { FleetRecord, FlightName } from "../../measure/fleet/fleet-record.ts";
import { booksOf, fleetTenancy } from "../../measure/fleet/fleet-tenancy.ts";
import type { TenancySummary } from "../../measure/run/tenancy.ts";
import type { SigningKey } from "../../pipeline/keys/nkey.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import { keyOfRun } from "./signing-key.ts";
import { landingKey, ledgerOfFlights } from "./run-ledger.ts";
import type { Tenancy } from "./tenancy-source.ts";

/** The ledger of a simulation, and what stands of it in the summary of each flight. */
export interface FleetBill {
  readonly ledger: string;
  readonly tenancyOf: (flight: FlightName) => TenancySummary | undefined;
}

/** Draws up the bill of a simulation; `null` where nobody in particular uses the mission. `tokens`: written for a picture. */
export const billOfFleet = (
  tenancy: Tenancy | null,
  plan: Pick<SimulationPlan, "contacts" | "acquisitions">,
  fleet: ReadonlyMap<FlightName, readonly FleetRecord[]>,
  tokens: number,
  run: { readonly identity: RunIdentity; readonly signing: SigningKey | null },
): FleetBill | null => {
  if (tenancy === null) return null;
  const { identity, signing } = run;
  const { contacts, acquisitions } = plan;
  const flights = [...fleet].map(([flight, records]) => ({ flight, books: booksOf(records) }));
  const { text, totals } = ledgerOfFlights(
    identity.run,
    tenancy,
    flights.map(({ flight, books }) => ({
      flight,
      contacts,
      acquisitions,
      satellites: books.map(({ ledger }) => ledger),
      down: new Map(
        books.flatMap(({ landings }) => landings.map((one) => [landingKey(one), one.completedAt] as const)),
      ),
      tokens,
    })),
    signing ?? keyOfRun(identity.sha256),
    signing === null,
  );
  const { currency, mission } = tenancy.list;
  const summaries = new Map(
    flights.flatMap(({ flight, books }) => {
      const total = totals.get(flight);
      return total === undefined
        ? []
        : [[flight, fleetTenancy({ contacts, acquisitions, books, currency }, total, mission)] as const];
    }),
  );
  return { ledger: text, tenancyOf: (flight) => summaries.get(flight) };
};
