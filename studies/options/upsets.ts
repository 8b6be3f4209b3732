import { SwathError } from "../../pipeline/errors.ts";
import type { Protection, UpsetPlan } from "../../pipeline/mission/upset-plan.ts";
import { parseNumber } from "../../pipeline/quantity.ts";
import { seconds, type Seconds } from "../../pipeline/units.ts";

/** Above, memories turn over faster than anything computes. */
const mostUpsets = 1e9;

const usualScrub = seconds(600);

/** `100x`, `1e4`, `0`. Throws `SwathError("config")`. */
export const parseFactor = (text: string, option: string): number =>
  parseNumber(option, text.trim().replace(/[x×]$/i, ""), 0, mostUpsets);

/** The options of `upsetOptions`, read. */
interface UpsetValues {
  readonly upsets: number | null;
  readonly protection: Protection | null;
  readonly scrub: Seconds | null;
}

/** The upsets that are asked for; `null` for none. Throws `SwathError("config")` for options that mean nothing alone. */
export const upsetPlanOf = ({ upsets, protection, scrub }: UpsetValues): UpsetPlan | null => {
  if ((upsets ?? 0) > 0) {
    return { factor: upsets ?? 0, protection: protection ?? "none", scrubEvery: scrub ?? usualScrub };
  }
  const field = protection !== null ? "protection" : scrub !== null ? "scrub" : null;
  if (upsets !== null || field === null) return null;
  throw new SwathError("config", {
    what: `--${field}`,
    wanted: "--upsets FACTOR beside it",
    got: "none",
    field,
  });
};
