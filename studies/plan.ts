import { formatCountOf } from "../pipeline/format.ts";
import { readText } from "./inputs/text-file.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import type { GroundStation, ContactPlan } from "../pipeline/orbit/contact.ts";
import type { ContactRadio } from "../pipeline/mission/contact-terms.ts";
import { type LinkRate, rateAtStations } from "../pipeline/link/rate/link-rate.ts";
import { type ContactLink, contactLink } from "../pipeline/link/rate/contact-capacity.ts";
import { planTargets, type PlannedTargets } from "./plan-targets.ts";
import type { CameraReach } from "../planning/overflight.ts";
import type { MoreFields } from "./plan-export.ts";
import { type Instant, instant, later, seconds, type Seconds } from "../pipeline/units.ts";
import type { AllotmentRule } from "../planning/contacts/antenna.ts";
import type { ContactProgress, StudyPorts } from "./progress.ts";
import { contactShares, type ContactShares } from "../planning/contacts/contact-shares.ts";
import { constellationCount, resolveConstellation } from "../planning/orbits/constellation.ts";
import { resolveStations } from "../planning/contacts/station-list.ts";
import { staleElements, describeStale } from "../planning/orbits/expiry.ts";
import { requireContacts, planContacts } from "../planning/contacts/contact-plan.ts";
import type { ContactRequest } from "../planning/contacts/contact-request.ts";
import { streamContacts } from "../planning/contacts/contact-stream.ts";
import { SwathError } from "../pipeline/errors.ts";
import { passMemory, requireMemory, requireSatelliteMemory } from "./engine/memory.ts";
import { openPassSearch } from "./plan-search.ts";
import { contactsFromIon, type BetweenSatellites, type IonTarget } from "./plan-ion.ts";
import type { CrosslinkTerminals } from "../pipeline/mission/spacecraft.ts";
import { planCrosslinks } from "../planning/crosslinks/crosslink-plan.ts";
import { ratedByRange } from "../planning/crosslinks/crosslink-rates.ts";
import type { CrosslinkTopology } from "../planning/crosslinks/crosslink-topology.ts";
import { openPassFile } from "./plan-passes.ts";

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
  /** Links between satellites; `null` where nobody asked for them. */
  readonly between: BetweenSatellites | null;
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
  /** Where every pass is written to, antenna or not, as Parquet; `null`: nowhere. */
  readonly passes: string | null;
  /** A contact plan made elsewhere, an ionrc file; `null`: contacts are planned here. */
  readonly contacts: string | null;
  /** Links between satellites as well, with these terminals and this seed of their locks; `null`: none. */
  readonly crosslinks: {
    readonly topology: CrosslinkTopology;
    readonly terminals: CrosslinkTerminals;
    readonly seed: number;
  } | null;
  /** Threads that search for passes, where satellites are many. */
  readonly threads: number;
  /** Stop at the first orbit or station that is not right; else it is left out and named. */
  readonly strict: boolean;
}

/** Most stale orbits that are named one by one. */
const mostStale = 3;

/** So many satellites and more are planned in a stream: the same plan in less memory, and piece by piece, so that it can be stopped. */
const streamedFrom = 500;

/** So many and more on several threads. */
const threadedFrom = 5_000;

/** The passes of everybody are held at once: what the rule of allotment needs. Throws `SwathError("config")` where there is no room for them. */
const planWhole = (request: ContactRequest, passes: string | null): ContactPlan => {
  if (passes !== null) {
    const what = `--passes with --rule ${request.rule}`;
    throw new SwathError("config", { what, wanted: "--rule fair, which is planned in a stream" });
  }
  const { satellites, stations, from, to } = request;
  requireMemory({
    what: `a contact plan of ${formatCountOf(satellites.length, "satellite")} under --rule ${request.rule}`,
    bytes: passMemory(satellites.length, stations.length, seconds(to - from)),
    hint: "take --rule fair, which needs less, or fewer hours or stations",
  });
  return planContacts(request);
};

const planInStream = async (
  request: ContactRequest,
  { passes, threads }: Pick<PlanRequest, "passes" | "threads">,
): Promise<ContactPlan> => {
  const { satellites, stations } = request;
  const isLarge = satellites.length >= threadedFrom;
  await using pool = openPassSearch(isLarge ? threads : 0);
  if (passes === null) return streamContacts(request, pool);
  const file = await openPassFile(passes, satellites, stations);
  try {
    const plan = await streamContacts(request, { ...pool, onPasses: file.add });
    await file.close();
    return plan;
  } catch (error) {
    await file.discard();
    throw error;
  }
};

/** The contacts of an ionrc file. Throws `SwathError("config")` for what is none. */
const readGiven = async (
  file: string,
  target: Omit<IonTarget, "onNote"> & { readonly onNote: (text: string) => void },
): Promise<ContactPlan> => {
  const { from, to, onNote } = target;
  const { contacts, between } = contactsFromIon(await readText(file), file, target);
  if (between > 0)
    onNote(`${file}: ${between} ways between satellites are passed over: contacts with the ground are read`);
  return { from, to, contacts };
};

const linksBetween = (
  { topology, terminals, seed }: NonNullable<PlanRequest["crosslinks"]>,
  satellites: readonly Satellite[],
  { from, to }: ContactPlan,
): BetweenSatellites => {
  const lock = { share: terminals.lockShare ?? 1, seed };
  const plan = planCrosslinks({ satellites, terminals, from, to, topology, lock });
  const { optical, rate } = terminals;
  return { plan: optical === undefined ? plan : ratedByRange(plan, satellites, optical), rate };
};

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
    passes,
    contacts: file,
    crosslinks,
    threads,
    strict,
  }: PlanRequest,
  { progress, signal }: StudyPorts<ContactProgress>,
): Promise<Planned> => {
  const onNote = (text: string): void => progress.note(`warning: ${text}`);
  requireSatelliteMemory(constellationCount(constellation) ?? 0);
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
    const request = { satellites, stations, radio, from, to, minimumContact, onProgress, signal };
    const given = file === null ? null : await readGiven(file, { ...request, onNote });
    const plan = requireContacts(
      given ??
        (rule === "fair" && (passes !== null || satellites.length >= streamedFrom)
          ? await planInStream(request, { passes, threads })
          : planWhole({ ...request, rule }, passes)),
    );
    const links = rate === null ? null : linksOf(plan, rateAtStations(rate, stations));
    const targets =
      wanted === null ? null : await planTargets(wanted.dataset, wanted.camera, satellites, plan);
    const between = crosslinks === null ? null : linksBetween(crosslinks, satellites, plan);
    const shares = contactShares(satellites, plan.contacts);
    return { satellites, stations, plan, shares, links, targets, between };
  } finally {
    progress.end();
  }
};
