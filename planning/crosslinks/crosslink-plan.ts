import { SwathError } from "../../pipeline/errors.ts";
import { formatInstant, instant, metres, type Instant, type Seconds } from "../../pipeline/units.ts";
import { ephemerisOf } from "../../pipeline/orbit/ephemeris.ts";
import { staleElements } from "../orbits/expiry.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { CrosslinkReach } from "./crosslink-margin.ts";
import { allotTerminals, defaultTerminalRule, type TerminalOptions } from "./crosslink-terminal.ts";
import { lockedFrom, type LockChance } from "./link-lock.ts";
import { crosslinkPairs, type CrosslinkTopology } from "./crosslink-topology.ts";
import { crosslinkWindowsIn, flightOf, type CrosslinkWindow, type Flight } from "./crosslink-window.ts";
import type { Crosslink, CrosslinkPlan } from "../../pipeline/orbit/crosslink.ts";

/** What crosslinks ask of a satellite; `CrosslinkTerminals` of a spacecraft is one. */
export interface CrosslinkEquipment extends CrosslinkReach {
  readonly terminals: number;
  readonly pointingTime: Seconds;
}

/** What a crosslink plan is made for. */
export interface CrosslinkRequest extends Partial<Pick<TerminalOptions, "rule" | "minimumLink">> {
  readonly satellites: readonly Satellite[];
  /** Every satellite's. */
  readonly terminals: CrosslinkEquipment;
  readonly from: Instant;
  readonly to: Instant;
  readonly topology: CrosslinkTopology;
  /** Absent: terminals find each other at the first try. */
  readonly lock?: LockChance;
  /** Looked at between stretches and pairs. */
  readonly signal?: AbortSignal;
  /** Called now and then with the share that is done, 0…1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * The horizon is searched in stretches of at most this length, all satellites' curves of one in memory: 28,000 take 300 MB.
 * The same for any number of satellites, or the windows of a pair would differ with their company.
 */
const stretchSeconds = 6 * 3600;

const stretchesOf = (from: Instant, to: Instant): readonly (readonly [Instant, Instant])[] => {
  const count = Math.ceil((to - from) / stretchSeconds);
  const cut = (n: number): Instant => (n === count ? to : instant(from + n * stretchSeconds));
  return Array.from({ length: count }, (_, n) => [cut(n), cut(n + 1)] as const);
};

const joined = (before: CrosslinkWindow, after: CrosslinkWindow): CrosslinkWindow => ({
  ...before,
  to: after.to,
  minRange: metres(Math.min(before.minRange, after.minRange)),
  maxRange: metres(Math.max(before.maxRange, after.maxRange)),
});

const requireEquipment = ({ terminals, pointingTime, maxRange, clearance }: CrosslinkEquipment): void => {
  const refuse = (field: string, wanted: string, got: number): SwathError =>
    new SwathError("config", { what: `crosslink.${field}`, wanted, got: `${got}` });
  if (!(Number.isInteger(terminals) && terminals >= 1)) {
    throw refuse("terminals", "a whole number of at least 1", terminals);
  }
  if (!(pointingTime >= 0 && pointingTime < Infinity)) {
    throw refuse("pointingTime", "0 s or more", pointingTime);
  }
  if (!(maxRange > 0)) throw refuse("maxRange", "more than 0 m", maxRange);
  if (!(clearance >= 0 && clearance < Infinity)) throw refuse("clearance", "0 m or more", clearance);
};

/**
 * All windows of the topology's pairs over [from, to], whether or not there are terminals for them; pair after pair, each
 * in time order. Edges are within milliseconds of the curve, which is within 30 m of SGP4.
 *
 * @throws SwathError("orbit") for a satellite that cannot be propagated, SwathError("config") for a pair that is not there
 */
export const findCrosslinkWindows = (
  request: Omit<CrosslinkRequest, "terminals"> & { readonly terminals: CrosslinkReach },
): readonly CrosslinkWindow[] => {
  const { satellites, terminals, from, to, topology, signal, onProgress } = request;
  const pairs = crosslinkPairs(satellites, topology, from);
  const linked = new Set(pairs.flat());
  const found = pairs.map((): CrosslinkWindow[] => []);
  const stretches = stretchesOf(from, to);
  for (const [n, [start, end]] of stretches.entries()) {
    signal?.throwIfAborted();
    const flights = satellites.map((satellite, index): Flight | null => {
      if (index % 100 === 0) signal?.throwIfAborted();
      return linked.has(index) ? flightOf(satellite.id, ephemerisOf(satellite, start, end)) : null;
    });
    onProgress?.((n + 0.7) / stretches.length);
    for (const [index, [i, j]] of pairs.entries()) {
      if (index % 1000 === 0) signal?.throwIfAborted();
      const known = found[index] as CrosslinkWindow[];
      for (const window of crosslinkWindowsIn(flights[i] as Flight, flights[j] as Flight, terminals)) {
        const before = known.at(-1);
        // Both curves pass through the same SGP4 states where stretches meet.
        if (before !== undefined && before.to >= start && window.from <= start) {
          known[known.length - 1] = joined(before, window);
        } else known.push(window);
      }
    }
    onProgress?.((n + 1) / stretches.length);
  }
  return found.flat();
};

const byStart = (x: Crosslink, y: Crosslink): number =>
  x.from - y.from || (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : x.b > y.b ? 1 : 0);

/**
 * Which satellites are linked when, over [from, to]: first all windows of the topology's pairs (`findCrosslinkWindows`), then
 * terminals for them (`allotTerminals`, by default longest first).
 *
 * @throws SwathError("config") for an empty horizon, an identifier used twice, or terminals that cannot be
 * @throws SwathError("orbit") for elements more than 60 days off the horizon, or a satellite that has decayed in it
 */
export const planCrosslinks = (request: CrosslinkRequest): CrosslinkPlan => {
  const { satellites, terminals, from, to } = request;
  if (!(to > from)) {
    throw new SwathError("config", {
      what: "the horizon of the crosslink plan is empty",
      wanted: "an end after its start",
      got: `${formatInstant(from)} … ${formatInstant(to)}`,
    });
  }
  requireEquipment(terminals);
  const seen = new Set<string>();
  for (const { id } of satellites) {
    if (seen.has(id)) throw new SwathError("config", { what: `satellite id "${id}" stands twice` });
    seen.add(id);
  }
  staleElements(satellites, from, to);

  const counts = new Map<string, number>();
  const allotments = allotTerminals(findCrosslinkWindows(request), {
    ...defaultTerminalRule,
    terminals: terminals.terminals,
    pointingTime: terminals.pointingTime,
    ...(request.rule === undefined ? {} : { rule: request.rule }),
    ...(request.minimumLink === undefined ? {} : { minimumLink: request.minimumLink }),
  });
  const links = allotments.map(({ window, ...times }): Crosslink => {
    const { a, b, minRange, maxRange } = window;
    const pair = `${a}.${b}`;
    const n = counts.get(pair) ?? 0;
    counts.set(pair, n + 1);
    const link = { id: `${pair}.${n}`, a, b, ...times, minRange, maxRange };
    if (request.lock === undefined) return link;
    return { ...link, from: lockedFrom(link, terminals.pointingTime, request.lock) };
  });
  return { from, to, links: request.lock === undefined ? links : links.toSorted(byStart) };
};
