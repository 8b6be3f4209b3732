import { rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { contactRecord, contactsToCsv, contactsToGeoJson } from "../../studies/plan-export.ts";
import { planToCzml } from "../../studies/plan-czml.ts";
import { planToKml } from "../../studies/plan-kml.ts";
import { planToIon } from "../../studies/plan-ion.ts";
import { planToOem } from "../../studies/plan-oem.ts";
import { planPage } from "../../studies/plan-page.ts";
import { cameraReach } from "../../studies/engine/camera-reach.ts";
import { formatInstant, instant, seconds } from "../../pipeline/units.ts";
import { printPlan } from "../text/plan-text.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import { parseDuration, parseMoment, parseNumber, parseWhole } from "../../pipeline/quantity.ts";
import { parseLinkRate } from "../../studies/inputs/link-rate-source.ts";
import { spacecraftFor } from "../../studies/inputs/spacecraft-file.ts";
import {
  type AllotmentRule,
  allotmentRules,
  linkFields,
  makePlan,
  type Planned,
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
  readonly targets?: string;
  readonly contacts?: string;
  readonly crosslinks: "none" | "all" | "grid";
  readonly out?: string;
  readonly passes?: string;
  readonly threads?: string;
  readonly map?: string;
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

/** `null` without `--rate`: what the contacts can carry is not computed. */
const requestedRate = ({ rate, spacecraft, constellation, out }: PlanFlags): LinkRate | null => {
  const isIon = out?.toLowerCase().endsWith(".ionrc") === true;
  if (rate === undefined && spacecraft === undefined && !isIon) return null;
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
  targets:
    flags.targets === undefined
      ? null
      : {
          dataset: flags.targets,
          camera: cameraReach(spacecraftFor(flags.spacecraft ?? null, flags.constellation).camera),
        },
  passes: flags.passes === undefined ? null : passesPath(flags.passes),
  contacts: contactsFile(flags),
  crosslinks: crosslinksOf(flags),
  threads:
    flags.threads === undefined ? availableParallelism() : parseWhole("--threads", flags.threads, 0, 64),
  strict: flags.strict === true,
});

/** Refuses links of a spacecraft without terminals. Throws `SwathError("config")`. */
const crosslinksOf = ({ crosslinks, spacecraft, constellation }: PlanFlags): PlanRequest["crosslinks"] => {
  if (crosslinks === "none") return null;
  const { name, crosslink: terminals } = spacecraftFor(spacecraft ?? null, constellation);
  if (terminals !== null) return { topology: crosslinks, terminals, seed: 1 };
  const wanted = "a spacecraft with crosslink terminals";
  throw new SwathError("config", { what: "--crosslinks", wanted, got: `${name}, which has none` });
};

/** Passes are what is found when contacts are planned. Throws `SwathError("config")`. */
const contactsFile = ({ contacts, passes }: PlanFlags): string | null => {
  if (contacts === undefined || passes === undefined) return contacts ?? null;
  throw new SwathError("config", {
    what: "--passes",
    wanted: "contacts planned here",
    got: "--contacts beside it",
  });
};

const passesPath = (path: string): string => {
  if (path.toLowerCase().endsWith(".parquet")) return path;
  throw new SwathError("config", { what: "--passes", wanted: "a name ending in .parquet", got: path });
};

/** A plan in each format that it can be written in, by how the file's name ends. */
const formats: Readonly<Record<string, (planned: Planned) => string>> = {
  ".csv": (planned) => contactsToCsv(planned.plan, linkFields(planned)),
  ".geojson": (planned) =>
    contactsToGeoJson(planned.plan, planned.satellites, planned.stations, linkFields(planned)),
  ".kml": planToKml,
  ".czml": planToCzml,
  ".oem": (planned) => planToOem(planned, instant(Date.now() / 1000)),
  ".ionrc": ({ links, ...planned }) => {
    if (links === null) throw new RangeError("an ionrc file without rates");
    return planToIon({ ...planned, rate: links.rate });
  },
};

/** The format that a name asks for. Throws `SwathError("config")` for any other. */
const formatOf = (name: string): ((planned: Planned) => string) => {
  const ending = Object.keys(formats).find((one) => name.toLowerCase().endsWith(one));
  const format = ending === undefined ? undefined : formats[ending];
  if (format !== undefined) return format;
  const wanted = `a name ending in ${Object.keys(formats).join(", ")}`;
  throw new SwathError("config", { what: "--out", wanted, got: name });
};

/** The command as it was given, without the page that it writes. */
const commandOf = ({ constellation, stations, from, hours, targets, rate }: PlanFlags): string =>
  [
    `swath plan --constellation ${constellation} --stations ${stations} --hours ${hours}`,
    ...(from === undefined ? [] : [`--from ${from}`]),
    ...(targets === undefined ? [] : [`--targets ${targets}`]),
    ...(rate === undefined ? [] : [`--rate ${rate}`]),
    "--map plan.html",
  ].join(" ");

const run = async (flags: PlanFlags, signal: AbortSignal): Promise<void> => {
  const { out, map, json } = flags;
  const format = out === undefined ? null : formatOf(out);
  using progress = openContactProgress(process.stderr);
  const planned = await makePlan(parsePlan(flags), { progress, signal });
  const { plan } = planned;
  if (out !== undefined && format !== null) await writeWhole(out, format(planned));
  if (map !== undefined) await writeWhole(map, planPage(planned, flags.constellation, commandOf(flags)));
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
        ...(planned.targets === null
          ? {}
          : {
              targets: planned.targets.seen.map(({ scene, satellite, at, sun, offTrack, heard }) => ({
                scene,
                satellite,
                seen_utc: formatInstant(at),
                sun_deg: sun,
                off_track_m: offTrack,
                station: heard?.station ?? null,
                heard_after_s: heard?.after ?? null,
              })),
              unseen: planned.targets.unseen,
            }),
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
    .option(
      "--targets <dataset>",
      "also tell who sees each scene of a dataset first, and which station hears it",
    )
    .option(
      "--contacts <file>",
      "take the contacts of an ionrc file (ION) instead of planning them; its nodes are the satellites, then the stations, or those its comments # node N NAME name",
    )
    .addOption(
      new Option("--crosslinks <topology>", "also plan links between satellites, into .ionrc")
        .choices(["none", "all", "grid"])
        .default("none"),
    )
    .option(
      "--out <file>",
      "also write them as .csv, .geojson, .kml, .czml, .oem (CCSDS ephemerides) or .ionrc (contacts and ranges for ION)",
    )
    .option(
      "--passes <file>",
      "also write every pass, antenna or not, as Parquet, while they are found: a million satellites make two hundred million",
    )
    .option(
      "--threads <n>",
      "threads that search for passes, from 5,000 satellites on (default: one a core; 0: none besides the main one)",
    )
    .option("--map <file>", "also write a page with map, contacts, gaps and capacity, e.g. plan.html")
    .option("--json", "print the contacts as JSON")
    .option("--strict", "stop at the first orbit or station that is not right")
    .addHelpText(
      "after",
      `
Examples:
  $ swath plan --constellation walker:12 --hours 24
  $ swath plan --constellation walker:12 --rate budget:link.yaml --out contacts.csv
  $ swath plan --constellation active.tle:FLOCK --stations ksat,aws --from 2026-08-12T00:00:00Z --out contacts.geojson
  $ swath plan --constellation three-body --crosslinks grid --out plan.ionrc
  $ swath plan --constellation three-body --contacts plan.ionrc --map plan.html
  $ swath plan --constellation filing-1m --stations ksat --hours 24 --passes passes.parquet
  $ swath plan --constellation dove --targets ships/ --hours 72 --map plan.html`,
    )
    .action((flags: PlanFlags) => interruptible((signal) => run(flags, signal)));
