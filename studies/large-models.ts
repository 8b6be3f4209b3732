import { generationRate, type GenerationRate } from "../operators/platform/generation.ts";
import type { FigureOrigin } from "../operators/presets/figure.ts";
import { findSpacecraftPreset } from "../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../operators/presets/spacecraft-preset.ts";
import { isSwathError, SwathError } from "../pipeline/errors.ts";
import { telecommandBytes } from "../pipeline/link/transfer/turn-report.ts";
import type { Precision } from "../pipeline/mission/spacecraft.ts";
import { bytes, type Bytes, type Seconds, seconds } from "../pipeline/units.ts";
import { longestUploadDays, planUploads, type Upload } from "./updates/upload-passes.ts";

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
  readonly median: Upload;
  readonly last: Upload;
}

/** The models whose upload is reckoned: one of ours, one that was sent up, and eight billion parameters. */
export const uploads: readonly (readonly [what: string, weights: Bytes])[] = [
  ["a detector of small objects, such as `ships-s2`", bytes(0.5e6)],
  ["a foundation model cut down for flight (Prithvi-EO, arXiv 2512.01181)", bytes(73e6)],
  ["eight billion parameters in 4 bit, with what belongs to them", bytes(4.7e9)],
];

/** What an upload rests on. */
export interface UploadStudy {
  readonly constellation: string;
  readonly satellites: number;
  readonly stations: string;
  readonly uplink: SourcedFigure;
  readonly costs: readonly UploadCost[];
}

/**
 * What it costs to send each model up to all satellites of a named constellation, over the contacts that antennas have for it from
 * 1 January 2026 on. Each satellite is sent its own copy. Throws `SwathError("config")` where a model is not up within 32 days.
 */
export const uploadStudy = async (constellation: string, network: string): Promise<UploadStudy> => {
  const { preset, satellites, passesOf } = await planUploads(constellation, network);
  const { uplink } = preset.sheet.radio;
  if (uplink === undefined) throw new RangeError(`${preset.name} has no uplink`);
  const costs = uploads.map(([what, weights]): UploadCost => {
    const onUplink = telecommandBytes(weights);
    const contactTime = seconds((8 * onUplink) / uplink.value);
    const passes = passesOf(contactTime);
    if (passes !== null) return { what, weights, onUplink, contactTime, ...passes };
    throw new SwathError("config", {
      what: `${what} to ${constellation} over ${network}`,
      wanted: `an end within ${longestUploadDays} days`,
      got: "none",
    });
  });
  return { constellation, satellites, stations: network, uplink, costs };
};
