import type { ModelExam } from "../../pipeline/mission/model-exam.ts";
import type { ModelName, ModelTrial } from "../../pipeline/mission/model-ledger.ts";
import { installRule } from "../../pipeline/orders/kinds/model-install.ts";
import { ruleFigures, ruleHolds, type PromotionRule } from "../../pipeline/orders/promotion-rule.ts";
import { joules, seconds, type Instant } from "../../pipeline/units.ts";
import type { InstallEntry } from "./model-uploads.ts";
import { figuresOfTally, tallied, type TrialTally, type TriedImage } from "./trial-tally.ts";

/** How much longer than the old model a new one may take before it counts as broken. */
const mostSlowdown = 4;
/** Speed of the computer below which heat, or a low battery, has slowed it down. */
const leastSpeed = 0.8;

/** A model that looks at images beside the one at work. */
export interface Trial extends InstallEntry {
  readonly name: ModelName;
  readonly installedAt: Instant;
  readonly exam: ModelExam;
  readonly tally: TrialTally;
}

/** How a model got on with an image. */
export interface TriedWork extends TriedImage {
  /** How fast the computer was meanwhile, 0 to 1. */
  readonly speed: number;
}

/** A model at work, at whose images the one before it still looks. */
export interface Watch extends Trial {
  readonly before: ModelName;
}

/** What a trial has come to. */
export type Verdict =
  | { readonly outcome: "under way" }
  | { readonly outcome: "promoted" | "rejected"; readonly rule: PromotionRule; readonly figures: string }
  | { readonly outcome: "failed"; readonly why: string };

/** What a watch has come to. */
export type WatchVerdict =
  | { readonly outcome: "under way" | "kept" }
  | {
      readonly outcome: "broken";
      readonly field: "keep" | "watch";
      readonly wanted: string;
      readonly got: string;
    };

/** The trial with an image more that both models looked at. */
const withImage = <One extends Trial>(trial: One, scene: string, old: TriedWork, next: TriedWork): One => ({
  ...trial,
  tally: tallied(trial.tally, old, next, trial.exam.get(scene) ?? null),
});

/** Adds an image that both models looked at, and says what the trial has come to. */
export const tryImage = (
  trial: Trial,
  scene: string,
  old: TriedWork,
  next: TriedWork,
): { readonly trial: Trial; readonly verdict: Verdict } => {
  const after = withImage(trial, scene, old, next);
  return { trial: after, verdict: verdictOf(after, old, next) };
};

/** Why the new model may not go on, whatever it finds; `null`: nothing is wrong with it. */
const strainOf = (old: TriedWork, next: TriedWork): string | null => {
  if (next.speed < leastSpeed && old.speed >= leastSpeed)
    return `too hot: the computer slowed down to ${Math.round(100 * next.speed)} % of its speed`;
  if (next.seconds <= mostSlowdown * old.seconds) return null;
  const times = (next.seconds / old.seconds).toFixed(1);
  return `too slow: ${times} times as long as the old model, where ${mostSlowdown} are allowed`;
};

/** A rule is not held against fewer images of a watch. */
const fewestWatched = 3;

/** Adds an image that the model at work and the one before it looked at, and says whether it may stay. */
export const watchImage = (
  watch: Watch,
  scene: string,
  old: TriedWork,
  next: TriedWork,
): { readonly watch: Watch; readonly verdict: WatchVerdict } => {
  const after = withImage(watch, scene, old, next);
  return { watch: after, verdict: watchVerdict(after, strainOf(old, next)) };
};

const watchVerdict = ({ order, tally }: Watch, strain: string | null): WatchVerdict => {
  if (strain !== null)
    return { outcome: "broken", field: "watch", wanted: "a model that works", got: strain };
  const { watch, keep } = order.body;
  if (tally.images >= Math.min(watch, fewestWatched)) {
    const rule = installRule(keep, "keep");
    const { old, next } = figuresOfTally(tally);
    // What is not known, since there is nothing in the images, breaks nothing.
    if (ruleHolds(rule, old, next) === false)
      return { outcome: "broken", field: "keep", wanted: rule.text, got: ruleFigures(rule, old, next) };
  }
  return { outcome: tally.images >= watch ? "kept" : "under way" };
};

const verdictOf = (trial: Trial, old: TriedWork, next: TriedWork): Verdict => {
  const strain = strainOf(old, next);
  if (strain !== null) return { outcome: "failed", why: strain };
  if (trial.tally.images < trial.order.body.trial) return { outcome: "under way" };
  const rule = installRule(trial.order.body.promote);
  const { old: before, next: after } = figuresOfTally(trial.tally);
  const outcome = ruleHolds(rule, before, after) === true ? "promoted" : "rejected";
  return { outcome, rule, figures: ruleFigures(rule, before, after) };
};

/** A trial as the ledger has it. */
export const recordOfTrial = (
  { name, order, installedAt, tally }: Trial,
  outcome: ModelTrial["outcome"],
  why: string,
  endedAt: Instant | null,
): ModelTrial => ({
  ...name,
  order: order.id,
  installedAt,
  acquisitions: tally.images,
  computeSeconds: seconds(tally.next.seconds),
  computeEnergy: joules(tally.next.joules),
  figures: figuresOfTally(tally),
  outcome,
  why,
  endedAt,
});
