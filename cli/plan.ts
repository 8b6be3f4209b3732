import { readFile, rename, writeFile } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { allotmentRules, type AllotmentRule } from "../planning/contacts/antenna.ts";
import { rateAtStations, type LinkRate } from "../pipeline/link/rate/link-rate.ts";
import { contactRecord, contactsToCsv, contactsToGeoJson } from "../pipeline/orbit/contact-export.ts";
import { planContacts, requireContacts } from "../planning/contacts/contact-plan.ts";
import { resolveConstellation } from "../planning/orbits/constellation.ts";
import { describeStale, staleElements } from "../planning/orbits/expiry.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { resolveStations } from "../planning/contacts/station-list.ts";
import { formatInstant, instant, later, seconds, type Instant } from "../pipeline/units.ts";
import { parseLinkRate } from "../studies/inputs/link-rate-source.ts";
import { linkFields, linksOf, printPlan, type Planned } from "./plan-text.ts";
import { parseDuration, parseMoment, parseNumber } from "../pipeline/quantity.ts";
import { longestHours } from "./scenario.ts";
import { constellationWords, stationWords } from "./scenario-options.ts";
import { spacecraftFor } from "../studies/inputs/spacecraft-file.ts";

interface PlanOptions {
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
}

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SwathError("config", { what: `cannot read ${path}`, got: messageOf(cause), cause });
  }
};

/** A reader never finds half a file: it is written beside its place and moved there. */
const writeWhole = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new SwathError("storage", { what: `cannot write ${path}`, got: messageOf(cause), cause });
  }
};

const newestEpoch = (satellites: readonly Satellite[]): Instant =>
  instant(satellites.reduce((newest, { epoch }) => Math.max(newest, epoch), Number.NEGATIVE_INFINITY));

/** `null` where nobody asked what the contacts can carry. */
const askedRate = ({ rate, spacecraft, constellation }: PlanOptions): LinkRate | null => {
  if (rate === undefined && spacecraft === undefined) return null;
  const radio = spacecraftFor(spacecraft ?? null, constellation).radio.rate;
  return rate === undefined ? radio : parseLinkRate(rate, radio);
};

const makePlan = async (options: PlanOptions): Promise<Planned> => {
  const given = options.from === undefined ? null : parseMoment("--from", options.from);
  const hours = parseNumber("--hours", options.hours, 0.01, longestHours);
  const minimumContact = parseDuration("--min-contact", options.minContact);
  const asked = askedRate(options);
  const satellites = await resolveConstellation(
    options.constellation,
    readText,
    given === null ? {} : { epoch: given },
  );
  const stations = await resolveStations(options.stations, readText);
  const from = given ?? newestEpoch(satellites);
  const to = later(from, seconds(hours * 3600));
  const stale = staleElements(satellites, from, to);
  for (const one of stale.slice(0, 3)) process.stderr.write(`warning: ${describeStale(one)}\n`);
  if (stale.length > 3) process.stderr.write(`warning: and ${stale.length - 3} more\n`);

  const bar = new SingleBar({
    format: "contacts {bar} {value}/{total} satellites",
    stream: process.stderr,
    clearOnComplete: true,
  });
  if (process.stderr.isTTY) bar.start(satellites.length, 0);
  else
    process.stderr.write(
      `contacts: ${satellites.length} satellites × ${stations.length} stations, ${hours} h\n`,
    );
  try {
    const onProgress = (done: number): void => (process.stderr.isTTY ? bar.update(done) : undefined);
    const plan = requireContacts(
      planContacts({ satellites, stations, from, to, rule: options.rule, minimumContact, onProgress }),
    );
    const links = asked === null ? null : linksOf(plan, rateAtStations(asked, stations));
    return { satellites, stations, plan, links };
  } finally {
    bar.stop();
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
    .addHelpText(
      "after",
      `
Examples:
  $ swath plan --constellation walker:12 --hours 24
  $ swath plan --constellation walker:12 --rate budget:link.yaml --out contacts.csv
  $ swath plan --constellation active.tle:FLOCK --stations ksat,aws --from 2026-08-12T00:00:00Z --out contacts.geojson`,
    )
    .action(run);
