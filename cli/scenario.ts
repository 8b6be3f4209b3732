import { SwathError } from "../pipeline/errors.ts";
import type { Spacecraft } from "../pipeline/mission/spacecraft.ts";
import { instant, seconds } from "../pipeline/units.ts";
import { parseDuration, parseMoment, parseNumber, parseOutage, parseWhole } from "../pipeline/quantity.ts";
import { cpu, parseDevice } from "../pipeline/detection/device.ts";
import { parseLabelMap } from "../measure/quality/label-classes.ts";
import { parseLinkRate } from "../studies/inputs/link-rate-source.ts";
import { spacecraftFor } from "../studies/inputs/spacecraft-file.ts";
import { parseAsk } from "./ask-options.ts";
import { parseStore } from "./store-options.ts";
import { parseUpsets } from "./upset-options.ts";
import { missionKeys, writtenOptions } from "./written-options.ts";
import type { Scenario, Execution } from "../studies/scenario.ts";

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
