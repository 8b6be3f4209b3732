import { labelNamed } from "../../operators/policies/policy-choice.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { formatCountOf } from "../../pipeline/format.ts";
import type { Workload } from "../../pipeline/mission/workload.ts";
import { readTenancy } from "../tenancy/tenancy-source.ts";
import { withStore } from "../inputs/spacecraft-file.ts";
import { entriesOf, readWorkload } from "../inputs/workload-source.ts";
import type { SimulationExecution, SimulationScenario } from "../scenario.ts";
import { about, identityOf, readOptions, type Written } from "./option.ts";
import { offloadOf, readFlight, requireShareable } from "./scenario.ts";
import { parseShard } from "./shard.ts";
import { simulationExecutionOptions, simulationOptions } from "./table.ts";

const declaredNote = ({ name, source }: Workload): string =>
  `the workload is declared, not measured: ${name}${source === undefined ? "" : `; ${source}`}`;

const orderedNote = ({ name }: Workload, ordered: number): string =>
  `${formatCountOf(ordered, "picture")} of ${name} ordered, not scheduled: left out of what pictures are drawn from; --orders flies orders`;

/**
 * Everything that shapes a simulation, read and checked once. Throws `SwathError("config")` for the first option that does not
 * fit, or a workload that cannot be read.
 */
export const readSimulation = async (
  written: Written<typeof simulationOptions>,
): Promise<SimulationScenario> => {
  const values = readOptions(simulationOptions, written);
  if (values.workload === null) {
    throw new SwathError("config", {
      what: "--workload",
      wanted: "the folder of a run, its workload.json, or a YAML file that declares one",
      got: "none",
      hint: "swath replay and swath compare measure one",
      field: "workload",
    });
  }
  const { spacecraft: built, rate } = readFlight(values);
  const spacecraft = withStore(built, { store: values.store, eviction: values.evict, order: values.order });
  const workload = await readWorkload(values.workload, spacecraft);
  const { policy, entries, ordered } = about("policy", () =>
    entriesOf(workload, values.policy === null ? undefined : labelNamed(values.policy)),
  );
  if (values.schedule === "recorded" && entries.some(({ taken }) => taken === null)) {
    throw new SwathError("config", {
      what: "--schedule recorded",
      wanted: "a workload that a run measured",
      got: `${workload.name}, which says nowhere who took what when`,
      field: "schedule",
    });
  }
  requireShareable(values);
  return Object.freeze({
    options: identityOf(simulationOptions, written),
    workload,
    policy,
    entries,
    constellation: values.constellation,
    spacecraft,
    stations: values.stations,
    start: values.start,
    horizon: values.hours,
    schedule: values.schedule,
    cadence: values.images === null ? values.cadence : null,
    images: values.images,
    imagers: values.imagers,
    rate,
    protection: values.linkSecurity ?? "none",
    bitErrorRate: values.ber,
    segmentLossRate: values.segmentLoss,
    crosslinks: values.crosslinks,
    epoch: values.epoch,
    offload: offloadOf(values, spacecraft),
    outages: values.outage,
    orders: values.orders,
    tenants: values.tenants === null ? null : readTenancy(values.tenants),
    seed: values.seed,
    recordedFrom: values.schedule === "recorded" ? (workload.horizon?.from ?? null) : null,
    notes: [
      ...(workload.declared ? [declaredNote(workload)] : []),
      ...(ordered > 0 ? [orderedNote(workload, ordered)] : []),
    ],
  });
};

/** Each of them listens to all others. */
const mostOnBus = 1024;

/** How a simulation is carried out. Throws `SwathError("config")` for what does not go together. */
export const readSimulationExecution = (
  written: Written<typeof simulationExecutionOptions>,
): SimulationExecution => {
  const values = readOptions(simulationExecutionOptions, written);
  const execution = { ...values, shard: values.shard === null ? null : parseShard(values.shard) };
  if (execution.shard === null && execution.nats !== null) {
    throw new SwathError("config", {
      what: "--nats",
      wanted: "--shard i/n beside it",
      got: "none",
      hint: "shards fly in processes of their own that meet on one NATS",
      field: "nats",
    });
  }
  if (execution.shard !== null && execution.nats !== null && execution.shard.of > mostOnBus) {
    throw new SwathError("config", {
      what: "--shard",
      wanted: `at most ${mostOnBus} shards on one NATS`,
      got: `${execution.shard.of}`,
      field: "shard",
    });
  }
  return Object.freeze(execution);
};
