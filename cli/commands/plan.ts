import { rename, writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { contactRecord, contactsToCsv, contactsToGeoJson } from "../../studies/plan-export.ts";
import { formatInstant, seconds } from "../../pipeline/units.ts";
import { printPlan } from "../text/plan-text.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { parseDuration, parseMoment, parseNumber } from "../../pipeline/quantity.ts";
import { parseLinkRate } from "../../studies/inputs/link-rate-source.ts";
import { spacecraftFor } from "../../studies/inputs/spacecraft-file.ts";
import {
  type AllotmentRule,
  allotmentRules,
  linkFields,
  makePlan,
  type PlanRequest,
} from "../../studies/plan.ts";
import { interruptible } from "../interrupt.ts";
import { constellationWords, longestHours, stationWords } from "../../studies/options/mission-options.ts";
import { openContactProgress } from "../text/progress-line.ts";

interface PlanFlags {
  readonly constellation: string;
  readonly stations: string;
  readonly from?: string;
  readonly hours: string;
  readonly rule: AllotmentRule;
  readonly minContact: string;
  readonly rate?: string;
  readonly spacecraft?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** A reader never finds half a file: it is written beside its place and moved there. */
const writeWhole = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new SwathError("storage", { what: `cannot write ${path}`, got: messageOf(cause), cause });
  }
};

/** `null` where nobody asked what the contacts can carry. */
const requestedRate = ({ rate, spacecraft, constellation }: PlanFlags): LinkRate | null => {
  if (rate === undefined && spacecraft === undefined) return null;
  const radio = spacecraftFor(spacecraft ?? null, constellation).radio.rate;
  return rate === undefined ? radio : parseLinkRate(rate, radio);
};

const parsePlan = (flags: PlanFlags): PlanRequest => ({
  constellation: flags.constellation,
  stations: flags.stations,
  from: flags.from === undefined ? null : parseMoment("--from", flags.from),
  horizon: seconds(3600 * parseNumber("--hours", flags.hours, 0.01, longestHours)),
  minimumContact: parseDuration("--min-contact", flags.minContact),
  rule: flags.rule,
  radio: spacecraftFor(flags.spacecraft ?? null, flags.constellation).radio,
  rate: requestedRate(flags),
  strict: flags.strict === true,
});

const run = async (flags: PlanFlags, signal: AbortSignal): Promise<void> => {
  const { out, json } = flags;
  if (out !== undefined && !/\.(csv|geojson)$/.test(out)) {
    throw new SwathError("config", { what: "--out", wanted: "a name ending in .csv or .geojson", got: out });
  }
  using progress = openContactProgress(process.stderr);
  const planned = await makePlan(parsePlan(flags), { progress, signal });
  const { satellites, stations, plan } = planned;
  if (out !== undefined) {
    const more = linkFields(planned);
    const text = out.endsWith(".csv")
      ? contactsToCsv(plan, more)
      : contactsToGeoJson(plan, satellites, stations, more);
    await writeWhole(out, text);
  }
  if (json === true) {
    const more = linkFields(planned);
    const contacts = plan.contacts.map((contact) => ({ ...contactRecord(contact), ...more(contact) }));
    const { least, worst, median, most } = planned.shares;
    console.log(
      JSON.stringify({
        from_utc: formatInstant(plan.from),
        to_utc: formatInstant(plan.to),
        contact_s: { least, worst, median, most },
        contacts,
      }),
    );
  } else printPlan(planned);
};

/**
 * `swath plan`: contact windows of a constellation over its stations.
 *
 * The action throws `SwathError("config")` for wrong use (exit 2) and other `SwathError`s for what failed (exit 1).
 */
export const planCommand = (): Command =>
  new Command("plan")
    .description("Plan the contacts of a constellation with its ground stations")
    .option("--constellation <spec>", constellationWords, "three-body")
    .option("--stations <spec>", stationWords, "ksat")
    .option("--from <time>", "start, ISO 8601 in UTC (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option("--rule <rule>", "which pass chooses its antenna first")
        .choices(allotmentRules)
        .default("fair"),
    )
    .option("--min-contact <duration>", "leave out shorter contacts", "30s")
    .option(
      "--rate <rate>",
      "also tell what the contacts can carry: 8Mbit/s, 5:2Mbit/s,20:8Mbit/s, budget:link.yaml, or budget (the spacecraft's radio)",
    )
    .option("--spacecraft <spec>", "a preset or a YAML file: its radio's rate, unless --rate says otherwise")
    .option("--out <file>", "also write them as .csv or .geojson")
    .option("--json", "print the contacts as JSON")
    .option("--strict", "stop at the first orbit or station that is not right")
    .addHelpText(
      "after",
      `
Examples:
  $ swath plan --constellation walker:12 --hours 24
  $ swath plan --constellation walker:12 --rate budget:link.yaml --out contacts.csv
  $ swath plan --constellation active.tle:FLOCK --stations ksat,aws --from 2026-08-12T00:00:00Z --out contacts.geojson`,
    )
    .action((flags: PlanFlags) => interruptible((signal) => run(flags, signal)));
