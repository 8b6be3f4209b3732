import { alone } from "../../operators/mesh/mesh.ts";
import { simulate, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { PolicySummary } from "../../measure/summary/run-summary.ts";
import { instant } from "../../pipeline/units.ts";
import { workloadOf } from "../../measure/run/measured-workload.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { nearestRank } from "../../measure/statistics.ts";

type Delay = NonNullable<NonNullable<PolicySummary["crosslinks"]>["toGround"]>["alone"];

/** From acquisition to ground for everything that comes down when the run's work is flown again without its pixels. */
const flyAgain = async (plan: SimulationPlan, signal: AbortSignal): Promise<Delay> => {
  const delays: number[] = [];
  for await (const { arrivals } of simulate(plan, { index: 0, of: 1, exchange: alone }, { signal })) {
    for (const { product, atCentre } of arrivals) {
      delays.push(atCentre - (plan.acquisitions[product.acquisition]?.at ?? instant(Number.NaN)));
    }
  }
  const sorted = Float64Array.from(delays).sort();
  return { products: sorted.length, median: nearestRank(sorted, 0.5), p90: nearestRank(sorted, 0.9) };
};

/**
 * What the crosslinks of a run bought: its measured work flown with them and without, over the same contacts and the same
 * weather; `null` for a run without crosslinks.
 */
export const meshBenefit = async (
  { plan, ...run }: PolicyRun,
  signal: AbortSignal,
): Promise<NonNullable<PolicySummary["crosslinks"]>["toGround"]> => {
  if (plan.mesh === null) return null;
  const workload = workloadOf(plan.runId, { model: plan.model, precision: "fp32" }, [{ plan, ...run }]);
  const again: SimulationPlan = {
    seed: plan.seed,
    spacecraft: plan.spacecraft,
    satellites: plan.orbits,
    stations: plan.stations,
    acquisitions: plan.acquisitions,
    contacts: plan.contacts,
    rate: plan.rate,
    protection: plan.protection,
    errors: plan.errors,
    mesh: plan.mesh,
    workload,
    entries: workload.policies[0]?.acquisitions ?? [],
    inOrder: true,
  };
  return {
    together: await flyAgain(again, signal),
    alone: await flyAgain({ ...again, mesh: null }, signal),
  };
};
