import type { ImageryReading } from "../pipeline/mission/imagery-reading.ts";
import type { Device } from "../pipeline/detection/device.ts";
import type { Spacecraft, EvictionRule, SendOrder } from "../pipeline/mission/spacecraft.ts";
import { type Instant, type Seconds, type Bytes, instant } from "../pipeline/units.ts";
import type { LinkProtection } from "../pipeline/link/frames/link-protection.ts";
import type { LinkRate } from "../pipeline/link/rate/link-rate.ts";
import type { OffloadRule } from "../pipeline/mission/offload.ts";
import type { AskPlan } from "../pipeline/mission/ask-plan.ts";
import type { UpsetPlan } from "../pipeline/mission/upset-plan.ts";
import type { LinkErrors } from "../pipeline/mission/run-plan.ts";
import { parseOutage } from "../pipeline/quantity.ts";
import { SwathError } from "../pipeline/errors.ts";
import { someOf } from "../pipeline/format.ts";
import type { Tenancy } from "./tenancy/tenancy-source.ts";
import type { WorkloadRequests } from "./tenancy/workload-file.ts";
import type { ConnectionValues } from "./inputs/nats-connection.ts";
import type { Workload, WorkloadEntry } from "../pipeline/mission/workload.ts";

/** Everything that shapes a run, parsed and checked once. Same scenario, same results. */
export interface Scenario {
  /** The options as they were written, for `--config` and for people. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dataset: string;
  readonly reading: ImageryReading;
  readonly model: string;
  /** Where its network runs: shapes the last digits of scores. */
  readonly device: Device;
  /** A model, or `brightness`. */
  readonly screenModel: string;
  /** Label class → model class, where the names differ by more than case. */
  readonly labelMap: ReadonlyMap<string, string>;
  readonly threshold: number | null;
  /** Classes of the model that are reported; `null`: all. */
  readonly classes: readonly string[] | null;
  readonly tileSizePx: number | null;
  readonly overlapPx: number | null;
  readonly constellation: string;
  /** As asked for; else what the constellation brings. */
  readonly spacecraft: Spacecraft;
  readonly stations: string;
  readonly start: Instant | null;
  readonly horizon: Seconds;
  readonly schedule: "cadence" | "overflight" | "recorded";
  readonly cadence: Seconds;
  /** So many of the first satellites take pictures; `null`: all do. */
  readonly imagers: number | null;
  readonly rate: LinkRate;
  /** Of the links down and up. */
  readonly protection: LinkProtection;
  readonly crosslinks: "none" | "all" | "grid";
  readonly epoch: Seconds;
  /** Tiles may be computed by another satellite; `null`: each computes its own. */
  readonly offload: OffloadRule | null;
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  /** Parsed again once the start is known: outages may count from it. */
  readonly outages: readonly string[];
  readonly store: Bytes | null;
  /** As asked for; else as the spacecraft has it. */
  readonly eviction: EvictionRule | null;
  readonly order: SendOrder | null;
  /** `null`: the ground requests nothing. */
  readonly ask: AskPlan | null;
  /** The file of orders; `null`: none go up. */
  readonly orders: string | null;
  /** Several models in one mission; `null`: `model` alone. */
  readonly workloads: WorkloadRequests | null;
  /** `null`: nobody in particular uses the mission. */
  readonly tenants: Tenancy | null;
  /** More orders may be given while it is at work. */
  readonly commanded: boolean;
  /** `null`: no particle turns a bit over. */
  readonly upsets: UpsetPlan | null;
  /** A full day at the camera's duty is flown after the scenes. */
  readonly day: boolean;
  readonly seed: number;
}

/** How a run is carried out: changes nothing about its results. */
export interface Execution extends ConnectionValues {
  readonly out: string;
  /** Tags of the run's folder. */
  readonly tag: readonly string[];
  /** Satellites and stations run elsewhere: `swath satellite`, `swath station`. */
  readonly external: boolean;
  /** How long subscribers find the results on the user's server once the run is over. */
  readonly keepResults: Seconds;
  readonly strict: boolean;
  readonly speed: number | null;
  readonly threads: number | null;
  readonly json: boolean;
  /** File of the key that the ledger is signed with; `null`: one that follows from the run. */
  readonly ledgerKey?: string | null;
  /** Where `s3://bucket/key` lies. */
  readonly endpoint?: string | null;
  /** Follow references out of the folder of their collection. */
  readonly allowOutside?: boolean;
}

/** The commands that run a scenario. */
export type RunCommand = "replay" | "compare" | "demo" | "upsets";

/** The weather of the link, once the start of the horizon is known. */
export const linkErrorsOf = (scenario: Scenario, start: Instant): LinkErrors => ({
  bitErrorRate: scenario.bitErrorRate,
  segmentLossRate: scenario.segmentLossRate,
  outages: scenario.outages.map((outage) => parseOutage(outage, instant(start))),
});

/** Refuses the outage of a station that does not take part. Throws `SwathError("config")`. */
export const requireKnownStations = (
  errors: LinkErrors,
  stations: readonly { readonly id: string }[],
): LinkErrors => {
  const known = stations.map(({ id }) => id);
  const unknown = errors.outages.find(({ station }) => !known.includes(station));
  if (unknown === undefined) return errors;
  throw new SwathError("config", {
    what: "--outage",
    wanted: `one of ${someOf(known)}`,
    got: `"${unknown.station}"`,
  });
};

/** Everything that shapes a simulation, parsed and checked once. */
export interface SimulationScenario {
  /** As written, for people and for the name of the run. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly workload: Workload;
  /** As the workload calls it. */
  readonly policy: string;
  readonly entries: readonly WorkloadEntry[];
  readonly constellation: string;
  readonly spacecraft: Spacecraft;
  readonly stations: string;
  readonly start: Instant | null;
  readonly horizon: Seconds;
  readonly schedule: "daylight" | "always" | "recorded";
  /** `null`: by the number of images. */
  readonly cadence: Seconds | null;
  readonly images: number | null;
  /** So many of the first satellites take pictures; `null`: all do. */
  readonly imagers: number | null;
  readonly rate: LinkRate;
  /** Of the links down and up. */
  readonly protection: LinkProtection;
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  readonly crosslinks: "none" | "all" | "grid";
  readonly epoch: Seconds;
  /** Tiles may be computed by another satellite; `null`: each computes its own. */
  readonly offload: OffloadRule | null;
  readonly outages: readonly string[];
  /** The file of orders; `null`: none go up. */
  readonly orders: string | null;
  /** `null`: nobody in particular uses the mission. */
  readonly tenants: Tenancy | null;
  readonly seed: number;
  /** Where the horizon of a recorded run began, unless the user says otherwise. */
  readonly recordedFrom: Instant | null;
  /** What a reader must know. */
  readonly notes: readonly string[];
}

/** How a simulation is carried out: changes nothing about its results. */
export interface SimulationExecution extends ConnectionValues {
  readonly out: string;
  /** Tags of the run's folder. */
  readonly tag: readonly string[];
  readonly json: boolean;
  /** Threads of this process that fly; `null`: as many as pay. */
  readonly threads: number | null;
  /** Which part of the fleet is flown here; `null`: all of it. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  /** File of the key that the ledger is signed with; `null`: one that follows from the run. */
  readonly ledgerKey?: string | null;
  /** What the shards' run is called on NATS; `null`: as its folder. */
  readonly run: string | null;
}
