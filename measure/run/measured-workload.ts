import { acquisitionAt, type Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { workloadSchemaVersion, type Workload, type WorkloadEntry } from "../../pipeline/mission/workload.ts";
import type { PolicyRun } from "./policy-run.ts";

const entriesOf = ({ plan, satellites }: PolicyRun): readonly WorkloadEntry[] =>
  satellites
    .flatMap(({ satellite, acquisitions, products }) =>
      acquisitions.map((record) => {
        const {
          index,
          startedAt: _started,
          readyAt: _ready,
          upsets: _upsets,
          tenancy: _tenancy,
          workloads,
          origin = satellite,
          ...measured
        } = record;
        const { scene, at, order } = acquisitionAt(plan.acquisitions, index) as Acquisition;
        const own = products
          .filter(({ acquisition, askedAt }) => acquisition === index && askedAt === undefined)
          .map(({ kind, tile, size, workAt, value }) => ({ kind, tile, size, workAt, value }));
        return {
          index,
          entry: {
            ...measured,
            ...(workloads === undefined ? {} : { workloads: [...workloads] }),
            scene,
            products: own,
            taken: { satellite: origin, at },
            ...(order === undefined ? {} : { ordered: true as const }),
          },
        };
      }),
    )
    .toSorted((a, b) => a.index - b.index)
    .map(({ entry }) => entry);

const horizonOf = ([run]: readonly PolicyRun[]): Workload["horizon"] => {
  const { from, to } = (run as PolicyRun).plan.contacts;
  return { from, to };
};

/** What a run measured of each acquisition under each of its policies, in the order of the schedule. */
export const workloadOf = (
  name: string,
  model: Pick<Workload, "model" | "precision">,
  runs: readonly PolicyRun[],
): Workload => ({
  schema: workloadSchemaVersion,
  name,
  declared: false,
  horizon: horizonOf(runs),
  ...model,
  computer: { ...(runs[0] as PolicyRun).plan.spacecraft.computer },
  policies: runs.map((run) => ({ policy: run.plan.policy.label, acquisitions: [...entriesOf(run)] })),
});
