import { degrees, instant, type Degrees, type Instant } from "../../pipeline/units.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { ephemerisOf, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { cutAtHorizon } from "./horizon-pass.ts";
import { crossing, heightAtTurn, turning } from "./pass-edge.ts";
import { appendPass, newPassTable, passValue, type PassTable } from "./pass-table.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { elevationOf, heightInto, nearnessLimit, watchFrom, type Watch } from "./visibility.ts";

/** A satellite above a station's mask, whether or not an antenna is free for it. */
export interface Pass {
  readonly satellite: string;
  readonly station: string;
  /** Acquisition and loss of signal, cut at the ends of the horizon that was searched. */
  readonly aos: Instant;
  readonly los: Instant;
  /** When it stands highest between `aos` and `los`. */
  readonly culmination: Instant;
  readonly maxElevation: Degrees;
}

const look = new Float64Array(2);

/**
 * Appends the passes between two nodes of the ephemeris, at both of which the satellite is below the mask unless the horizon
 * begins or ends there. No closures: what the loop keeps from node to node stays in registers.
 */
const searchBetween = (
  first: number,
  end: number,
  ephemeris: Ephemeris,
  watch: Watch,
  satellite: number,
  station: number,
  table: PassTable,
): void => {
  const { states, radii, step, span, from } = ephemeris;
  let [isUp, aos, top, topHeight] = [false, 0, 0, 0];
  let [a, ha, ra] = [0, -1, 0];
  for (let node = first; node <= end; node++) {
    heightInto(watch, states, node * 6, look);
    const t = node === radii.length - 1 ? span : node * step;
    const h = look[0] as number;
    const rate = look[1] as number;
    if (node === first) {
      if (h >= 0) [isUp, aos, top, topHeight] = [true, t, t, h];
      [a, ha, ra] = [t, h, rate];
      continue;
    }
    // One stretch, or two with the turn between: in each the height only rises or only falls.
    const turns = (ra > 0 && rate < 0) || (ra < 0 && rate > 0 && ha >= 0 && h >= 0);
    for (let part = turns ? 0 : 1; part < 2; part++) {
      const b = part === 0 ? turning(watch, ephemeris, a, ha, ra, t, h, rate) : t;
      const hb = part === 0 ? heightAtTurn() : h;
      const rb = part === 0 ? 0 : rate;
      if (hb >= 0 && !isUp) {
        aos = crossing(watch, ephemeris, a, ha, ra, b, hb, rb);
        [isUp, top, topHeight] = [true, aos, 0];
      }
      if (hb < 0 && isUp) {
        isUp = false;
        const los = crossing(watch, ephemeris, a, ha, ra, b, hb, rb);
        const elevation = elevationOf(topHeight, watch);
        if (los > aos) appendPass(table, satellite, station, from + aos, from + los, from + top, elevation);
      }
      if (isUp && hb > topHeight) [top, topHeight] = [b, hb];
      [a, ha, ra] = [b, hb, rb];
    }
  }
  if (isUp && span > aos)
    appendPass(table, satellite, station, from + aos, from + span, from + top, elevationOf(topHeight, watch));
};

/**
 * Appends all passes of the ephemeris over the station to the table, in time order; over a horizon where the station has one. Between two nodes the height only rises or
 * only falls, but for the culminations and dips that the rates at both give away; a node at which the satellite cannot be
 * above the mask within half a step bounds the search.
 */
export const searchPasses = (
  ephemeris: Ephemeris,
  watch: Watch,
  satellite: number,
  station: number,
  table: PassTable,
): void => {
  const { states, radii } = ephemeris;
  const [x, y, z] = watch.direction;
  const limit = nearnessLimit(watch, ephemeris);
  const last = radii.length - 1;
  const before = table.count;
  let begun = -1; // the node before the first of a row of near ones
  for (let node = 0; node <= last; node++) {
    const i = node * 6;
    const along = (states[i] as number) * x + (states[i + 1] as number) * y + (states[i + 2] as number) * z;
    if (along >= limit * (radii[node] as number)) {
      if (begun < 0) begun = Math.max(0, node - 1);
    } else if (begun >= 0) {
      searchBetween(begun, node, ephemeris, watch, satellite, station, table);
      begun = -1;
    }
  }
  if (begun >= 0) searchBetween(begun, last, ephemeris, watch, satellite, station, table);
  const { horizon } = watch.station;
  if (horizon !== undefined) cutAtHorizon(table, before, ephemeris, watch, horizon);
};

/** All passes of the ephemeris over the station, in time order. */
export const passesIn = (satellite: string, ephemeris: Ephemeris, watch: Watch): readonly Pass[] => {
  const table = newPassTable(16);
  searchPasses(ephemeris, watch, 0, 0, table);
  return Array.from({ length: table.count }, (_, row): Pass => ({
    satellite,
    station: watch.station.id,
    aos: instant(passValue(table, row, "aos")),
    los: instant(passValue(table, row, "los")),
    culmination: instant(passValue(table, row, "culmination")),
    maxElevation: degrees(passValue(table, row, "maxElevation")),
  }));
};

/**
 * All passes of a satellite over a station in [from, to], in time order, found on states about two minutes apart (see
 * `ephemerisOf`) and refined to a millisecond of the curve between them.
 *
 * @throws SwathError("orbit") when the satellite cannot be propagated
 */
export const findPasses = (
  satellite: Satellite,
  station: GroundStation,
  from: Instant,
  to: Instant,
): readonly Pass[] =>
  to > from ? passesIn(satellite.id, ephemerisOf(satellite, from, to), watchFrom(station)) : [];
