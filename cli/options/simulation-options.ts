import { SwathError } from "../../pipeline/errors.ts";
import type { Workload } from "../../pipeline/mission/workload.ts";
import { instant, seconds, type Seconds } from "../../pipeline/units.ts";
import { parseLinkRate } from "../../studies/inputs/link-rate-source.ts";
import { parseDuration, parseMoment, parseNumber, parseOutage, parseWhole } from "../../pipeline/quantity.ts";
import { crosslinksFor, longestHours, constellationWords, stationWords } from "./scenario-options.ts";
import { spacecraftFor, withStore } from "../../studies/inputs/spacecraft-file.ts";
import { parseStore, addStoreOptions } from "./store-options.ts";
import { entriesOf, readWorkload } from "../../studies/inputs/workload-source.ts";
import { missionKeys, writtenOptions } from "./written-options.ts";
import type { SimulationScenario, SimulationExecution } from "../../studies/scenario.ts";
import { Command, Option } from "commander";

type Values = Readonly<Record<string, unknown>>;

const keys = ["workload", "policy", ...missionKeys, "schedule", "cadence", "images"];

const declaredNote = ({ name, source }: Workload): string =>
  `the workload is declared, not measured: ${name}${source === undefined ? "" : `; ${source}`}`;

const parseEpoch = (written: string, horizon: Seconds): Seconds => {
  const epoch = parseDuration("--epoch", written);
  if (epoch >= 1 && epoch <= horizon) return epoch;
  throw new SwathError("config", {
    what: "--epoch",
    wanted: `from 1s to the horizon, ${horizon / 3600}h`,
    got: `"${written}"`,
  });
};

/** @throws SwathError("config") for the first option that does not fit */
export const parseSimulation = async (values: Values): Promise<SimulationScenario> => {
  if (values["workload"] === undefined) {
    throw new SwathError("config", {
      what: "--workload",
      wanted: "the folder of a run, its workload.json, or a YAML file that declares one",
      got: "none",
      hint: "swath replay and swath compare measure one",
    });
  }
  const text = (key: string): string => String(values[key]);
  const optional = <T>(key: string, parse: (written: string) => T): T | null =>
    values[key] === undefined ? null : parse(text(key));
  const constellation = text("constellation");
  const preset = spacecraftFor(
    optional("spacecraft", (spec) => spec),
    constellation,
  );
  const spacecraft = withStore(preset, parseStore(values));
  const crosslinks = crosslinksFor(text("crosslinks"), spacecraft);
  const workload = await readWorkload(text("workload"), spacecraft);
  const { policy, entries } = entriesOf(workload, values["policy"]);
  const schedule = text("schedule") as SimulationScenario["schedule"];
  if (schedule === "recorded" && entries.some(({ taken }) => taken === null)) {
    throw new SwathError("config", {
      what: "--schedule recorded",
      wanted: "a workload that a run measured",
      got: `${workload.name}, which says nowhere who took what when`,
    });
  }
  const horizon = seconds(3600 * parseNumber("--hours", text("hours"), 0.01, longestHours));
  const images = optional("images", (n) => parseWhole("--images", n, 1, 1e8));
  return Object.freeze({
    options: writtenOptions(keys, values),
    workload,
    policy,
    entries,
    constellation,
    spacecraft,
    stations: text("stations"),
    start: optional("start", (moment) => parseMoment("--start", moment)),
    horizon,
    schedule,
    cadence: images === null ? parseDuration("--cadence", text("cadence")) : null,
    images,
    rate: optional("rate", (rate) => parseLinkRate(rate, spacecraft.radio.rate)) ?? spacecraft.radio.rate,
    bitErrorRate: parseNumber("--ber", text("ber"), 0, 0.1),
    segmentLossRate: parseNumber("--segment-loss", text("segmentLoss"), 0, 0.95),
    crosslinks,
    epoch: parseEpoch(text("epoch"), horizon),
    outages: ((values["outage"] ?? []) as readonly string[]).map((outage) => {
      parseOutage(outage, instant(0));
      return outage;
    }),
    seed: parseWhole("--seed", text("seed"), 0, 2 ** 32 - 1),
    recordedFrom: schedule === "recorded" ? (workload.horizon?.from ?? null) : null,
    notes: workload.declared ? [declaredNote(workload)] : [],
  });
};

const parseShard = (text: string): NonNullable<SimulationExecution["shard"]> => {
  const [, index = "", of = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (of !== "" && shard.of >= 1 && shard.of <= 1024 && shard.index < shard.of) return shard;
  throw new SwathError("config", {
    what: "--shard",
    wanted: "i/n with i from 0 to n − 1, such as 0/3",
    got: `"${text}"`,
  });
};

/** @throws SwathError("config") for the first option that does not fit */
export const parseSimulationExecution = (values: Values): SimulationExecution => {
  const optional = (key: string): string | null =>
    values[key] === undefined ? null : `${values[key] as string | number}`;
  const shard = optional("shard");
  const execution: SimulationExecution = {
    out: String(values["out"]),
    json: values["json"] === true,
    threads: parseWhole("--threads", String(values["threads"]), 1, 256),
    shard: shard === null ? null : parseShard(shard),
    nats: optional("nats"),
    creds: optional("creds"),
    run: optional("run"),
  };
  if ((execution.shard === null) !== (execution.nats === null)) {
    throw new SwathError("config", {
      what: execution.shard === null ? "--nats" : "--shard",
      wanted: execution.shard === null ? "--shard i/n beside it" : "--nats URL beside it",
      got: "none",
      hint: "shards fly in processes of their own that meet on one NATS",
    });
  }
  return execution;
};

/** The options that shape a simulation. */
export const addSimulationOptions = (command: Command): Command => addStoreOptions(addFleetOptions(command));

const addFleetOptions = (command: Command): Command =>
  command
    .option("--config <file>", "YAML or JSON file with any of the long options below as keys")
    .option(
      "--workload <run>",
      "folder of a run, its workload.json, or a YAML file that declares a model's work",
    )
    .option("--policy <policy>", "which policy of the workload (default: detect, or its only one)")
    .option("--constellation <spec>", constellationWords, "walker:12")
    .option("--spacecraft <spec>", "a preset or a YAML file (default: the constellation's, or cubesat-6u)")
    .option("--stations <spec>", stationWords, "ksat")
    .option("--start <time>", "start of the horizon (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option(
        "--schedule <rule>",
        "who takes pictures when: evenly by day, evenly always, or all as the run did",
      )
        .choices(["daylight", "always", "recorded"])
        .default("daylight"),
    )
    .option("--cadence <duration>", "between two pictures of one satellite", "10min")
    .option(
      "--images <n>",
      "so many pictures in all, evenly over satellites and horizon, instead of --cadence",
    )
    .option("--rate <rate>", "downlink rate, as for replay (default: the spacecraft's radio)")
    .option("--ber <rate>", "channel bit error rate", "0")
    .option("--segment-loss <share>", "share of link segments that never arrive", "0")
    .option(
      "--outage <station:from/to>",
      "a station that hears nothing for a while, e.g. Svalbard:1h/3h; may be given more than once",
      (outage: string, before: readonly string[] | undefined) => [...(before ?? []), outage],
    )
    .addOption(
      new Option(
        "--crosslinks <topology>",
        "links between satellites: none, all pairs, or a grid of neighbours; flown with and without",
      )
        .choices(["none", "all", "grid"])
        .default("none"),
    )
    .option("--epoch <duration>", "satellites exchange products at the end of each epoch", "60s")
    .option("--seed <number>", "seed of everything random", "1");
