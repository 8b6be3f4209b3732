import { acquisitionTime, backhaulTime, uplinkRate } from "../../pipeline/mission/contact-terms.ts";
import type { ContactRadio } from "../../pipeline/mission/contact-terms.ts";
import type { Contact, ContactSample, GroundStation } from "../../pipeline/orbit/contact.ts";
import { ephemerisOf, stateInto } from "../../pipeline/orbit/ephemeris.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { bitsPerSecond, degrees, instant, type Instant } from "../../pipeline/units.ts";
import { elevationOf, heightInto, rangeOf, watchFrom } from "./visibility.ts";

/** A stretch in which somebody else's plan has a satellite send to a station. */
export interface GivenWindow {
  readonly satellite: Satellite;
  readonly station: GroundStation;
  readonly start: Instant;
  readonly stop: Instant;
  /** What telecommands go up at meanwhile, bytes a second; `null`: as the station and the radio have it. */
  readonly uplink: number | null;
}

/** Samples lie at most this far apart, s. */
const sampleInterval = 10;

const samplesOf = ({ satellite, station, start, stop }: GivenWindow): readonly ContactSample[] => {
  const watch = watchFrom(station);
  const ephemeris = ephemerisOf(satellite, start, stop);
  const [state, height] = [new Float64Array(6), new Float64Array(2)];
  const intervals = Math.max(1, Math.ceil((stop - start) / sampleInterval));
  return Array.from({ length: intervals + 1 }, (_, n): ContactSample => {
    const at = n === intervals ? stop : instant(start + ((stop - start) * n) / intervals);
    stateInto(ephemeris, at - start, state);
    heightInto(watch, state, 0, height);
    return { at, elevation: elevationOf(height[0] as number, watch), range: rangeOf(watch, state) };
  });
};

/**
 * The contacts of a plan that was made elsewhere, with the geometry that the orbits have then: whoever made it has seen to antennas and to
 * lock, so bits flow from the start. In order of `aos`, then satellite. Throws `SwathError("orbit")` for a satellite that cannot be propagated.
 */
export const givenContacts = (windows: readonly GivenWindow[], radio: ContactRadio): readonly Contact[] => {
  const counts = new Map<string, number>();
  const busy = new Map<string, Instant[]>();
  const inOrder = windows.toSorted(
    (a, b) =>
      a.start - b.start || (a.satellite.id < b.satellite.id ? -1 : a.satellite.id > b.satellite.id ? 1 : 0),
  );
  return inOrder.map((window): Contact => {
    const { satellite, station, start, stop } = window;
    const pair = `${satellite.id}.${station.id}`;
    const n = counts.get(pair) ?? 0;
    counts.set(pair, n + 1);
    const free = busy.get(station.id) ?? [];
    busy.set(station.id, free);
    const known = free.findIndex((until) => until <= start);
    const antenna = known < 0 ? free.length : known;
    free[antenna] = stop;
    const uplink =
      window.uplink === null
        ? uplinkRate({ ...station, acquisition: acquisitionTime(station, radio) }, radio)
        : bitsPerSecond(window.uplink * 8);
    const samples = samplesOf(window);
    return {
      id: `${pair}.${n}`,
      satellite: satellite.id,
      station: station.id,
      antenna,
      aos: start,
      lockedAt: start,
      los: stop,
      ...(uplink === null ? {} : { uplink }),
      backhaul: backhaulTime(station),
      maxElevation: samples.reduce(
        (best, { elevation }) => (elevation > best ? elevation : best),
        degrees(-90),
      ),
      samples,
    };
  });
};
