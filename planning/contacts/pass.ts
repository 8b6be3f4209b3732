import { degrees, instant, type Degrees, type Instant } from "../../pipeline/units.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { ephemerisOf, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { cutAtHorizon } from "./horizon-pass.ts";
import { edge, findCrossing, findTurn, stretch } from "./pass-edge.ts";
import { appendPass, newPassTable, passValue, type PassTable } from "./pass-table.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { elevationOf, heightInto, nearnessOf, watchFrom, type Watch } from "./visibility.ts";

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
 * begins or ends there. No closures, and no doubles in arguments: what the loop keeps from node to node stays in registers.
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
  let isUp = false;
  let aos = 0;
  let top = 0;
  let topHeight = 0;
  let a = 0;
  let ha = -1;
  let ra = 0;
  for (let node = first; node <= end; node++) {
    heightInto(watch, states, node * 6, look);
    const t = node === radii.length - 1 ? span : node * step;
    const h = look[0] as number;
    const rate = look[1] as number;
    if (node === first) {
      if (h >= 0) {
        isUp = true;
        aos = t;
        top = t;
        topHeight = h;
      }
      a = t;
      ha = h;
      ra = rate;
      continue;
    }
    // One stretch, or two with the turn between: in each the height only rises or only falls.
    const turns = (ra > 0 && rate < 0) || (ra < 0 && rate > 0 && ha >= 0 && h >= 0);
    for (let part = turns ? 0 : 1; part < 2; part++) {
      let b = t;
      let hb = h;
      let rb = rate;
      if (part === 0) {
        stretch[edge.a] = a;
        stretch[edge.ha] = ha;
        stretch[edge.ra] = ra;
        stretch[edge.b] = t;
        stretch[edge.hb] = h;
        stretch[edge.rb] = rate;
        findTurn(watch, ephemeris, node - 1);
        b = stretch[edge.t] as number;
        hb = stretch[edge.h] as number;
        rb = 0;
      }
      if (hb >= 0 !== isUp) {
        stretch[edge.a] = a;
        stretch[edge.ha] = ha;
        stretch[edge.ra] = ra;
        stretch[edge.b] = b;
        stretch[edge.hb] = hb;
        stretch[edge.rb] = rb;
        findCrossing(watch, ephemeris, node - 1);
        const at = stretch[edge.t] as number;
        if (!isUp) {
          aos = at;
          top = at;
          topHeight = 0;
        } else if (at > aos)
          appendPass(
            table,
            satellite,
            station,
            from + aos,
            from + at,
            from + top,
            elevationOf(topHeight, watch),
          );
        isUp = !isUp;
      }
      if (isUp && hb > topHeight) {
        top = b;
        topHeight = hb;
      }
      a = b;
      ha = hb;
      ra = rb;
    }
  }
  if (isUp && span > aos)
    appendPass(table, satellite, station, from + aos, from + span, from + top, elevationOf(topHeight, watch));
};

/** Nodes that are passed over where the satellite is so far away that it cannot come near within them. */
const strides = { far: 3, farther: 8 } as const;

/** Its cosine, or less than any. */
const cosineOf = (angle: number): number => (angle < Math.PI ? Math.cos(angle) : -2);

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
  const { angle, cosine, turn } = nearnessOf(watch, ephemeris);
  // A little more than it can turn, for what is rounded.
  const far = cosineOf(angle + (strides.far + 0.01) * turn);
  const farther = cosineOf(angle + (strides.farther + 0.01) * turn);
  const last = radii.length - 1;
  const before = table.count;
  let begun = -1; // the node before the first of a row of near ones
  for (let node = 0; node <= last; node++) {
    const i = node * 6;
    const along = (states[i] as number) * x + (states[i + 1] as number) * y + (states[i + 2] as number) * z;
    const radius = radii[node] as number;
    if (along >= cosine * radius) {
      if (begun < 0) begun = Math.max(0, node - 1);
      continue;
    }
    if (begun >= 0) {
      searchBetween(begun, node, ephemeris, watch, satellite, station, table);
      begun = -1;
    }
    if (along < farther * radius) node += strides.farther;
    else if (along < far * radius) node += strides.far;
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
