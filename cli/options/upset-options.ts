import { Option, type Command } from "commander";
import { protections, type UpsetPlan } from "../../pipeline/mission/upset-plan.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { seconds } from "../../pipeline/units.ts";
import { parseDuration, parseNumber } from "../../pipeline/quantity.ts";

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
const parseFactor = (name: string, text: string): number =>
  parseNumber(name, text.trim().replace(/[x×]$/i, ""), 0, mostUpsets);

/** As the command line or a configuration file has it. */
const textOf = (values: Values, key: string): string | null =>
  values[key] === undefined ? null : `${values[key] as string | number}`;

const parseScrub = (values: Values): UpsetPlan["scrubEvery"] => {
  const scrub = textOf(values, "scrub");
  return scrub === null ? usualScrub : parseDuration("--scrub", scrub);
};

/** The upsets that are asked for; `null` for none. Throws `SwathError("config")`. */
export const parseUpsets = (values: Values): UpsetPlan | null => {
  const upsets = textOf(values, "upsets");
  const factor = upsets === null ? 0 : parseFactor("--upsets", upsets);
  if (factor === 0) {
    const idle = ["protection", "scrub"].find((key) => values[key] !== undefined);
    if (upsets !== null || idle === undefined) return null;
    throw new SwathError("config", { what: `--${idle}`, wanted: "--upsets FACTOR beside it", got: "none" });
  }
  const asked = textOf(values, "protection") ?? "none";
  const protection = protections.find((one) => one === asked);
  if (protection !== undefined) return { factor, protection, scrubEvery: parseScrub(values) };
  throw new SwathError("config", {
    what: "--protection",
    wanted: protections.join(", "),
    got: `"${asked}"`,
  });
};
