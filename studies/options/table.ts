import { SwathError } from "../../pipeline/errors.ts";
import { parseDuration } from "../../pipeline/quantity.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";
import { deviceHelp, parseDevice } from "../../pipeline/detection/device.ts";
import { parseTag } from "../folder/run-tags.ts";
import { parseLabelMap } from "./label-map.ts";
import {
  imagersOption,
  linkOptions,
  orbitOptions,
  orderOptions,
  requestOptions,
  seedOption,
  storeOptions,
  upsetOptions,
} from "./mission-options.ts";
import {
  asIs,
  choice,
  duration,
  flag,
  list,
  number,
  optional,
  type OptionSpec,
  valued,
  whole,
} from "./option.ts";
import { connectionOptionsFor } from "./nats-options.ts";
import { parsePolicies, parsePolicy } from "../../operators/policies/policy-choice.ts";
import { policies } from "../../operators/policies/registry.ts";

/** Names with commas between, each once. Throws `SwathError("config")` where there is none, or an empty one. */
const parseNames = (text: string, name: string): readonly string[] => {
  const names = [...new Set(text.split(",").map((one) => one.trim()))].toSorted();
  if (names.every((one) => one !== "")) return names;
  throw new SwathError("config", { what: name, wanted: "names with commas between", got: `"${text}"` });
};

/** Streams go by themselves after 30 days, so results do too. */
const keepTime = (text: string, name: string): Seconds => {
  if (text === "none") return seconds(0);
  const time = parseDuration(name, text);
  if (time <= 30 * 86_400) return time;
  throw new SwathError("config", { what: name, wanted: "none, or at most 30d", got: text });
};

/** What looks at the pixels. */
const modelOptions = {
  model: valued("<model>", "shipped model, folder with model.json, or file.onnx", "ships-s2", asIs),
  "screen-model": valued(
    "<model>",
    "what policy screen tells cloud by: a model that marks cloud, or brightness",
    "clouds",
    asIs,
  ),
  device: optional("<names>", deviceHelp, parseDevice),
  threshold: optional(
    "<score>",
    "report detections from this score on (default: the model card's)",
    number(0, 1),
  ),
  classes: optional(
    "<names>",
    "report these classes of the model alone, e.g. ship,airplane: on board, before anything is sent (default: all)",
    parseNames,
  ),
  map: optional("<pairs>", "label class to model class, e.g. Airplane=aeroplane", parseLabelMap),
  tile: optional("<pixels>", "tile side (default: the model card's)", whole(16, 8192)),
  overlap: optional("<pixels>", "tile overlap (default: the model card's)", whole(0, 4096)),
} as const;

/** What the imagery means, where its files do not say it. */
const imageryOptions = {
  bands: optional("<names>", "names for the bands of multi-band files, e.g. B02,B03,B04,B08", (text) =>
    text.split(",").map((name) => name.trim()),
  ),
  "reflectance-scale": optional(
    "<number>",
    "reflectance of one count, e.g. 1/65535 or 0.0001",
    number(1e-9, 1),
  ),
  "reflectance-offset": optional("<number>", "reflectance of a count of 0, e.g. -0.1", number(-10, 10)),
} as const;

/** Who takes which image when. */
const scheduleOptions = {
  schedule: choice(
    "<rule>",
    "which satellite sees which scene when: the first that flies over it by day, its time of recording, or at a cadence wherever satellites are (a load test)",
    ["overflight", "recorded", "cadence"],
    "overflight",
  ),
  cadence: valued("<duration>", "time between acquisitions under --schedule cadence", "2min", duration),
  ...imagersOption,
} as const;

/** Who uses the mission, and for what. */
const tenantOptions = {
  workloads: optional(
    "<file>",
    "several models in one mission, each with tenant, classes, area and priority, instead of --model",
    asIs,
  ),
  tenants: optional("<file>", "who uses the mission: budgets, weights and prices; writes ledger.jsonl", asIs),
} as const;

const runOptions = {
  ...modelOptions,
  ...tenantOptions,
  ...imageryOptions,
  ...orbitOptions,
  ...scheduleOptions,
  ...linkOptions,
  ...storeOptions,
  ...requestOptions,
};

/** All that shapes a run with pixels, but for its dataset and its policies. */
export const scenarioOptions = {
  ...runOptions,
  ...orderOptions,
  ...upsetOptions,
  "no-day": flag("leave out the full day at the camera's duty, and the verdicts that rest on it"),
  ...seedOption,
} as const;

/** The same for `swath upsets`, which takes every protection in turn. */
export const upsetStudyOptions = {
  ...runOptions,
  upsets: { ...upsetOptions.upsets, help: "times the real rate", initial: "1000x" },
  scrub: upsetOptions.scrub,
  ...seedOption,
} as const;

/** Tags of the folder that a command writes. */
export const tagOption = {
  tag: list("<name>", "give the run this tag, for swath run list; may be given more than once", parseTag, {
    execution: true,
  }),
} as const;

const outOption = {
  out: valued("<folder>", "where run folders go", "runs", asIs, { execution: true }),
  ...tagOption,
} as const;

const jsonOption = { json: flag("print the summary as JSON", { execution: true }) } as const;

const policyNames = policies.map(({ name }) => name);

/** The policy of `swath replay` and `swath upsets`. */
export const policyOption = {
  policy: valued(
    "<policy>",
    `what goes down: ${policyNames.join(", ")}; with parameters as below, e.g. chips:margin=16`,
    "detect",
    parsePolicy,
  ),
} as const;

/** The policies of `swath compare`. */
export const policiesOption = {
  policies: valued(
    "<policies>",
    "with commas between; each with parameters as below, e.g. raw,compress:quality=50,detect",
    policyNames.join(","),
    parsePolicies,
  ),
} as const;

/** How files of a dataset are reached. */
const reachOptions = {
  endpoint: optional("<url>", "store of s3://bucket/key, e.g. https://s3.eu-central-1.amazonaws.com", asIs, {
    execution: true,
  }),
  "allow-outside": flag("follow a collection's references out of its folder and into inner networks", {
    execution: true,
  }),
} as const;

/** Who signs what tenants used and paid. */
const ledgerOptions = {
  "ledger-key": optional("<file>", "sign the ledger with this key (swath ledger key makes one)", asIs, {
    execution: true,
  }),
} as const;

/** How a run with pixels is carried out: changes nothing about its results. */
export const executionOptions = {
  ...ledgerOptions,
  ...outOption,
  ...connectionOptionsFor("join this NATS instead of starting a private server"),
  external: flag("satellites and stations run as processes of their own (needs --nats)", { execution: true }),
  "keep-results": valued(
    "<duration>",
    "how long subscribers find the results on --nats once the run is over, or none",
    "24h",
    keepTime,
    { execution: true },
  ),
  ...reachOptions,
  strict: flag("stop at the first scene, orbit or station that is not right", { execution: true }),
  speed: optional(
    "<factor>",
    "mission seconds per wall second, for people who watch (default: flat out)",
    number(1e-3, 1e9),
    { execution: true },
  ),
  threads: optional("<n>", "inference threads (default: one a core)", whole(1, 256), { execution: true }),
  ...jsonOption,
} as const;

/** For people who watch a run. */
export const liveOptions = {
  live: flag("serve the console and the API for this run while it works, and then until Ctrl-C", {
    execution: true,
  }),
} as const;

/** A part of a run with pixels, for an array of jobs. */
export const arrayOptions = {
  shard: optional(
    "<i/n>",
    "work out part i of n alone (0 to n − 1), into --out, for swath merge; array/n takes i from an array job",
    asIs,
    { execution: true },
  ),
} as const;

/** How the parts of an array become a run. */
export const mergeOptions = {
  ...outOption,
  dataset: optional("<dataset>", "where the scenes lie, instead of where the parts found them", asIs, {
    execution: true,
  }),
  ...reachOptions,
  threads: optional(
    "<n>",
    "threads that infer or fly (default: one a core; for a simulation as many as pay)",
    whole(1, 256),
    {
      execution: true,
    },
  ),
  ...jsonOption,
} as const;

/** All that shapes a simulation. */
export const simulationOptions = {
  workload: optional(
    "<run>",
    "folder of a run, its workload.json, or a YAML file that declares a model's work",
    asIs,
  ),
  policy: optional("<policy>", "which policy of the workload (default: detect, or its only one)", asIs),
  ...orbitOptions,
  constellation: { ...orbitOptions.constellation, initial: "walker:12" },
  stations: { ...orbitOptions.stations, initial: "ksat" },
  schedule: choice(
    "<rule>",
    "who takes images when: evenly by day, evenly always, or all as the run did",
    ["daylight", "always", "recorded"],
    "daylight",
  ),
  cadence: valued("<duration>", "between two acquisitions of one satellite", "10min", duration),
  ...imagersOption,
  images: optional(
    "<n>",
    "this many acquisitions in all, evenly over satellites and horizon, instead of --cadence",
    whole(1, 1e8),
  ),
  ...linkOptions,
  rate: { ...linkOptions.rate, help: "downlink rate, as for replay (default: the spacecraft's radio)" },
  crosslinks: {
    ...linkOptions.crosslinks,
    help: "links between satellites: none, all pairs, or a grid of neighbours; flown with and without",
  },
  epoch: { ...linkOptions.epoch, help: "satellites exchange products at the end of each epoch" },
  ...storeOptions,
  orders: orderOptions.orders,
  tenants: {
    ...tenantOptions.tenants,
    help: "who uses the mission: budgets, weights and prices; workloads are those that the run measured; writes ledger.jsonl",
  },
  ...seedOption,
} as const;

/** How a simulation is carried out. */
export const simulationExecutionOptions = {
  ...ledgerOptions,
  ...outOption,
  threads: optional(
    "<n>",
    "threads that fly, and share the search for routes (default: one a core, up to 8, from 10,000 satellite-hours on; else one)",
    whole(1, 256),
    { execution: true },
  ),
  shard: optional(
    "<i/n>",
    "fly every n-th satellite, from the i-th on; the others fly elsewhere: on one --nats, or apart, for swath merge; array/n takes i from an array job",
    asIs,
    { execution: true },
  ),
  ...connectionOptionsFor("the NATS on which shards meet"),
  run: optional(
    "<name>",
    "what the shards' run is called on NATS (default: follows from the options)",
    asIs,
    {
      execution: true,
    },
  ),
  ...jsonOption,
} as const;

/**
 * The options that shape a mission, with pixels or without: a simulation of a recorded run takes them from it. Those of the model
 * and of who photographs what are in its workload.
 */
export const missionKeys: readonly string[] = Object.keys({
  ...orbitOptions,
  ...linkOptions,
  ...storeOptions,
  ...seedOption,
} satisfies Readonly<Record<string, OptionSpec<unknown>>>);
