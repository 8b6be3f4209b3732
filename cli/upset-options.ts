import { Option, type Command } from "commander";
import { protections, type Protection, type UpsetPlan } from "../pipeline/bus/upset-plan.ts";
import { SwathError } from "../pipeline/errors.ts";
import { seconds } from "../pipeline/units.ts";
import { parseDuration, parseNumber } from "./quantity.ts";

/** Above, memories turn over faster than anything computes. */
const mostUpsets = 1e9;
const usualScrub = seconds(600);

export const scrubOption = (): Option =>
  new Option(
    "--scrub <duration>",
    "how long weights are used without a look at their checksum, and memory with ECC goes without a pass (default: 10min)",
  );

export const addUpsetOptions = (command: Command): Command =>
  command
    .option(
      "--upsets <factor>",
      "bits that particles turn over on board, times the real rate: 1x, 100x (default: none)",
    )
    .addOption(
      new Option("--protection <kind>", "what is done against upsets (default: none)").choices([
        ...protections,
      ]),
    )
    .addOption(scrubOption());

type Values = Readonly<Record<string, unknown>>;

/** `100x`, `1e4`, `0`. Throws `SwathError("config")`. */
export const parseFactor = (name: string, text: string): number =>
  parseNumber(name, text.trim().replace(/[x×]$/i, ""), 0, mostUpsets);

export const parseScrub = (values: Values): UpsetPlan["scrubEvery"] =>
  values["scrub"] === undefined ? usualScrub : parseDuration("--scrub", String(values["scrub"]));

/** The upsets that are asked for; `null` for none. Throws `SwathError("config")`. */
export const parseUpsets = (values: Values): UpsetPlan | null => {
  const { upsets, protection } = values;
  const factor = upsets === undefined ? 0 : parseFactor("--upsets", String(upsets));
  if (factor === 0) {
    const idle = ["protection", "scrub"].find((key) => values[key] !== undefined);
    if (upsets !== undefined || idle === undefined) return null;
    throw new SwathError("config", { what: `--${idle}`, wanted: "--upsets FACTOR beside it", got: "none" });
  }
  const kind = String(protection ?? "none");
  if (!protections.includes(kind as Protection)) {
    throw new SwathError("config", {
      what: "--protection",
      wanted: protections.join(", "),
      got: `"${kind}"`,
    });
  }
  return { factor, protection: kind as Protection, scrubEvery: parseScrub(values) };
};
