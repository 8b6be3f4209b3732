import { SwathError } from "../../pipeline/errors.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import { instant, seconds } from "../../pipeline/units.ts";
import { parseDuration, parseMoment, parseNumber, parseOutage, parseWhole } from "../../pipeline/quantity.ts";
import { cpu, parseDevice, deviceHelp } from "../../pipeline/detection/device.ts";
import { parseLinkRate } from "../../studies/inputs/link-rate-source.ts";
import { spacecraftFor } from "../../studies/inputs/spacecraft-file.ts";
import { parseAsk, addAskOptions } from "./ask-options.ts";
import { parseStore, addStoreOptions } from "./store-options.ts";
import { parseUpsets, addUpsetOptions } from "./upset-options.ts";
import { missionKeys, writtenOptions } from "./written-options.ts";
import type { Scenario, Execution } from "../../studies/scenario.ts";
import { parseLabelMap } from "./label-options.ts";
import { type Command, Option } from "commander";

/** What `--constellation` and `--stations` take; `swath presets` lists the names. */
export const constellationWords =
  "walker:N[/P/F][@KMkm[,DEGdeg]], a name (swath presets), or a file of TLE or OMM (JSON, CSV, KVN, XML), with a filter: FILE:FLOCK,!DEB";

export const stationWords =
  "builtin, another network (swath presets), a GeoJSON file, some of either (ksat:5, ksat:Svalbard,Troll), or several, comma-separated";

/** The options of every command that runs a scenario. */
export const addScenarioOptions = (command: Command): Command =>
  addUpsetOptions(addRunOptions(command)).option("--seed <number>", "seed of everything random", "1");

/** The same but for what particles do to memories, and the seed. */
export const addRunOptions = (command: Command): Command =>
  addAskOptions(addStoreOptions(addFlightOptions(command)));

const addFlightOptions = (command: Command): Command =>
  command
    .option("--config <file>", "YAML or JSON file with any of the long options below as keys")
    .option("--model <model>", "shipped model, folder with model.json, or file.onnx", "ships-s2")
    .option(
      "--screen-model <model>",
      "what policy screen tells cloud by: a model that marks cloud, or brightness",
      "clouds",
    )
    .option("--device <names>", deviceHelp)
    .option("--threshold <score>", "report detections from this score on (default: the model card's)")
    .option("--map <pairs>", "label class to model class, e.g. Airplane=aeroplane")
    .option("--tile <pixels>", "tile side (default: the model card's)")
    .option("--overlap <pixels>", "tile overlap (default: the model card's)")
    .option("--constellation <spec>", constellationWords, "walker:3")
    .option("--spacecraft <spec>", "a preset or a YAML file (default: the constellation's, or cubesat-6u)")
    .option("--stations <spec>", stationWords, "builtin")
    .option("--start <time>", "start of the horizon (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option("--schedule <rule>", "which satellite sees which scene when")
        .choices(["cadence", "overflight", "recorded"])
        .default("cadence"),
    )
    .option("--cadence <duration>", "time between acquisitions under --schedule cadence", "2min")
    .option(
      "--rate <rate>",
      "downlink rate: 8Mbit/s, by elevation 5:2Mbit/s,20:8Mbit/s, or by link budget budget:link.yaml (default: the spacecraft's radio)",
    )
    .addOption(
      new Option(
        "--crosslinks <topology>",
        "links between satellites: none, all pairs, or a grid of neighbours",
      )
        .choices(["none", "all", "grid"])
        .default("none"),
    )
    .option("--epoch <duration>", "with crosslinks, satellites exchange products so often", "60s")
    .option("--ber <rate>", "channel bit error rate", "0")
    .option("--segment-loss <share>", "share of link segments that never arrive", "0")
    .option(
      "--outage <station:from/to>",
      "a station that hears nothing for a while, e.g. Svalbard:1h/3h; may be given more than once",
      (outage: string, before: readonly string[] | undefined) => [...(before ?? []), outage],
    );

/** The options of how, not what. */
export const addExecutionOptions = (command: Command): Command =>
  command
    .option("--out <folder>", "where run folders go", "runs")
    .option("--nats <url>", "join this NATS instead of starting a private server")
    .option("--creds <file>", "NATS credentials")
    .option("--external", "satellites and stations run as processes of their own (needs --nats)")
    .option("--strict", "stop at the first scene, orbit or station that is not right")
    .option("--speed <factor>", "mission seconds per wall second, for people who watch (default: flat out)")
    .option("--threads <n>", "inference threads (default: one a core)")
    .option("--json", "print the summary as JSON");

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
