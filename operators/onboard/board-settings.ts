import type { Detector } from "../../pipeline/detection/detector.ts";
import { SwathError, isSwathError } from "../../pipeline/errors.ts";
import type { Policy } from "../../pipeline/mission/policy.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { parseNumber } from "../../pipeline/quantity.ts";
import type { OrderHandler } from "../orders/order-handler.ts";
import { kindOf } from "../policies/policy-choice.ts";
import type { Onboard } from "./acquisition-work.ts";

/** A detector that keeps to itself what it is less sure of. */
const aboveScore = (detector: Detector, least: number): Detector => ({
  info: detector.info,
  ...(detector.weightBits === undefined ? {} : { weightBits: detector.weightBits }),
  detect: async (tile, signal, flips) =>
    (await detector.detect(tile, signal, flips)).filter(({ score }) => score >= least),
  [Symbol.asyncDispose]: async () => undefined,
});

/**
 * What orders of the kind `parameter` have changed on board of one satellite: the least score that is reported, from the run's own up, and the settings of its policy, within
 * their ranges. A change holds for every image that is taken after it.
 */
export class BoardSettings {
  readonly #least: number;
  readonly #isOneModel: boolean;
  #score: number | null = null;
  #policy: Policy;

  /** `scoreThreshold`: what the run reports from; the model gives nothing below it. */
  constructor({
    policy,
    scoreThreshold,
    workloads,
  }: Pick<RunPlan, "policy" | "scoreThreshold" | "workloads">) {
    this.#least = scoreThreshold;
    this.#policy = policy;
    this.#isOneModel = workloads === undefined;
  }

  /** Whether anything is not as the plan has it. */
  isChanged(policy: Policy): boolean {
    return this.#score !== null || this.#policy !== policy;
  }

  /** What is on board with all that was changed. */
  applied(onboard: Onboard): Onboard {
    const { detector } = onboard;
    const score = this.#score;
    return {
      ...onboard,
      policy: this.#policy,
      detector: detector === null || score === null ? detector : aboveScore(detector, score),
    };
  }

  /** Obeys orders of the kind `parameter`. */
  readonly obey: OrderHandler = (order, { at }) => {
    const { name, value } = order.body as { readonly name: "score" | "policy"; readonly value: string };
    try {
      return { answer: "done", at, note: name === "score" ? this.#setScore(value) : this.#setPolicy(value) };
    } catch (error) {
      if (!isSwathError(error)) throw error;
      const { wanted = "another value", got = value } = error.parts;
      return { answer: "refused", at, field: "value", wanted, got };
    }
  };

  #setScore(text: string): string {
    if (!this.#isOneModel)
      throw new SwathError("config", {
        what: "score",
        wanted: "a mission with one model",
        got: "several, each with scores of its own",
      });
    this.#score = parseNumber("score", text, this.#least, 1);
    return `score ${this.#score}`;
  }

  #setPolicy(text: string): string {
    const { name, parameters } = kindOf(this.#policy);
    const [key = "", value = ""] = text.split("=").map((one) => one.trim());
    const found = Object.entries(parameters).find(([, parameter]) => parameter.name === key);
    if (found === undefined) {
      const known = Object.values(parameters).map((parameter) => `${parameter.name}=…`);
      throw new SwathError("config", {
        what: "policy",
        wanted: known.length === 0 ? `no setting: ${name} has none` : `one of ${known.join(", ")}`,
        got: `"${text}"`,
      });
    }
    const [setting, parameter] = found;
    const settings = { ...this.#policy.settings, [setting]: parameter.parse(value, parameter.name) };
    this.#policy = { ...this.#policy, settings };
    return `${name}: ${parameter.name} ${settings[setting]}`;
  }
}
