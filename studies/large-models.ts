import { generationRate, type GenerationRate } from "../operators/platform/generation.ts";
import type { FigureOrigin } from "../operators/presets/figure.ts";
import { findSpacecraftPreset } from "../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../operators/presets/spacecraft-preset.ts";
import { isSwathError, SwathError } from "../pipeline/errors.ts";
import { telecommandBytes } from "../pipeline/link/transfer/turn-report.ts";
import type { Precision } from "../pipeline/mission/spacecraft.ts";
import type { Contact } from "../pipeline/orbit/contact.ts";
import { bytes, type Bytes, instant, type Instant, later, type Seconds, seconds } from "../pipeline/units.ts";
import { planContacts, requireContacts } from "../planning/contacts/contact-plan.ts";
import { resolveStations } from "../planning/contacts/station-list.ts";
import { namedConstellations } from "../planning/orbits/constellation-presets.ts";
import { resolveConstellation } from "../planning/orbits/constellation.ts";
import { readText } from "./inputs/text-file.ts";

/** Weights of one model in one precision. */
export interface Weights {
  readonly name: string;
  readonly bytes: Bytes;
  /** Of the arithmetic: weights of 4 bit are unpacked to 16. */
  readonly precision: Precision;
}

/** Qwen3-8B: parameters, and the bytes of its weights (config.json of Qwen/Qwen3-8B; 4 bit with scales is 4.5 bit a parameter). */
export const eightBillion = {
  parameters: 8_190_735_360,
  /** Of one token: a multiplication and an addition a parameter. */
  operationsEach: 2 * 8_190_735_360,
  weights: [
    { name: "16 bit", bytes: bytes(2 * 8_190_735_360), precision: "fp16" },
    { name: "8 bit", bytes: bytes(8_190_735_360), precision: "int8" },
    { name: "4 bit", bytes: bytes(Math.round((4.5 / 8) * 8_190_735_360)), precision: "fp16" },
  ] satisfies readonly Weights[],
} as const;

/** A figure of a preset, with where it is from. */
export interface SourcedFigure {
  readonly value: number;
  readonly kind: FigureOrigin;
  readonly source: string;
}

/** What one precision of the model comes to on a computer; a refusal where it does not fit. */
export type Generation =
  | (GenerationRate & { readonly refusal: null; readonly joulesPerToken: number })
  | { readonly refusal: string };

/** Eight billion parameters on one spacecraft. */
export interface LargeModelRow {
  readonly spacecraft: string;
  readonly computer: string;
  readonly chips: number;
  /** Of one chip. */
  readonly memory: SourcedFigure;
  readonly bandwidth: SourcedFigure;
  /** One for each of `eightBillion.weights`. */
  readonly rates: readonly Generation[];
}

/** The spacecraft that are said to carry large models, or are built to. */
export const largeModelCarriers = ["three-body", "bupt-1", "condor-ultra", "starcloud", "ai1"] as const;

const presetOf = (name: string): SpacecraftPreset => {
  const preset = findSpacecraftPreset(name);
  if (preset === null) throw new RangeError(`no spacecraft "${name}"`);
  return preset;
};

const figureOf = (preset: SpacecraftPreset, key: "memory" | "memoryBandwidth"): SourcedFigure => {
  const figure = preset.sheet.computer[key];
  if (figure === undefined) throw new RangeError(`${preset.name} has no ${key}`);
  return figure;
};

/** What is written a second, and for how many joules at the computer's full power. */
const rowOf = (name: string): LargeModelRow => {
  const preset = presetOf(name);
  const { computer } = spacecraftOf(preset);
  return {
    spacecraft: name,
    computer: computer.name,
    chips: computer.chips,
    memory: figureOf(preset, "memory"),
    bandwidth: figureOf(preset, "memoryBandwidth"),
    rates: eightBillion.weights.map(({ bytes: weights, precision }): Generation => {
      const { operationsEach } = eightBillion;
      try {
        const rate = generationRate(computer, { weights, operationsEach, precision });
        return { ...rate, refusal: null, joulesPerToken: computer.power / rate.tokensPerSecond };
      } catch (error) {
        if (!isSwathError(error)) throw error;
        return { refusal: `${error.parts.what}: ${error.parts.wanted ?? ""}` };
      }
    }),
  };
};

/** Eight billion parameters on the spacecraft that are said to carry such models. */
export const largeModelRows = (): readonly LargeModelRow[] => largeModelCarriers.map(rowOf);

/** What a model costs to send up to every satellite of a constellation. */
export interface UploadCost {
  readonly what: string;
  readonly weights: Bytes;
  /** In telecommand frames. */
  readonly onUplink: Bytes;
  /** Of locked contact, for one satellite. */
  readonly contactTime: Seconds;
  /** Contacts it takes, and how long after the start the last one has it: of the median satellite, and of the last. */
  readonly median: { readonly passes: number; readonly after: Seconds };
  readonly last: { readonly passes: number; readonly after: Seconds };
}

/** The models whose upload is reckoned: one of ours, one that was sent up, and eight billion parameters. */
export const uploads: readonly (readonly [what: string, weights: Bytes])[] = [
  ["a detector of small objects, such as `ships-s2`", bytes(0.5e6)],
  ["a foundation model cut down for flight (Prithvi-EO, arXiv 2512.01181)", bytes(73e6)],
  ["eight billion parameters in 4 bit, with what belongs to them", bytes(4.7e9)],
];

/** How a model came up to one satellite. */
type Upload = UploadCost["median"];

/** Longest horizon that is planned for an upload, days. */
const longest = 32;

/** What an upload rests on. */
export interface UploadStudy {
  readonly constellation: string;
  readonly satellites: number;
  readonly stations: string;
  readonly uplink: SourcedFigure;
  readonly costs: readonly UploadCost[];
}

/** Contacts of one satellite, in order, until so many seconds of them are used up; `null`: there are not enough. */
const uploadOver = (contacts: readonly Contact[], time: Seconds, from: Instant): Upload | null => {
  let rest: number = time;
  for (const [index, { lockedAt, los }] of contacts.entries()) {
    if (los - lockedAt >= rest) return { passes: index + 1, after: seconds(lockedAt + rest - from) };
    rest -= los - lockedAt;
  }
  return null;
};

/**
 * What it costs to send each model up to all satellites of a named constellation, over the contacts that antennas have for it from
 * 1 January 2026 on. Each satellite is sent its own copy. Throws `SwathError("config")` where a model is not up within 32 days.
 */
export const uploadStudy = async (constellation: string, network: string): Promise<UploadStudy> => {
  const named = namedConstellations.find(({ name }) => name === constellation);
  if (named === undefined) throw new RangeError(`no constellation "${constellation}"`);
  const preset = presetOf(named.spacecraft);
  const { radio } = spacecraftOf(preset);
  const { uplink } = preset.sheet.radio;
  if (uplink === undefined) throw new RangeError(`${preset.name} has no uplink`);
  const from = instant(Date.parse("2026-01-01T00:00:00Z") / 1000);
  const satellites = await resolveConstellation(constellation, readText, { epoch: from });
  const stations = await resolveStations(network, readText);
  const uploadsIn = (days: number, time: Seconds): readonly (Upload | null)[] => {
    const to = later(from, seconds(days * 86_400));
    const { contacts } = requireContacts(planContacts({ satellites, stations, radio, from, to }));
    return satellites.map(({ id }) =>
      uploadOver(
        contacts.filter(({ satellite }) => satellite === id),
        time,
        from,
      ),
    );
  };
  const costs = uploads.map(([what, weights]): UploadCost => {
    const onUplink = telecommandBytes(weights);
    const contactTime = seconds((8 * onUplink) / uplink.value);
    for (let days = 1; days <= longest; days *= 2) {
      const all = uploadsIn(days, contactTime);
      if (all.includes(null)) continue;
      const ends = all.flatMap((one) => one ?? []).toSorted((a, b) => a.after - b.after);
      const [median, last] = [ends[Math.ceil(ends.length / 2) - 1] as Upload, ends.at(-1) as Upload];
      return { what, weights, onUplink, contactTime, median, last };
    }
    throw new SwathError("config", {
      what: `${what} to ${constellation} over ${network}`,
      wanted: `an end within ${longest} days`,
      got: "none",
    });
  });
  return { constellation, satellites: satellites.length, stations: network, uplink, costs };
};
