import { readFile, rename, writeFile } from "node:fs/promises";
import { SingleBar } from "cli-progress";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { messageOf, SwathError } from "../pipeline/errors.ts";
import { allotmentRules, type AllotmentRule } from "../pipeline/orbit/antenna.ts";
import { contactRecord, contactsToCsv, contactsToGeoJson } from "../pipeline/orbit/contact-export.ts";
import { planContacts, requireContacts } from "../pipeline/orbit/contact-plan.ts";
import type { ContactPlan, GroundStation } from "../pipeline/orbit/contact.ts";
import { resolveConstellation } from "../pipeline/orbit/constellation.ts";
import { describeStale, staleElements } from "../pipeline/orbit/expiry.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { resolveStations } from "../pipeline/orbit/station-list.ts";
import { formatInstant, instant, later, seconds, type Instant } from "../pipeline/units.ts";
import { parseDuration, parseMoment, parseNumber } from "./quantity.ts";
import { longestHours } from "./scenario.ts";

interface PlanOptions {
  readonly constellation: string;
  readonly stations: string;
  readonly from?: string;
  readonly hours: string;
  readonly rule: AllotmentRule;
  readonly minContact: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Plain text, so that a pipe gets what the terminal shows; no lines between rows. */
const tableStyle = {
  style: { head: [], border: [] },
  chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
};

/** What a plan was made from; the exports need all of it. */
interface Planned {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly plan: ContactPlan;
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

const makePlan = async (options: PlanOptions): Promise<Planned> => {
  const given = options.from === undefined ? null : parseMoment("--from", options.from);
  const hours = parseNumber("--hours", options.hours, 0.01, longestHours);
  const minimumContact = parseDuration("--min-contact", options.minContact);
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
    return { satellites, stations, plan };
  } finally {
    bar.stop();
  }
};

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const print = ({ satellites, stations, plan }: Planned): void => {
  const { from, to, contacts } = plan;
  const served = new Set(contacts.map(({ satellite }) => satellite)).size;
  console.log(
    `${contacts.length} contacts, ${formatInstant(from)} … ${formatInstant(to)}; ` +
      `${served} of ${satellites.length} satellites served by ${stations.length} stations`,
  );

  const byStation = new Table({
    ...tableStyle,
    head: ["station", "mask", "antennas", "contacts", "hours", "antennas busy"],
  });
  for (const { id, minElevation, antennas } of stations) {
    const own = contacts.filter(({ station }) => station === id);
    const busy = own.reduce((sum, { aos, los }) => sum + (los - aos), 0);
    byStation.push([
      id,
      `${minElevation}°`,
      antennas,
      own.length,
      (busy / 3600).toFixed(2),
      percent(busy / ((to - from) * Math.max(1, antennas))),
    ]);
  }
  console.log(byStation.toString());

  const shown = 12;
  const first = new Table({
    ...tableStyle,
    head: ["contact", "antenna", "AOS", "LOS", "seconds", "highest", "nearest"],
  });
  for (const record of contacts.slice(0, shown).map(contactRecord)) {
    first.push([
      record.contact,
      record.antenna,
      record.aos_utc,
      record.los_utc,
      record.duration_s.toFixed(0),
      `${record.max_elevation_deg.toFixed(1)}°`,
      `${record.min_range_km.toFixed(0)} km`,
    ]);
  }
  console.log(first.toString());
  if (contacts.length > shown) console.log(`… and ${contacts.length - shown} more: --out contacts.csv`);
};

const run = async (options: PlanOptions): Promise<void> => {
  const { out, json } = options;
  if (out !== undefined && !/\.(csv|geojson)$/.test(out)) {
    throw new SwathError("config", { what: "--out", wanted: "a name ending in .csv or .geojson", got: out });
  }
  const planned = await makePlan(options);
  const { satellites, stations, plan } = planned;
  if (out !== undefined) {
    const text = out.endsWith(".csv") ? contactsToCsv(plan) : contactsToGeoJson(plan, satellites, stations);
    await writeWhole(out, text);
  }
  if (json === true) {
    const contacts = plan.contacts.map(contactRecord);
    console.log(
      JSON.stringify({ from_utc: formatInstant(plan.from), to_utc: formatInstant(plan.to), contacts }),
    );
  } else print(planned);
};

/**
 * `swath plan`: contact windows of a constellation over its stations.
 *
 * The action throws `SwathError("config")` for wrong use (exit 2) and other `SwathError`s for what failed (exit 1).
 */
export const planCommand = (): Command =>
  new Command("plan")
    .description("Plan the contacts of a constellation with its ground stations")
    .option(
      "--constellation <spec>",
      "walker:N[/P/F][@KMkm[,DEGdeg]], or a TLE/OMM file with an optional :NAME filter",
      "walker:3",
    )
    .option("--stations <spec>", "builtin, or a GeoJSON file", "builtin")
    .option("--from <time>", "start, ISO 8601 in UTC (default: the newest epoch of the orbits)")
    .option("--hours <hours>", "length of the horizon", "24")
    .addOption(
      new Option("--rule <rule>", "which pass chooses its antenna first")
        .choices(allotmentRules)
        .default("highest"),
    )
    .option("--min-contact <duration>", "leave out shorter contacts", "30s")
    .option("--out <file>", "also write them as .csv or .geojson")
    .option("--json", "print the contacts as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ swath plan --constellation walker:12 --hours 24
  $ swath plan --constellation active.tle:FLOCK --stations ksat.json --from 2026-08-12T00:00:00Z --out contacts.geojson`,
    )
    .action(run);
