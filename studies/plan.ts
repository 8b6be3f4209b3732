import { readText } from "./inputs/text-file.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import type { GroundStation, ContactPlan } from "../pipeline/orbit/contact.ts";
import type { ContactRadio } from "../pipeline/mission/contact-terms.ts";
import { type LinkRate, rateAtStations } from "../pipeline/link/rate/link-rate.ts";
import { type ContactLink, contactLink } from "../pipeline/link/rate/contact-capacity.ts";
import { planTargets, type PlannedTargets } from "./plan-targets.ts";
import type { CameraReach } from "../planning/overflight.ts";
import type { MoreFields } from "./plan-export.ts";
import { type Instant, instant, later, type Seconds } from "../pipeline/units.ts";
import type { AllotmentRule } from "../planning/contacts/antenna.ts";
import type { ContactProgress, StudyPorts } from "./progress.ts";
import { contactShares, type ContactShares } from "../planning/contacts/contact-shares.ts";
import { resolveConstellation } from "../planning/orbits/constellation.ts";
import { resolveStations } from "../planning/contacts/station-list.ts";
import { staleElements, describeStale } from "../planning/orbits/expiry.ts";
import { requireContacts, planContacts } from "../planning/contacts/contact-plan.ts";

export { allotmentRules, type AllotmentRule } from "../planning/contacts/antenna.ts";

/** What a plan was made from; the exports need all of it. */
export interface Planned {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly plan: ContactPlan;
  /** How the contact time is shared out among the satellites. */
  readonly shares: ContactShares;
  /** What the contacts can carry, by their identifiers; `null` where no rate was asked for. */
  readonly links: { readonly rate: LinkRate; readonly of: ReadonlyMap<string, ContactLink> } | null;
  /** Who sees the scenes of a dataset; `null` where none was named. */
  readonly targets: PlannedTargets | null;
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

const newestEpoch = (satellites: readonly Satellite[]): Instant =>
  instant(satellites.reduce((newest, { epoch }) => Math.max(newest, epoch), Number.NEGATIVE_INFINITY));

/** A contact plan that somebody wants. */
export interface PlanRequest {
  readonly constellation: string;
  readonly stations: string;
  /** `null`: the newest epoch of the orbits. */
  readonly from: Instant | null;
  readonly horizon: Seconds;
  /** Which pass chooses its antenna first. */
  readonly rule: AllotmentRule;
  readonly minimumContact: Seconds;
  /** Of the satellites: what it takes to get a link locked, where stations do not say. */
  readonly radio: ContactRadio;
  /** `null`: what the contacts can carry is not computed. */
  readonly rate: LinkRate | null;
  /** A dataset whose scenes are to be seen, and the camera; `null`: only contacts are planned. */
  readonly targets: {
    readonly dataset: string;
    readonly camera: { readonly reach: CameraReach; readonly assumed: readonly string[] };
  } | null;
  /** Stop at the first orbit or station that is not right; else it is left out and named. */
  readonly strict: boolean;
}

/** Most stale orbits that are named one by one. */
const mostStale = 3;

/** Contact windows of a constellation over its stations. Throws `SwathError` for orbits or stations that cannot be read. */
export const makePlan = async (
  {
    constellation,
    stations: sites,
    from: given,
    horizon,
    rule,
    minimumContact,
    radio,
    rate,
    targets: wanted,
    strict,
  }: PlanRequest,
  { progress, signal }: StudyPorts<ContactProgress>,
): Promise<Planned> => {
  const onNote = (text: string): void => progress.note(`warning: ${text}`);
  const satellites = await resolveConstellation(constellation, readText, {
    ...(given === null ? {} : { epoch: given }),
    strict,
    onNote,
  });
  const stations = await resolveStations(sites, readText, { strict, onNote });
  const from = given ?? newestEpoch(satellites);
  const to = later(from, horizon);
  const stale = staleElements(satellites, from, to);
  for (const one of stale.slice(0, mostStale)) progress.note(`warning: ${describeStale(one)}`);
  if (stale.length > mostStale) progress.note(`warning: and ${stale.length - mostStale} more`);
  progress.begin(satellites.length, stations.length, horizon / 3600);
  try {
    const onProgress = progress.planned;
    const plan = requireContacts(
      planContacts({ satellites, stations, radio, from, to, rule, minimumContact, onProgress, signal }),
    );
    const links = rate === null ? null : linksOf(plan, rateAtStations(rate, stations));
    const targets =
      wanted === null ? null : await planTargets(wanted.dataset, wanted.camera, satellites, plan);
    return { satellites, stations, plan, shares: contactShares(satellites, plan.contacts), links, targets };
  } finally {
    progress.end();
  }
};
