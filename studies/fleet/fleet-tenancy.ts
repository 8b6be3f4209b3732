import { timeOn, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { TenancyPlan } from "../../pipeline/mission/tenancy-plan.ts";
import { workingPower } from "../../pipeline/mission/working-power.ts";
import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { usualTenant } from "../../pipeline/orders/order-bounds.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { formatCount } from "../../pipeline/format.ts";
import { priceOf, readTariff } from "../../pipeline/tenancy/tariff.ts";
import { refusalText } from "../../pipeline/tenancy/tenant-file.ts";
import { seconds } from "../../pipeline/units.ts";
import { allowancesOf, ownerRule } from "../tenancy/plan-tenancy.ts";
import type { Tenancy } from "../tenancy/tenancy-source.ts";
import { leftOutText } from "../tenancy/workload-file.ts";
import { drawnScene } from "./fleet-orders.ts";

/** So many acquisitions have a ledger at most, each flight counted: half a kilobyte a line, and several lines each. */
const mostBilled = 200_000;

type Ground = Pick<
  SimulationPlan,
  "spacecraft" | "satellites" | "acquisitions" | "orders" | "entries" | "inOrder" | "workload" | "mesh"
>;

/** What the whole of a picture, and each tenant's workloads in it, are quoted at: what was measured, on this spacecraft. */
const quotesOf = (
  entry: WorkloadEntry,
  prices: TenancyPlan["prices"],
  ground: Ground,
): { readonly whole: number; readonly own: ReadonlyMap<string, number> } => {
  const tariff = readTariff(prices);
  const { camera, computer } = ground.spacecraft;
  const timeOf = timeOn(ground);
  const priced = (operations: number, work: number): number =>
    priceOf(
      {
        operations: Math.ceil(operations / 1e6),
        energy: Math.ceil(
          ((entry.samples / 1e6) * camera.energyPerMegasample +
            timeOf(entry, seconds(work)) * workingPower(computer)) *
            1e6,
        ),
        pixels: entry.samples,
      },
      tariff,
    );
  const sums = new Map<string, { operations: number; work: number }>();
  for (const { tenant, operations, computeSeconds } of entry.workloads ?? []) {
    const sum = sums.get(tenant) ?? { operations: 0, work: 0 };
    sums.set(tenant, { operations: sum.operations + operations, work: sum.work + computeSeconds });
  }
  return {
    whole: priced(entry.operations, entry.computeSeconds),
    own: new Map([...sums].map(([tenant, { operations, work }]) => [tenant, priced(operations, work)])),
  };
};

/**
 * What the satellites of a simulation are told of tenants. What the schedule takes is for those whose workloads the run measured, an order's picture for
 * who ordered it; each is quoted at the most that a picture it may be drawn as was measured at. Throws `SwathError("config")` for more
 * acquisitions than a ledger is written for.
 */
export const planFleetTenancy = (
  { list, tenants, refused }: Tenancy,
  ground: Ground,
  onNote: (text: string) => void,
): TenancyPlan => {
  const { entries, acquisitions, satellites, orders, inOrder, mesh } = ground;
  const billed = acquisitions.length * (mesh === null ? 1 : 2);
  if (billed > mostBilled)
    throw new SwathError("config", {
      what: "--tenants",
      wanted: `at most ${formatCount(mostBilled)} acquisitions, which have lines in a ledger`,
      got: formatCount(billed),
      hint: "fly fewer satellites or hours, or a longer --cadence",
      field: "tenants",
    });
  for (const one of refused) onNote(refusalText(one));
  const known = new Set([...tenants.map(({ id }) => id), usualTenant]);
  const stray = new Map(
    entries
      .flatMap(({ workloads }) => workloads ?? [])
      .filter(({ tenant }) => !known.has(tenant))
      .map(({ workload, tenant }) => [workload, tenant]),
  );
  for (const [name, got] of stray)
    onNote(leftOutText({ name, field: "tenant", wanted: "a tenant of the tenants file", got }));
  const quotes: Record<string, Record<string, number>> = {};
  const orderQuotes: Record<string, number> = {};
  const raise = (into: Record<string, number>, key: string, amount: number): void => {
    into[key] = Math.max(into[key] ?? 0, amount);
  };
  for (const entry of entries) {
    const { whole, own } = quotesOf(entry, list.prices, ground);
    const quoted = (quotes[inOrder ? entry.scene : drawnScene] ??= {});
    for (const [tenant, amount] of own)
      if (known.has(tenant) && tenant !== usualTenant) raise(quoted, tenant, amount);
    raise(orderQuotes, drawnScene, whole);
  }
  return {
    currency: list.currency,
    prices: list.prices,
    quotes,
    orderQuotes,
    tenants: allowancesOf(
      tenants,
      satellites.map(({ id }) => id),
      acquisitions,
      ownerRule(quotes, orders),
    ),
  };
};
