import { SwathError } from "../../pipeline/errors.ts";
import { degrees, metres, type Degrees, type Instant } from "../../pipeline/units.ts";
import { findNamedConstellation, namedConstellations } from "./constellation-presets.ts";
import { identifiers } from "./identifier.ts";
import { parseOmm } from "./omm.ts";
import type { ElementSet, Satellite } from "../../pipeline/orbit/satellite.ts";
import { parseTle } from "./tle.ts";
import {
  defaultPlanes,
  sunSynchronousInclination,
  walkerAltitude,
  walkerEpoch,
  walkerSatellites,
  type Walker,
} from "./walker.ts";

/** Of several element sets of one object (a history) the youngest counts; the order of first appearance stays. */
const youngest = (sets: readonly ElementSet[]): readonly ElementSet[] => {
  const byObject = new Map<string, ElementSet>();
  for (const set of sets) {
    const key = `${set.catalogNumber} ${set.name}`;
    const known = byObject.get(key);
    if (known === undefined || set.epoch > known.epoch) byObject.set(key, set);
  }
  return [...byObject.values()];
};

/**
 * Reads satellites from TLE text (two or three lines each) or OMM JSON; which of the two, the first character tells.
 * Identifiers come from the names; where a name is shared, the catalogue number is appended.
 *
 * @param source what messages call the text: its file name
 * @throws SwathError("orbit") naming the line or object and the reason
 */
export const readOrbits = (text: string, source: string): readonly Satellite[] => {
  const body = text.replace(/^\uFEFF/, "");
  const sets = youngest(/^\s*[[{]/.test(body) ? parseOmm(body, source) : parseTle(body, source));
  if (sets.length === 0) {
    throw new SwathError("orbit", { what: `${source} holds no orbits`, wanted: "TLE lines or OMM JSON" });
  }
  const ids = identifiers(sets.map(({ name, catalogNumber }) => ({ name, distinction: `${catalogNumber}` })));
  return sets.map((set, index) => ({ id: ids[index] as string, ...set }));
};

/** Satellites whose name or identifier contains the filter, whatever the case, or whose catalogue number it is. */
export const filterSatellites = (satellites: readonly Satellite[], filter: string): readonly Satellite[] => {
  const wanted = filter.toUpperCase();
  return satellites.filter(
    ({ name, id, catalogNumber }) =>
      name.toUpperCase().includes(wanted) ||
      id.toUpperCase().includes(wanted) ||
      `${catalogNumber}` === filter,
  );
};

const badWalker = (spec: string, wanted: string, got: string): SwathError =>
  new SwathError("config", {
    what: `constellation "${spec}"`,
    wanted,
    got,
    hint: "for example walker:12 or walker:12/3/1@550km,97.6deg",
  });

/** `walker:<total>[/<planes>/<phasing>][@<altitude>km[,<inclination>deg]]`. @throws SwathError("config") */
export const parseWalker = (spec: string): Walker => {
  const match = /^walker:(\d+)(?:\/(\d+)\/(\d+))?(?:@([\d.]+)km(?:,([\d.]+)deg)?)?$/.exec(spec);
  if (match === null)
    throw badWalker(spec, "walker:total[/planes/phasing][@altitude km[,inclination deg]]", spec);
  const total = Number(match[1]);
  const planes = match[2] === undefined ? defaultPlanes(total) : Number(match[2]);
  const phasing = match[3] === undefined ? 1 % planes : Number(match[3]);
  const altitude = match[4] === undefined ? walkerAltitude : metres(Number(match[4]) * 1000);
  const inclination: Degrees | null = match[5] === undefined ? null : degrees(Number(match[5]));

  if (total < 1 || total > 100_000) throw badWalker(spec, "1 … 100000 satellites", `${total}`);
  if (planes < 1 || total % planes !== 0) throw badWalker(spec, `planes that divide ${total}`, `${planes}`);
  if (phasing >= planes) throw badWalker(spec, `a phasing in 0 … ${planes - 1}`, `${phasing}`);
  if (!(altitude >= 200_000 && altitude <= 50_000_000)) {
    throw badWalker(spec, "an altitude in 200 … 50000 km", `${altitude / 1000} km`);
  }
  if (inclination !== null && !(inclination <= 180)) {
    throw badWalker(spec, "an inclination in 0 … 180 deg", `${inclination} deg`);
  }
  if (inclination === null && sunSynchronousInclination(altitude) === null) {
    throw badWalker(
      spec,
      "an inclination: no orbit this high is sun-synchronous",
      `${altitude / 1000} km alone`,
    );
  }
  return { total, planes, phasing, altitude, inclination };
};

/** The text of a file; where a bare word is none, the names that were perhaps meant are told. */
const textOf = async (
  path: string,
  readText: (path: string) => string | Promise<string>,
): Promise<string> => {
  try {
    return await readText(path);
  } catch (cause) {
    if (!/^[\w-]+$/.test(path)) throw cause;
    throw new SwathError("config", {
      what: `constellation "${path}"`,
      wanted: `walker:N, ${namedConstellations.map(({ name }) => name).join(", ")}, or a file`,
      got: "no such name or file",
      cause,
    });
  }
};

export interface ConstellationOptions {
  /** Epoch of a synthetic constellation: the start of a horizon far from the default 2026-01-01T00:00:00Z. */
  readonly epoch?: Instant;
}

/**
 * The satellites that a `--constellation` argument means: `walker:…` (see `parseWalker`), a name (see
 * `namedConstellations`; `./name` is a file all the same), or a TLE / OMM file with an optional filter after a colon,
 * `active.tle:FLOCK` (see `filterSatellites`).
 *
 * @param readText how a file is read, so that this stays free of input and output
 * @throws SwathError("config") for a bad pattern, SwathError("orbit") for a bad file or a filter that matches nothing
 */
export const resolveConstellation = async (
  spec: string,
  readText: (path: string) => string | Promise<string>,
  { epoch = walkerEpoch }: ConstellationOptions = {},
): Promise<readonly Satellite[]> => {
  if (spec.startsWith("walker:")) return walkerSatellites(parseWalker(spec), epoch);
  const named = findNamedConstellation(spec);
  if (named !== null) return named.satellites(epoch);

  // A colon before a path separator, or as the second character, belongs to the path (C:\…).
  const match = /^(.{2,}):([^/\\]*)$/.exec(spec);
  const path = match?.[1] ?? spec;
  const filter = match?.[2] ?? "";
  const satellites = readOrbits(await textOf(path, readText), path);
  const chosen = filterSatellites(satellites, filter);
  if (chosen.length === 0) {
    throw new SwathError("orbit", {
      what: `no satellite in ${path} matches "${filter}"`,
      wanted: "a part of a name, or a catalogue number",
      got: `${satellites.length} satellites: ${satellites
        .slice(0, 3)
        .map(({ name }) => name)
        .join(", ")}${satellites.length > 3 ? ", …" : ""}`,
    });
  }
  return chosen;
};
