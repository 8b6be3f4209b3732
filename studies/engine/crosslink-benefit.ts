import { acquisitionAt } from "../../pipeline/orbit/acquisition.ts";
import { alone } from "../../operators/mesh/mesh.ts";
import { simulate, type FlownSatellite, type SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { OffloadSummary } from "../../measure/summary/offload-summary.ts";
import type { PolicySummary } from "../../measure/summary/run-summary.ts";
import { instant } from "../../pipeline/units.ts";
import { workloadOf } from "../../measure/run/measured-workload.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { nearestRank, sumOf } from "../../measure/statistics.ts";

type Crosslinks = NonNullable<PolicySummary["crosslinks"]>;
type Delay = NonNullable<Crosslinks["toGround"]>["alone"];
type Flown = NonNullable<OffloadSummary["flown"]>["apart"];

const flyAgain = async (plan: SimulationPlan, signal: AbortSignal): Promise<readonly FlownSatellite[]> => {
  const flown: FlownSatellite[] = [];
  for await (const one of simulate(plan, { index: 0, of: 1, exchange: alone }, { signal })) flown.push(one);
  return flown;
};

/** From acquisition to ground for everything that came down when the run's work was flown again without its pixels. */
const delayOf = ({ acquisitions }: SimulationPlan, flown: readonly FlownSatellite[]): Delay => {
  const delays = flown.flatMap(({ arrivals }) =>
    arrivals.map(
      ({ product, atCentre }) =>
        atCentre - (acquisitionAt(acquisitions, product.acquisition)?.at ?? instant(Number.NaN)),
    ),
  );
  const sorted = Float64Array.from(delays).sort();
  return { products: sorted.length, median: nearestRank(sorted, 0.5), p90: nearestRank(sorted, 0.9) };
};

const lowestCharge = (flown: readonly FlownSatellite[]): number | null => {
  const charges = flown.flatMap(({ ledger: { body } }) => body?.power?.minCharge ?? []);
  return charges.length === 0 ? null : Math.min(...charges);
};

/** The same flight as whoever shares tiles out wants to see it. */
const flownOf = (plan: SimulationPlan, flown: readonly FlownSatellite[]): Flown => {
  const ledgers = flown.map(({ ledger }) => ledger);
  const { to } = plan.contacts;
  return {
    processed: sumOf(
      ledgers,
      ({ acquisitions }) =>
        acquisitions.filter(({ failure, readyAt }) => failure === null && readyAt <= to).length,
    ),
    ...delayOf(plan, flown),
    waitSeconds: sumOf(ledgers, ({ body }) => sumOf(body?.waits ?? [], (wait) => wait.to - wait.from)),
    lowestCharge: lowestCharge(flown),
    energyJoules: sumOf(
      ledgers,
      ({ energy, crosslinks }) => energy.camera + energy.compute + energy.radio + (crosslinks?.energy ?? 0),
    ),
  };
};

/**
 * What the crosslinks of a run bought: its measured work flown with them and without, over the same contacts and the same
 * weather; where tiles are shared out, flown as well with crosslinks and each satellite computing its own. `null` for a run without crosslinks.
 */
export const meshBenefit = async (
  { plan, ...run }: PolicyRun,
  signal: AbortSignal,
): Promise<{
  readonly toGround: NonNullable<Crosslinks["toGround"]>;
  readonly flown: NonNullable<OffloadSummary["flown"]> | null;
} | null> => {
  const { mesh } = plan;
  if (mesh === null) return null;
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
    mesh,
    workload,
    entries: workload.policies[0]?.acquisitions ?? [],
    inOrder: true,
  };
  const together = await flyAgain(again, signal);
  const bare = { ...again, mesh: null };
  const toGround = {
    together: delayOf(again, together),
    alone: delayOf(bare, await flyAgain(bare, signal)),
  };
  const { offload, ...apart } = mesh;
  if (offload === undefined) return { toGround, flown: null };
  const each = { ...again, mesh: apart };
  return {
    toGround,
    flown: { shared: flownOf(again, together), apart: flownOf(each, await flyAgain(each, signal)) },
  };
};
