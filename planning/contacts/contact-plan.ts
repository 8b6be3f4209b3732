import { SwathError } from "../../pipeline/errors.ts";
import {
  degrees,
  formatInstant,
  instant,
  seconds,
  type Instant,
  type Seconds,
} from "../../pipeline/units.ts";
import { allotRows, defaultAllotment, ranksOf, sortForTurns, type AllottedRow } from "./antenna.ts";
import { acquisitionTime, backhaulTime, uplinkRate } from "../../pipeline/mission/contact-terms.ts";
import type { Contact, ContactPlan, ContactSample, GroundStation } from "../../pipeline/orbit/contact.ts";
import { requireRequest, type ContactRequest } from "./contact-request.ts";
import { ephemerisAt, ephemerisOf, newEphemerisRoom, stateInto } from "../../pipeline/orbit/ephemeris.ts";
import { staleElements } from "../orbits/expiry.ts";
import { searchPasses } from "./pass.ts";
import { newPassTable, passValue, reserveRows, type PassTable } from "./pass-table.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { elevationOf, heightInto, rangeOf, watchFrom, type Watch } from "./visibility.ts";

const state = new Float64Array(6);
const height = new Float64Array(2);
const room = newEphemerisRoom();

/** Samples of a contact lie at most this far apart. */
const sampleInterval = seconds(10);

const samplesOf = (
  satellite: Satellite,
  watch: Watch,
  aos: Instant,
  los: Instant,
  step: Seconds,
): readonly ContactSample[] => {
  const ephemeris = ephemerisAt(satellite, aos, los, step, room);
  const intervals = Math.max(1, Math.ceil((los - aos) / sampleInterval));
  const samples: ContactSample[] = [];
  for (let i = 0; i <= intervals; i++) {
    const at = i === intervals ? los : instant(aos + ((los - aos) * i) / intervals);
    stateInto(ephemeris, at - aos, state);
    heightInto(watch, state, 0, height);
    samples.push({ at, elevation: elevationOf(height[0] as number, watch), range: rangeOf(watch, state) });
  }
  return samples;
};

/** Stations with what it takes to get a link locked written out. */
export const lockedStations = ({ stations, radio }: ContactRequest): readonly GroundStation[] =>
  stations.map((station) => ({ ...station, acquisition: acquisitionTime(station, radio) }));

/** What contacts are made from besides the request. */
export interface AllottedPasses {
  /** Those of the request (see `lockedStations`), and the same made ready. */
  readonly stations: readonly GroundStation[];
  readonly watches: readonly Watch[];
  readonly passes: PassTable;
  readonly rows: readonly AllottedRow[];
  /** Step of the ephemeris of the satellite at this place. */
  readonly stepOf: (satellite: number) => Seconds;
}

/** Rows that were allotted, as contacts with samples. */
export const contactsOf = (
  { satellites, radio }: ContactRequest,
  { stations, watches, passes, rows, stepOf }: AllottedPasses,
): readonly Contact[] => {
  const counts = new Map<string, number>();
  return rows.map(({ row, antenna, aos, los }): Contact => {
    const index = passValue(passes, row, "satellite");
    const satellite = satellites[index] as Satellite;
    const place = passValue(passes, row, "station");
    const watch = watches[place] as Watch;
    const station = stations[place] as GroundStation;
    const uplink = uplinkRate(station, radio);
    const pair = `${satellite.id}.${station.id}`;
    const n = counts.get(pair) ?? 0;
    counts.set(pair, n + 1);
    const samples = samplesOf(satellite, watch, aos, los, stepOf(index));
    const culmination = passValue(passes, row, "culmination");
    const maxElevation =
      culmination >= aos && culmination <= los
        ? degrees(passValue(passes, row, "maxElevation"))
        : samples.reduce((best, { elevation }) => (elevation > best ? elevation : best), degrees(-90));
    return {
      id: `${pair}.${n}`,
      satellite: satellite.id,
      station: station.id,
      antenna,
      aos,
      lockedAt: instant(Math.min(los, aos + (station.acquisition ?? 0))),
      los,
      ...(uplink === null ? {} : { uplink }),
      backhaul: backhaulTime(station),
      maxElevation,
      samples,
    };
  });
};

/**
 * Which antenna serves which satellite when, over [from, to]. Two steps, each a function of its own: all passes
 * (`searchPasses`), then antennas for them (`allotRows`, by default fair between satellites, at least 30 s). The satellite's
 * curve is computed once for all stations; only contacts that were allotted get samples.
 *
 * A plan without contacts is a plan: see `requireContacts`. All passes are held at once, 48 bytes each: see `streamContacts` for constellations of any size.
 *
 * @throws SwathError("config") and ("orbit") as `requireRequest` does
 * @throws SwathError("orbit") for elements more than 60 days off the horizon, or a satellite that has decayed in it
 */
export const planContacts = (request: ContactRequest): ContactPlan => {
  const { satellites, from, to, signal, onProgress } = request;
  const stations = lockedStations(request);
  requireRequest(request);
  staleElements(satellites, from, to);

  const options = { ...defaultAllotment, ...request };
  const watches = stations.map(watchFrom);
  const stationRanks = ranksOf(stations.map(({ id }) => id));
  const passes = newPassTable();
  const steps: Seconds[] = [];
  for (const [index, satellite] of satellites.entries()) {
    signal?.throwIfAborted();
    const ephemeris = ephemerisOf(satellite, from, to, room);
    steps.push(ephemeris.step);
    const first = passes.count;
    for (const [place, watch] of watches.entries()) searchPasses(ephemeris, watch, index, place, passes);
    if (options.rule === "fair") sortForTurns(passes, first, stationRanks);
    // Most constellations fly alike; one that does not grows its table once or twice more.
    if (index === 0) reserveRows(passes, Math.ceil(passes.count * satellites.length * 1.1));
    onProgress?.(index + 1, satellites.length);
  }

  const names = satellites.map(({ id }) => id);
  const rows = allotRows(passes, names, stations, options);
  const stepOf = (index: number): Seconds => steps[index] as Seconds;
  return { from, to, contacts: contactsOf(request, { stations, watches, passes, rows, stepOf }) };
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
