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

/** What a trial has come to. */
export type Verdict =
  | { readonly outcome: "under way" }
  | { readonly outcome: "promoted" | "rejected"; readonly rule: PromotionRule; readonly figures: string }
  | { readonly outcome: "failed"; readonly why: string };

/** Adds an image that both models looked at, and says what the trial has come to. */
export const tryImage = (
  trial: Trial,
  scene: string,
  old: TriedWork,
  next: TriedWork,
): { readonly trial: Trial; readonly verdict: Verdict } => {
  const after = { ...trial, tally: tallied(trial.tally, old, next, trial.exam.get(scene) ?? null) };
  return { trial: after, verdict: verdictOf(after, old, next) };
};

const verdictOf = (trial: Trial, old: TriedWork, next: TriedWork): Verdict => {
  if (next.speed < leastSpeed && old.speed >= leastSpeed) {
    const why = `too hot: the computer slowed down to ${Math.round(100 * next.speed)} % of its speed`;
    return { outcome: "failed", why };
  }
  if (next.seconds > mostSlowdown * old.seconds) {
    const times = (next.seconds / old.seconds).toFixed(1);
    return {
      outcome: "failed",
      why: `too slow: ${times} times as long as the old model, where ${mostSlowdown} are allowed`,
    };
  }
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
