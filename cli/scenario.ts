import { SwathError } from "../pipeline/errors.ts";
import type { LinkErrors } from "../pipeline/mission/run-plan.ts";
import type { AskPlan } from "../pipeline/mission/ask-plan.ts";
import type { EvictionRule, SendOrder, Spacecraft } from "../pipeline/mission/spacecraft.ts";
import type { UpsetPlan } from "../pipeline/mission/upset-plan.ts";
import type { LinkRate } from "../pipeline/link/rate/link-rate.ts";
import { instant, seconds, type Bytes, type Instant, type Seconds } from "../pipeline/units.ts";
import { parseDuration, parseMoment, parseNumber, parseOutage, parseWhole } from "../pipeline/quantity.ts";
import { cpu, type Device, parseDevice } from "../pipeline/detection/device.ts";
import { parseLabelMap } from "../measure/quality/label-classes.ts";
import { parseLinkRate } from "./link-rate.ts";
import { spacecraftFor } from "./spacecraft-file.ts";
import { parseAsk } from "./ask-options.ts";
import { parseStore } from "./store-options.ts";
import { parseUpsets } from "./upset-options.ts";
import { missionKeys, writtenOptions } from "./written-options.ts";
import { someOf } from "../pipeline/format.ts";

/** Everything that shapes a run, parsed and checked once. Same scenario, same results. */
export interface Scenario {
  /** The options as they were written, for `--config` and for people. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dataset: string;
  readonly model: string;
  /** Where its network runs: shapes the last digits of scores. */
  readonly device: Device;
  /** A model, or `brightness`. */
  readonly screenModel: string;
  /** Label class → model class, where the names differ by more than case. */
  readonly labelMap: ReadonlyMap<string, string>;
  readonly threshold: number | null;
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
  readonly rate: LinkRate;
  readonly crosslinks: "none" | "all" | "grid";
  readonly epoch: Seconds;
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  /** Parsed again once the start is known: outages may count from it. */
  readonly outages: readonly string[];
  readonly store: Bytes | null;
  /** As asked for; else as the spacecraft has it. */
  readonly eviction: EvictionRule | null;
  readonly order: SendOrder | null;
  /** `null`: the ground asks for nothing. */
  readonly ask: AskPlan | null;
  /** `null`: no particle turns a bit over. */
  readonly upsets: UpsetPlan | null;
  readonly seed: number;
}

/** How a run is carried out: changes nothing about its results. */
export interface Execution {
  readonly out: string;
  readonly nats: string | null;
  readonly creds: string | null;
  /** Satellites and stations run elsewhere: `swath satellite`, `swath station`. */
  readonly external: boolean;
  readonly strict: boolean;
  readonly speed: number | null;
  readonly threads: number | null;
  readonly json: boolean;
}

/** The commands that run a scenario. */
export type RunCommand = "replay" | "compare" | "demo";

/** The longest horizon: four months, beyond which no orbit is worth propagating. */
export const longestHours = 24 * 120;

type Values = Readonly<Record<string, unknown>>;

const text = (values: Values, key: string): string => String(values[key]);
const optional = <T>(values: Values, key: string, parse: (text: string) => T): T | null =>
  values[key] === undefined ? null : parse(text(values, key));

/** The long names of the options that shape results. */
const scenarioKeys = [
  "model",
  "device",
  "screen-model",
  "threshold",
  "map",
  "tile",
  "overlap",
  ...missionKeys,
  "schedule",
  "cadence",
  "ask",
  "ask-scores",
  "ask-tiles",
  "upsets",
  "protection",
  "scrub",
];

/** Refuses crosslinks of a spacecraft without terminals. Throws `SwathError("config")`. */
export const crosslinksFor = (topology: string, { name, crosslink }: Spacecraft): Scenario["crosslinks"] => {
  if (topology === "none" || crosslink !== null) return topology as Scenario["crosslinks"];
  throw new SwathError("config", {
    what: "--crosslinks",
    wanted: "a spacecraft with crosslink terminals",
    got: `${name}, which has none`,
    hint: "take another --spacecraft: swath presets lists them",
  });
};

export const parseScenario = (dataset: string, values: Values): Scenario => {
  const constellation = text(values, "constellation");
  const spacecraft = spacecraftFor(
    optional(values, "spacecraft", (t) => t),
    constellation,
  );
  const { rate } = spacecraft.radio;
  return Object.freeze({
    options: writtenOptions(scenarioKeys, values),
    dataset,
    model: text(values, "model"),
    device: optional(values, "device", parseDevice) ?? cpu,
    screenModel: text(values, "screenModel"),
    labelMap: optional(values, "map", parseLabelMap) ?? new Map(),
    threshold: optional(values, "threshold", (t) => parseNumber("--threshold", t, 0, 1)),
    tileSizePx: optional(values, "tile", (t) => parseWhole("--tile", t, 16, 8192)),
    overlapPx: optional(values, "overlap", (t) => parseWhole("--overlap", t, 0, 4096)),
    constellation,
    spacecraft,
    stations: text(values, "stations"),
    start: optional(values, "start", (t) => parseMoment("--start", t)),
    horizon: seconds(3600 * parseNumber("--hours", text(values, "hours"), 0.01, longestHours)),
    schedule: text(values, "schedule") as Scenario["schedule"],
    cadence: parseDuration("--cadence", text(values, "cadence")),
    rate: optional(values, "rate", (t) => parseLinkRate(t, rate)) ?? rate,
    crosslinks: crosslinksFor(text(values, "crosslinks"), spacecraft),
    epoch: parseDuration("--epoch", text(values, "epoch")),
    bitErrorRate: parseNumber("--ber", text(values, "ber"), 0, 0.1),
    segmentLossRate: parseNumber("--segment-loss", text(values, "segmentLoss"), 0, 0.95),
    outages: ((values["outage"] ?? []) as readonly string[]).map((outage) => {
      parseOutage(outage, instant(0));
      return outage;
    }),
    ...parseStore(values),
    ask: parseAsk(values),
    upsets: parseUpsets(values),
    seed: parseWhole("--seed", text(values, "seed"), 0, 2 ** 32 - 1),
  });
};

export const parseExecution = (values: Values): Execution => {
  const execution: Execution = Object.freeze({
    out: text(values, "out"),
    nats: optional(values, "nats", (t) => t),
    creds: optional(values, "creds", (t) => t),
    external: values["external"] === true,
    strict: values["strict"] === true,
    speed: optional(values, "speed", (t) => parseNumber("--speed", t, 1e-3, 1e9)),
    threads: optional(values, "threads", (t) => parseWhole("--threads", t, 1, 256)),
    json: values["json"] === true,
  });
  if (execution.creds !== null && execution.nats === null) {
    throw new SwathError("config", {
      what: "--creds",
      wanted: "--nats URL beside it",
      got: "none",
      hint: "a private server needs no credentials",
    });
  }
  if (execution.external && execution.nats === null) {
    throw new SwathError("config", {
      what: "--external",
      wanted: "--nats URL beside it",
      got: "none",
      hint: "separate processes need a server that all of them reach",
    });
  }
  return execution;
};

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
