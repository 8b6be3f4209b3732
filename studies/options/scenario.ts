import { cpu } from "../../pipeline/detection/device.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { OffloadRule } from "../../pipeline/mission/offload.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { Seconds } from "../../pipeline/units.ts";
import { parseCrosslinkRate, parseLinkRate } from "../inputs/link-rate-source.ts";
import { requireServer } from "../inputs/nats-connection.ts";
import { spacecraftFor } from "../inputs/spacecraft-file.ts";
import type { Execution, Scenario } from "../scenario.ts";
import { about, identityOf, readOptions, type Written, type WrittenValue } from "./option.ts";
import { executionOptions, scenarioOptions, upsetStudyOptions } from "./table.ts";
import { readTenancy } from "../tenancy/tenancy-source.ts";
import { readWorkloads, type WorkloadRequests } from "../tenancy/workload-file.ts";
import { requestRuleOf } from "./tile-requests.ts";
import { upsetPlanOf } from "./upsets.ts";

type Topology = Scenario["crosslinks"];

/** Refuses crosslinks of a spacecraft without terminals. Throws `SwathError("config")`. */
const requireTerminals = (topology: Topology, { name, crosslink }: Spacecraft): void => {
  if (topology === "none" || crosslink !== null) return;
  throw new SwathError("config", {
    what: "--crosslinks",
    wanted: "a spacecraft with crosslink terminals",
    got: `${name}, which has none`,
    hint: "take another --spacecraft: swath presets lists them",
    field: "crosslinks",
  });
};

const requireEpoch = (epoch: Seconds, horizon: Seconds): void => {
  if (epoch >= 1 && epoch <= horizon) return;
  throw new SwathError("config", {
    what: "--epoch",
    wanted: `from 1s to the horizon, ${horizon / 3600}h`,
    got: `${epoch / 3600}h`,
    field: "epoch",
  });
};

/** Who computes tiles that wait, and whether anybody else could. Throws `SwathError("config")`. */
export const offloadOf = (
  { offload, crosslinks }: { readonly offload: OffloadRule | "none" | null; readonly crosslinks: Topology },
  { name, power }: Spacecraft,
): OffloadRule | null => {
  if (offload === null || offload === "none") return null;
  const refuse = (wanted: string, got: string): never => {
    throw new SwathError("config", { what: `--offload ${offload}`, wanted, got, field: "offload" });
  };
  if (crosslinks === "none") refuse("--crosslinks all or grid beside it", "none");
  if (offload === "energy" && power === null)
    refuse("a spacecraft with a battery", `${name}, which has none`);
  return offload;
};

/** The options of a mission, read one by one; what they mean together follows. */
interface MissionValues {
  readonly constellation: string;
  readonly spacecraft: string | null;
  readonly rate: string | null;
  readonly crosslinks: Topology;
  readonly crosslinkRate: string | null;
  readonly lockShare: number | null;
  readonly epoch: Seconds;
  readonly hours: Seconds;
}

/** Terminals as the user wants them. Throws `SwathError("config")` where there are none. */
const withTerminals = (
  spacecraft: Spacecraft,
  { crosslinks, crosslinkRate, lockShare }: Pick<MissionValues, "crosslinks" | "crosslinkRate" | "lockShare">,
): Spacecraft => {
  const { crosslink } = spacecraft;
  const asked = crosslinkRate !== null ? "crosslink-rate" : lockShare !== null ? "lock-share" : null;
  if (asked === null) return spacecraft;
  if (crosslinks === "none" || crosslink === null) {
    const wanted = "--crosslinks all or grid beside it";
    throw new SwathError("config", { what: `--${asked}`, wanted, got: "none", field: asked });
  }
  const rated =
    crosslinkRate === null ? {} : about("crosslink-rate", () => parseCrosslinkRate(crosslinkRate, crosslink));
  return {
    ...spacecraft,
    crosslink: { ...crosslink, ...rated, ...(lockShare === null ? {} : { lockShare }) },
  };
};

/** Whose spacecraft fly, and how fast their link is. Throws `SwathError("config")` for what does not go together. */
export const readFlight = (
  values: MissionValues,
): { readonly spacecraft: Spacecraft; readonly rate: LinkRate } => {
  const built = about("spacecraft", () => spacecraftFor(values.spacecraft, values.constellation));
  const radio = built.radio.rate;
  requireTerminals(values.crosslinks, built);
  const spacecraft = withTerminals(built, values);
  requireEpoch(values.epoch, values.hours);
  const { rate } = values;
  return { spacecraft, rate: rate === null ? radio : about("rate", () => parseLinkRate(rate, radio)) };
};

/**
 * Everything that shapes a run with pixels, read and checked once. `written` has options by attribute, as text or as plain values.
 * Throws `SwathError("config")` for the first that does not fit.
 */
export const readScenario = (dataset: string, asWritten: Written<typeof scenarioOptions>): Scenario => {
  const written = withKeys(asWritten);
  return scenarioFrom(dataset, readOptions(scenarioOptions, written), identityOf(scenarioOptions, written));
};

/** The same for `swath upsets`, which names its protections itself. */
export const readUpsetScenario = (
  dataset: string,
  asWritten: Written<typeof upsetStudyOptions>,
): Scenario => {
  const written = withKeys(asWritten);
  return scenarioFrom(
    dataset,
    {
      ...readOptions(upsetStudyOptions, written),
      orders: null,
      commanded: false,
      protection: null,
      noDay: true,
    },
    identityOf(upsetStudyOptions, written),
  );
};

/** Keys protect the links unless it is said otherwise: what frames hold follows from it, and so it is part of what a run is. */
const withKeys = <T extends { readonly linkSecurity?: WrittenValue | undefined }>(written: T): T => {
  const { keys } = written as { readonly keys?: unknown };
  if (written.linkSecurity !== undefined || keys === undefined || keys === null) return written;
  return { ...written, linkSecurity: "auth" };
};

/** Several models in place of one; what speaks of one model does not go with them. Throws `SwathError("config")`. */
const workloadsOf = (
  values: ReturnType<typeof readOptions<typeof scenarioOptions>>,
): WorkloadRequests | null => {
  const { workloads, threshold, classes } = values;
  if (workloads === null) return null;
  const stray = threshold !== null ? "threshold" : classes !== null ? "classes" : null;
  if (stray === null) return readWorkloads(workloads);
  throw new SwathError("config", {
    what: `--${stray}`,
    wanted: "the same in the workloads file, for each workload",
    got: "--workloads beside it",
    field: stray,
  });
};

/** Whose budget pays, which weights a particle hit, which model was loaded: each is told of one computer, that of the camera. Throws `SwathError("config")`. */
export const requireShareable = (values: {
  readonly offload: OffloadRule | "none" | null;
  readonly tenants: string | null;
  readonly workloads?: string | null;
  readonly upsets?: unknown;
}): void => {
  if (values.offload === null || values.offload === "none") return;
  const { tenants, workloads, upsets } = values;
  const stray = tenants ? "tenants" : workloads ? "workloads" : upsets ? "upsets" : null;
  if (stray === null) return;
  throw new SwathError("config", {
    what: `--offload ${values.offload}`,
    wanted: "a mission of one user and one model, without upsets",
    got: `--${stray} beside it`,
    field: "offload",
  });
};

const scenarioFrom = (
  dataset: string,
  values: ReturnType<typeof readOptions<typeof scenarioOptions>>,
  options: Scenario["options"],
): Scenario => {
  const { spacecraft, rate } = readFlight(values);
  requireShareable(values);
  return Object.freeze({
    options,
    dataset,
    reading: {
      ...(values.bands === null ? {} : { bandNames: values.bands }),
      ...(values.reflectanceScale === null ? {} : { reflectanceScale: values.reflectanceScale }),
      ...(values.reflectanceOffset === null ? {} : { reflectanceOffset: values.reflectanceOffset }),
    },
    model: values.model,
    device: values.device ?? cpu,
    screenModel: values.screenModel,
    labelMap: values.map ?? new Map(),
    threshold: values.threshold,
    classes: values.classes,
    tileSizePx: values.tile,
    overlapPx: values.overlap,
    constellation: values.constellation,
    spacecraft,
    stations: values.stations,
    start: values.start,
    horizon: values.hours,
    schedule: values.schedule,
    cadence: values.cadence,
    imagers: values.imagers,
    rate,
    protection: values.linkSecurity ?? "none",
    crosslinks: values.crosslinks,
    epoch: values.epoch,
    offload: offloadOf(values, spacecraft),
    bitErrorRate: values.ber,
    segmentLossRate: values.segmentLoss,
    outages: values.outage,
    store: values.store,
    eviction: values.evict,
    order: values.order,
    ask: requestRuleOf(values),
    orders: values.orders,
    workloads: workloadsOf(values),
    tenants: values.tenants === null ? null : readTenancy(values.tenants),
    commanded: values.commanded,
    upsets: upsetPlanOf(values),
    day: !values.noDay,
    seed: values.seed,
  });
};

/** How a run is carried out. Throws `SwathError("config")` for what does not go together. */
export const readExecution = (written: Written<typeof executionOptions>): Execution => {
  const execution: Execution = Object.freeze(readOptions(executionOptions, written));
  const refuse = (field: string, hint: string): never => {
    throw new SwathError("config", {
      what: `--${field}`,
      wanted: "--nats URL beside it",
      got: "none",
      hint,
      field,
    });
  };
  requireServer(execution);
  if (execution.nats === null && execution.external)
    refuse("external", "separate processes need a server that all of them reach");
  return execution;
};
