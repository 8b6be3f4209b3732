import { SwathError } from "../errors.ts";
import { degrees, formatInstant, instant, seconds, type Instant } from "../units.ts";
import { allotAntennas, defaultAllotment, type Allotment, type AllotmentOptions } from "./antenna.ts";
import type { Contact, ContactPlan, ContactSample, GroundStation } from "./contact.ts";
import { ephemerisOf, stateInto } from "./ephemeris.ts";
import { staleElements } from "./expiry.ts";
import { lookFrom, type Site } from "./look-angles.ts";
import { passesIn, type Pass } from "./pass.ts";
import type { Satellite } from "./satellite.ts";
import { watchFrom } from "./visibility.ts";

export interface ContactRequest extends Partial<AllotmentOptions> {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  readonly from: Instant;
  readonly to: Instant;
  /** Looked at between satellites. */
  readonly signal?: AbortSignal;
  /** Called after each satellite. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Samples of a contact lie at most this far apart. */
const sampleInterval = seconds(10);

const samplesOf = (
  satellite: Satellite,
  site: Site,
  aos: Instant,
  los: Instant,
): readonly ContactSample[] => {
  const ephemeris = ephemerisOf(satellite, aos, los);
  const intervals = Math.max(1, Math.ceil((los - aos) / sampleInterval));
  const state = new Float64Array(6);
  const samples: ContactSample[] = [];
  for (let i = 0; i <= intervals; i++) {
    const at = i === intervals ? los : instant(aos + ((los - aos) * i) / intervals);
    stateInto(ephemeris, at - aos, state);
    const { elevation, range } = lookFrom(site, [state[0] as number, state[1] as number, state[2] as number]);
    samples.push({ at, elevation, range });
  }
  return samples;
};

const highestOf = (
  samples: readonly ContactSample[],
  { pass, aos, los }: Allotment,
): Contact["maxElevation"] =>
  pass.culmination >= aos && pass.culmination <= los
    ? pass.maxElevation
    : samples.reduce((best, { elevation }) => (elevation > best ? elevation : best), degrees(-90));

const byId = <Item extends { readonly id: string }>(
  items: readonly Item[],
  kind: string,
): Map<string, Item> => {
  const map = new Map(items.map((item) => [item.id, item]));
  if (map.size !== items.length) {
    const twice = items.find(({ id }, index) => items.findIndex((other) => other.id === id) !== index);
    throw new SwathError("config", { what: `${kind} id "${twice?.id}" stands twice in the contact request` });
  }
  return map;
};

/**
 * Which antenna serves which satellite when, over [from, to]. Two steps, each a function of its own: all passes
 * (`passesIn`), then antennas for them (`allotAntennas`, by default highest pass first, at least 30 s). The satellite's
 * curve is computed once for all stations; only contacts that were allotted get samples.
 *
 * A plan without contacts is a plan: see `requireContacts`.
 *
 * @throws SwathError("config") for an empty horizon or an identifier used twice
 * @throws SwathError("orbit") for elements more than 60 days off the horizon, or a satellite that has decayed in it
 */
export const planContacts = (request: ContactRequest): ContactPlan => {
  const { satellites, stations, from, to, signal, onProgress } = request;
  if (!(to > from)) {
    throw new SwathError("config", {
      what: "the horizon of the contact plan is empty",
      wanted: "an end after its start",
      got: `${formatInstant(from)} … ${formatInstant(to)}`,
    });
  }
  const satelliteOf = byId(satellites, "satellite");
  byId(stations, "station");
  staleElements(satellites, from, to);

  const watches = stations.map(watchFrom);
  const passes: Pass[] = [];
  for (const [index, satellite] of satellites.entries()) {
    signal?.throwIfAborted();
    const ephemeris = ephemerisOf(satellite, from, to);
    for (const watch of watches) passes.push(...passesIn(satellite.id, ephemeris, watch));
    onProgress?.(index + 1, satellites.length);
  }

  const sites = new Map(watches.map(({ station, site }) => [station.id, site]));
  const counts = new Map<string, number>();
  const allotments = allotAntennas(passes, stations, { ...defaultAllotment, ...request });
  const contacts = allotments.map((allotment): Contact => {
    const { pass, antenna, aos, los } = allotment;
    const pair = `${pass.satellite}.${pass.station}`;
    const n = counts.get(pair) ?? 0;
    counts.set(pair, n + 1);
    const satellite = satelliteOf.get(pass.satellite) as Satellite;
    const samples = samplesOf(satellite, sites.get(pass.station) as Site, aos, los);
    const maxElevation = highestOf(samples, allotment);
    return {
      id: `${pair}.${n}`,
      satellite: pass.satellite,
      station: pass.station,
      antenna,
      aos,
      los,
      maxElevation,
      samples,
    };
  });
  return { from, to, contacts };
};

/**
 * The plan, if anything can ever come down in it.
 *
 * @throws SwathError("orbit") for a plan without contacts
 */
export const requireContacts = (plan: ContactPlan): ContactPlan => {
  if (plan.contacts.length > 0) return plan;
  throw new SwathError("orbit", {
    what: `no contact between ${formatInstant(plan.from)} and ${formatInstant(plan.to)}`,
    wanted: "at least one pass of a satellite above a station's elevation mask",
    got: "none",
    hint: "take a longer horizon, more stations or a lower mask",
  });
};
