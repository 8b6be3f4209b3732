import { rename, writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { allotmentRules, type AllotmentRule } from "../../planning/contacts/antenna.ts";
import { contactRecord, contactsToCsv, contactsToGeoJson } from "../../studies/plan-export.ts";
import { formatInstant } from "../../pipeline/units.ts";
import { printPlan } from "../text/plan-text.ts";
import { linkFields, makePlan } from "../../studies/plan.ts";
import { constellationWords, stationWords } from "../options/scenario-options.ts";

export interface PlanOptions {
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

const run = async (options: PlanOptions): Promise<void> => {
  const { out, json } = options;
  if (out !== undefined && !/\.(csv|geojson)$/.test(out)) {
    throw new SwathError("config", { what: "--out", wanted: "a name ending in .csv or .geojson", got: out });
  }
  const planned = await makePlan(options);
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
    console.log(
      JSON.stringify({ from_utc: formatInstant(plan.from), to_utc: formatInstant(plan.to), contacts }),
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
    .option("--constellation <spec>", constellationWords, "walker:3")
    .option("--stations <spec>", stationWords, "builtin")
    .option("--from <time>", "start, ISO 8601 in UTC (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option("--rule <rule>", "which pass chooses its antenna first")
        .choices(allotmentRules)
        .default("highest"),
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
    .action(run);
