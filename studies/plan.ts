import type { Satellite } from "../pipeline/orbit/satellite.ts";
import type { GroundStation, ContactPlan } from "../pipeline/orbit/contact.ts";
import { type LinkRate, rateAtStations } from "../pipeline/link/rate/link-rate.ts";
import { type ContactLink, contactLink } from "../pipeline/link/rate/contact-capacity.ts";
import type { MoreFields } from "./plan-export.ts";
import { readFile } from "node:fs/promises";
import { SwathError, messageOf } from "../pipeline/errors.ts";
import { type Instant, instant, later, seconds } from "../pipeline/units.ts";
import type { PlanOptions } from "../cli/commands/plan.ts";
import { spacecraftFor } from "./inputs/spacecraft-file.ts";
import { parseLinkRate } from "./inputs/link-rate-source.ts";
import { parseMoment, parseNumber, parseDuration } from "../pipeline/quantity.ts";
import { longestHours } from "../cli/options/scenario-options.ts";
import { resolveConstellation } from "../planning/orbits/constellation.ts";
import { resolveStations } from "../planning/contacts/station-list.ts";
import { staleElements, describeStale } from "../planning/orbits/expiry.ts";
import { SingleBar } from "cli-progress";
import { requireContacts, planContacts } from "../planning/contacts/contact-plan.ts";

/** What a plan was made from; the exports need all of it. */
export interface Planned {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly plan: ContactPlan;
  /** What the contacts can carry, by their identifiers; `null` where no rate was asked for. */
  readonly links: { readonly rate: LinkRate; readonly of: ReadonlyMap<string, ContactLink> } | null;
}

/** What every contact can carry at a rate. */
export const linksOf = (plan: ContactPlan, rate: LinkRate): NonNullable<Planned["links"]> => ({
  rate,
  of: new Map(plan.contacts.map((contact) => [contact.id, contactLink(contact, rate)])),
});

/** Columns of a contact under a rate, units in the names. */
export const linkFields = ({ links }: Planned): MoreFields => {
  if (links === null) return () => ({});
  const { kind } = links.rate;
  return ({ id }) => {
    const { capacity, linkTime, least, median, most, modcods, doppler } = links.of.get(id) as ContactLink;
    return {
      capacity_bytes: capacity,
      link_s: Math.round(linkTime * 1000) / 1000,
      rate_min_bps: least,
      rate_median_bps: median,
      rate_max_bps: most,
      ...(kind === "budget" ? { modcods: modcods.join(";") } : {}),
      ...(doppler === null
        ? {}
        : { doppler_max_hz: Math.round(doppler.shift), doppler_rate_max_hz_s: Math.round(doppler.rate) }),
    };
  };
};

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SwathError("config", { what: `cannot read ${path}`, got: messageOf(cause), cause });
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

export const makePlan = async (options: PlanOptions): Promise<Planned> => {
  const given = options.from === undefined ? null : parseMoment("--from", options.from);
  const hours = parseNumber("--hours", options.hours, 0.01, longestHours);
  const minimumContact = parseDuration("--min-contact", options.minContact);
  const asked = askedRate(options);
  const strict = options.strict === true;
  const onNote = (text: string): void => void process.stderr.write(`warning: ${text}\n`);
  const satellites = await resolveConstellation(options.constellation, readText, {
    ...(given === null ? {} : { epoch: given }),
    strict,
    onNote,
  });
  const stations = await resolveStations(options.stations, readText, { strict, onNote });
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
