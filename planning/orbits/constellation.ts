import { formatCountOf } from "../../pipeline/format.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { degrees, metres, type Degrees, type Instant } from "../../pipeline/units.ts";
import { findNamedConstellation, namedConstellations } from "./constellation-presets.ts";
import type { LeftOut } from "./element-reading.ts";
import { readOrbits } from "./orbit-file.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { matches, parseSatelliteFilter } from "./satellite-filter.ts";
import {
  defaultPlanes,
  sunSynchronousInclination,
  walkerAltitude,
  walkerEpoch,
  walkerSatellites,
  type Walker,
} from "./walker.ts";

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

/** How a constellation is read. */
export interface ConstellationOptions {
  /** Epoch of a synthetic constellation: the start of a horizon far from the default 2026-01-01T00:00:00Z. */
  readonly epoch?: Instant;
  /** The first object that is not sound ends the reading; otherwise it is left out and named. */
  readonly strict?: boolean;
  /** Gets a line of text for what was left out. */
  readonly onNote?: (text: string) => void;
}

/** What was left out, by line, name and reason; of many the first few. */
const noteLeftOut = (leftOut: readonly LeftOut[], onNote: (text: string) => void): void => {
  for (const { name, error } of leftOut.slice(0, 5))
    onNote(`${name === null ? "an object" : name} is left out: ${error.message}`);
  if (leftOut.length > 5) onNote(`and ${leftOut.length - 5} more objects are left out`);
};

/** File and filter of `active.tle:FLOCK`. A colon before a path separator, or as the second character, belongs to the path (C:\…). */
const fileAndFilter = (spec: string): readonly [path: string, filter: string] => {
  const match = /^(.{2,}?):([^/\\]*)$/.exec(spec);
  return [match?.[1] ?? spec, match?.[2] ?? ""];
};

/**
 * How many satellites a constellation has, before one of them is made; `null` for files, which must be read to know.
 *
 * @throws SwathError("config") for a Walker constellation that cannot be
 */
export const constellationCount = (spec: string): number | null =>
  spec.startsWith("walker:") ? parseWalker(spec).total : (findNamedConstellation(spec)?.count ?? null);

/**
 * The satellites that a `--constellation` argument means: `walker:…` (see `parseWalker`), a name (see
 * `namedConstellations`; `./name` is a file all the same), or a file of elements (see `readOrbits`) with an optional filter after
 * a colon, `active.tle:FLOCK` or `active.csv:FLOCK,SKYSAT,!DEB` (see `parseSatelliteFilter`).
 *
 * @param readText how a file is read, so that this stays free of input and output
 * @throws SwathError("config") for a bad pattern, SwathError("orbit") for a file without one sound object, for any unsound one
 *   under `strict`, and for a part of a filter that matches nothing
 */
export const resolveConstellation = async (
  spec: string,
  readText: (path: string) => string | Promise<string>,
  { epoch = walkerEpoch, strict = false, onNote = () => {} }: ConstellationOptions = {},
): Promise<readonly Satellite[]> => {
  if (spec.startsWith("walker:")) return walkerSatellites(parseWalker(spec), epoch);
  const named = findNamedConstellation(spec);
  if (named !== null) return named.satellites(epoch);

  const [path, filterText] = fileAndFilter(spec);
  const filter = parseSatelliteFilter(filterText);
  const { satellites, leftOut } = readOrbits(await textOf(path, readText), path);
  const missed = leftOut.filter(({ name }) => name === null || filter.allows({ name }));
  const [first] = missed;
  if (strict && first !== undefined) throw first.error;
  const chosen = satellites.filter(filter.allows);
  if (chosen.length === 0 && first !== undefined) throw first.error;
  const idle = filter.wanted.find((one) => !satellites.some((satellite) => matches(satellite, one)));
  if (chosen.length === 0 || idle !== undefined) {
    throw new SwathError("orbit", {
      what: `no satellite in ${path} matches "${idle ?? filterText}"`,
      wanted: "a part of a name, or a catalogue number",
      got: `${formatCountOf(satellites.length, "satellite")}: ${satellites
        .slice(0, 3)
        .map(({ name }) => name)
        .join(", ")}${satellites.length > 3 ? ", …" : ""}`,
    });
  }
  noteLeftOut(missed, onNote);
  return chosen;
};
