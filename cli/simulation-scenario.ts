import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSwathError, messageOf, SwathError } from "../pipeline/errors.ts";
import type { Spacecraft } from "../pipeline/bus/spacecraft.ts";
import type { LinkRate } from "../pipeline/link/rate.ts";
import { parseWorkload, type Workload, type WorkloadEntry } from "../pipeline/meter/workload.ts";
import { bytes, seconds, type Instant, type Seconds } from "../pipeline/units.ts";
import { parseLinkRate } from "./link-rate.ts";
import { parseBytes, parseDuration, parseMoment, parseNumber, parseWhole } from "./quantity.ts";
import { crosslinksFor, longestHours } from "./scenario.ts";
import { spacecraftFor } from "./spacecraft-file.ts";

/** Everything that shapes a simulation, parsed and checked once. */
export interface SimulationScenario {
  /** As written, for people and for the name of the run. */
  readonly options: Readonly<Record<string, string>>;
  readonly workload: Workload;
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
  readonly rate: LinkRate;
  readonly bitErrorRate: number;
  readonly segmentLossRate: number;
  readonly crosslinks: "none" | "all" | "grid";
  readonly epoch: Seconds;
  readonly seed: number;
}

type Values = Readonly<Record<string, unknown>>;

const readWorkload = async (path: string): Promise<Workload> => {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, "workload.json") : path;
    return parseWorkload(JSON.parse(await readFile(file, "utf8")), file);
  } catch (cause) {
    if (isSwathError(cause)) throw cause;
    throw new SwathError("config", {
      what: `--workload ${path}`,
      wanted: "the folder of a run, or its workload.json",
      got: messageOf(cause),
      cause,
    });
  }
};

const entriesOf = (workload: Workload, asked: unknown) => {
  const names = workload.policies.map(({ policy }) => policy);
  const chosen =
    asked === undefined && workload.policies.length === 1
      ? workload.policies[0]
      : workload.policies.find(({ policy }) => policy === asked);
  if (chosen !== undefined) return { policy: chosen.policy, entries: chosen.acquisitions };
  throw new SwathError("config", {
    what: `--policy for workload ${workload.name}`,
    wanted: `one that it measured: ${names.join(", ")}`,
    got: asked === undefined ? "none" : `"${String(asked)}"`,
  });
};

const keys = [
  "workload",
  "policy",
  "constellation",
  "spacecraft",
  "stations",
  "start",
  "hours",
  "schedule",
  "cadence",
  "images",
  "rate",
  "store",
  "ber",
  "segmentLoss",
  "crosslinks",
  "epoch",
  "seed",
];

/** @throws SwathError("config") for the first option that does not fit */
export const parseSimulation = async (values: Values): Promise<SimulationScenario> => {
  const text = (key: string): string => String(values[key]);
  const optional = <T>(key: string, parse: (written: string) => T): T | null =>
    values[key] === undefined ? null : parse(text(key));
  const constellation = text("constellation");
  const preset = spacecraftFor(
    optional("spacecraft", (spec) => spec),
    constellation,
  );
  const capacity = optional("store", (size) => parseBytes("--store", size));
  const spacecraft = capacity === null ? preset : { ...preset, store: { capacity: bytes(capacity) } };
  const crosslinks = crosslinksFor(text("crosslinks"), spacecraft);
  const workload = await readWorkload(text("workload"));
  const { policy, entries } = entriesOf(workload, values["policy"]);
  const schedule = text("schedule") as SimulationScenario["schedule"];
  if (schedule === "recorded" && entries.some(({ taken }) => taken === null)) {
    throw new SwathError("config", {
      what: "--schedule recorded",
      wanted: "a workload that a run measured",
      got: `${workload.name}, which says nowhere who took what when`,
    });
  }
  const images = optional("images", (n) => parseWhole("--images", n, 1, 1e8));
  return Object.freeze({
    options: Object.fromEntries(
      keys.flatMap((key) => (values[key] === undefined ? [] : [[key, String(values[key])]])),
    ),
    workload,
    policy,
    entries,
    constellation,
    spacecraft,
    stations: text("stations"),
    start: optional("start", (moment) => parseMoment("--start", moment)),
    horizon: seconds(3600 * parseNumber("--hours", text("hours"), 0.01, longestHours)),
    schedule,
    cadence: images === null ? parseDuration("--cadence", text("cadence")) : null,
    images,
    rate: optional("rate", (rate) => parseLinkRate(rate, spacecraft.radio.rate)) ?? spacecraft.radio.rate,
    bitErrorRate: parseNumber("--ber", text("ber"), 0, 0.1),
    segmentLossRate: parseNumber("--segment-loss", text("segmentLoss"), 0, 0.95),
    crosslinks,
    epoch: parseDuration("--epoch", text("epoch")),
    seed: parseWhole("--seed", text("seed"), 0, 2 ** 32 - 1),
  });
};
