import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml } from "yaml";
import {
  type ComparedFigure,
  fleetFigures,
  runFigures,
  sweepFigures,
} from "../measure/summary/compared-figures.ts";
import { softwareText, spacecraftText, trainingText } from "../measure/summary/provenance-summary.ts";
import { scheduleText } from "../measure/summary/schedule-summary.ts";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { formatCount, formatCountOf } from "../pipeline/format.ts";
import { readRunFolder, type Written } from "./folder/read-run.ts";

/** What two runs say about one thing; `null`: it says nothing. */
export interface Differing {
  readonly what: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** A figure in two runs; a side without it is `undefined`. */
export interface ComparedPair {
  readonly of: string;
  readonly name: string;
  readonly a: number | null | undefined;
  readonly b: number | null | undefined;
  readonly text: ComparedFigure["text"];
}

/** What two runs of one kind differ in. */
export interface RunDifference {
  readonly kind: Written["kind"];
  readonly a: string;
  readonly b: string;
  /** Options that only one has, or that they have otherwise. */
  readonly options: readonly Differing[];
  /** What was read and what flew, where it differs: dataset, model, satellites, horizon, version. */
  readonly basis: readonly Differing[];
  /** Figures that differ. */
  readonly figures: readonly ComparedPair[];
  /** Figures that are the same in both. */
  readonly same: number;
}

type Read = Written & { readonly folder: string };

/** File of a run's options in its folder, by kind. */
export const optionFiles: Readonly<Record<Written["kind"], string>> = {
  run: "scenario.yaml",
  simulation: "simulation.yaml",
  sweep: "sweep.yaml",
};

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : Array.isArray(value) ? value.map(textOf).join(", ") : String(value);

/** `{options: {seed: 7}}` → `options.seed` → `7`. */
const flattened = (value: unknown, key = ""): readonly (readonly [string, string])[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, one]) => flattened(one, key === "" ? name : `${key}.${name}`))
    : [[key, textOf(value)]];

const optionsOf = ({ folder, kind }: Read): ReadonlyMap<string, string> => {
  const file = join(folder, optionFiles[kind]);
  if (!existsSync(file)) return new Map();
  try {
    return new Map(flattened(parseYaml(readFileSync(file, "utf8")) ?? {}));
  } catch (cause) {
    throw new SwathError("storage", { what: file, wanted: "YAML", got: messageOf(cause), cause });
  }
};

/** What a run rests on besides its options. */
const basisOf = (written: Read): ReadonlyMap<string, string> => {
  if (written.kind === "sweep") return new Map([["command", written.summary.common]]);
  const { horizon } = written.summary;
  const span: readonly [string, string] = ["horizon", `${horizon.from} to ${horizon.to}`];
  if (written.kind === "simulation") {
    const { workload, constellation, stations, assumptions } = written.summary;
    return new Map([
      ["workload", `${workload.name}, ${formatCount(workload.entries)} acquisitions`],
      ["model", `${workload.model}, ${workload.precision}`],
      [
        "satellites",
        `${formatCount(constellation.satellites)} × ${constellation.spacecraft}, ${constellation.spec}`,
      ],
      ["stations", stations.join(", ")],
      span,
      ["assumptions", assumptions.join("; ")],
    ]);
  }
  const { dataset, model, constellation, stations, provenance, schedule } = written.summary;
  return new Map([
    [
      "dataset",
      `${dataset.name}: ${formatCountOf(dataset.scenes, "scene")}, ${dataset.megapixels.toFixed(3)} megapixels`,
    ],
    ["model", `${model.name} ${model.version}, ${model.precision}, weights ${model.sha256.slice(0, 12)}`],
    ["training", trainingText(provenance.training)],
    [
      "satellites",
      `${formatCount(constellation.satellites.length)} × ${constellation.spacecraft}, ${constellation.spec}`,
    ],
    ["spacecraft", spacecraftText(provenance.spacecraft)],
    ["stations", stations.map(({ id }) => id).join(", ")],
    ["schedule", scheduleText(schedule)],
    span,
    ["assumptions", provenance.assumptions.join("; ")],
    ["swath", softwareText(provenance.swath)],
  ]);
};

const figuresOf = (written: Read): readonly ComparedFigure[] => {
  if (written.kind === "sweep") return sweepFigures(written.summary);
  return written.kind === "simulation" ? fleetFigures(written.summary) : runFigures(written.summary);
};

const differing = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly Differing[] =>
  [...new Set([...a.keys(), ...b.keys()])].flatMap((what) => {
    const [one, other] = [a.get(what) ?? null, b.get(what) ?? null];
    return one === other ? [] : [{ what, a: one, b: other }];
  });

/** Figures of both, by what they are of and their name, in the order of the first. */
const pairs = (a: readonly ComparedFigure[], b: readonly ComparedFigure[]): readonly ComparedPair[] => {
  const keyOf = ({ of, name }: ComparedFigure): string => `${of}\n${name}`;
  const [left, right] = [a, b].map((all) => new Map(all.map((one) => [keyOf(one), one])));
  return [...new Set([...a, ...b].map(keyOf))].map((key) => {
    const [one, other] = [left?.get(key), right?.get(key)];
    const { of, name, text } = (one ?? other) as ComparedFigure;
    return { of, name, a: one?.value, b: other?.value, text };
  });
};

/**
 * What two runs, simulations or sweeps differ in: options, what they rest on, results. Each is named as `readRunFolder` takes it.
 * Throws `SwathError("config")` for two of different kinds, and what `readRunFolder` throws.
 */
export const diffRuns = (first: string, second: string, out: string): RunDifference => {
  const [a, b] = [readRunFolder(first, out), readRunFolder(second, out)];
  if (a.kind !== b.kind) {
    throw new SwathError("config", {
      what: `${first} and ${second}`,
      wanted: "two of one kind",
      got: `a ${a.kind} and a ${b.kind}`,
    });
  }
  const all = pairs(figuresOf(a), figuresOf(b));
  const figures = all.filter((pair) => pair.a !== pair.b);
  return {
    kind: a.kind,
    a: a.folder,
    b: b.folder,
    options: differing(optionsOf(a), optionsOf(b)),
    basis: differing(basisOf(a), basisOf(b)),
    figures,
    same: all.length - figures.length,
  };
};
