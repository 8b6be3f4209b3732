import { SwathError } from "../../pipeline/errors.ts";
import type { Instant } from "../../pipeline/units.ts";
import { orbitalPeriod, propagate } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";

/**
 * Which satellites may ever be linked:
 * - `all`: every two; for up to a few hundred satellites;
 * - `grid`: the "+Grid" of D. Bhattacherjee and A. Singla (Network topology design at 27,000 km/hour, CoNEXT 2019): the one
 *   before and the one behind in the same plane, and one satellite in each of the two neighbouring planes;
 * - a list of pairs of satellite ids.
 */
export type CrosslinkTopology = "all" | "grid" | readonly (readonly [string, string])[];

/** A pair of indices into the satellites, the smaller first. */
export type Pair = readonly [number, number];

/** Satellites of one plane: orbit normals this close, radian, and periods this close, relative. */
const planeAngle = (1 * Math.PI) / 180;
const planePeriod = 0.01;
/** Planes are neighbours only within a shell of like inclination, radian. */
const shellInclination = (2 * Math.PI) / 180;
/** Looked at for the nearest satellite of the next plane, over one revolution. */
const momentsOfRevolution = 16;

type Vector = readonly [number, number, number];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: Vector): Vector => {
  const length = Math.sqrt(dot(a, a));
  return [a[0] / length, a[1] / length, a[2] / length];
};

interface Member {
  readonly index: number;
  readonly normal: Vector;
  readonly period: number;
  readonly inclination: number;
  /** Right ascension of the ascending node, 0 … 2π. */
  readonly node: number;
  /** Angle from the ascending node along the orbit, 0 … 2π. */
  readonly latitude: number;
}

const full = (angle: number): number => (angle < 0 ? angle + 2 * Math.PI : angle);

const memberOf = (satellite: Satellite, index: number, at: Instant): Member => {
  const { position, velocity } = propagate(satellite, at);
  const normal = unit(cross(position, velocity));
  // Towards the ascending node; any direction will do for an orbit over the equator.
  const flat = Math.hypot(normal[0], normal[1]) < 1e-9;
  const ascending: Vector = flat ? [1, 0, 0] : unit([-normal[1], normal[0], 0]);
  return {
    index,
    normal,
    period: orbitalPeriod(satellite),
    inclination: Math.acos(Math.max(-1, Math.min(1, normal[2]))),
    node: full(Math.atan2(ascending[1], ascending[0])),
    latitude: full(Math.atan2(dot(position, cross(normal, ascending)), dot(position, ascending))),
  };
};

const like = (a: Member, b: Member): boolean => Math.abs(a.period / b.period - 1) < planePeriod;

/**
 * Satellites by orbital plane, from where they fly at `at`: planes in order of inclination and node, satellites in order
 * round the orbit. A satellite belongs to the first plane whose first member's normal lies within a degree of its own.
 */
const planesOf = (satellites: readonly Satellite[], at: Instant): readonly (readonly Member[])[] => {
  const members = satellites.map((satellite, index) => memberOf(satellite, index, at));
  const sorted = members.toSorted((a, b) => a.node - b.node || a.latitude - b.latitude || a.index - b.index);
  const planes: Member[][] = [];
  const sameCosine = Math.cos(planeAngle);
  for (const member of sorted) {
    const plane = planes.find(
      ([head]) => head !== undefined && like(head, member) && dot(head.normal, member.normal) > sameCosine,
    );
    if (plane === undefined) planes.push([member]);
    else plane.push(member);
  }
  return planes.map((plane) => plane.toSorted((a, b) => a.latitude - b.latitude || a.index - b.index));
};

/** Planes of one shell in order of their nodes. */
const shellsOf = (planes: readonly (readonly Member[])[]): readonly (readonly (readonly Member[])[])[] => {
  const shells: (readonly Member[])[][] = [];
  for (const plane of planes) {
    const head = plane[0] as Member;
    const shell = shells.find(([other]) => {
      const first = other?.[0] as Member;
      return like(first, head) && Math.abs(first.inclination - head.inclination) < shellInclination;
    });
    if (shell === undefined) shells.push([plane]);
    else shell.push(plane);
  }
  return shells;
};

/** For each satellite of `from`, the one of `to` that is nearest on average over a revolution. */
const nearestOf = (
  from: readonly Member[],
  to: readonly Member[],
  positions: readonly (readonly Vector[])[],
): readonly Pair[] =>
  from.map((member): Pair => {
    const own = positions[member.index] as readonly Vector[];
    let best = Infinity;
    let partner = member.index;
    for (const other of to) {
      const theirs = positions[other.index] as readonly Vector[];
      let squares = 0;
      for (let moment = 0; moment < momentsOfRevolution; moment++) {
        const [p, q] = [own[moment] as Vector, theirs[moment] as Vector];
        squares += (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2;
      }
      if (squares < best) [best, partner] = [squares, other.index];
    }
    return [member.index, partner];
  });

const gridPairs = (satellites: readonly Satellite[], at: Instant): readonly Pair[] => {
  const planes = planesOf(satellites, at);
  const positions = satellites.map((satellite) => {
    const period = orbitalPeriod(satellite);
    return Array.from(
      { length: momentsOfRevolution },
      (_, n): Vector => propagate(satellite, (at + (n * period) / momentsOfRevolution) as Instant).position,
    );
  });
  const pairs: Pair[] = [];
  for (const plane of planes) {
    for (const [slot, { index }] of plane.entries()) {
      pairs.push([index, (plane[(slot + 1) % plane.length] as Member).index]);
    }
  }
  for (const shell of shellsOf(planes)) {
    if (shell.length < 2) continue;
    for (const [number, plane] of shell.entries()) {
      const next = shell[(number + 1) % shell.length] as readonly Member[];
      pairs.push(...nearestOf(plane, next, positions));
    }
  }
  return pairs;
};

const listedPairs = (
  list: readonly (readonly [string, string])[],
  satellites: readonly Satellite[],
): readonly Pair[] => {
  const indexOf = new Map(satellites.map(({ id }, index) => [id, index]));
  return list.map(([a, b]): Pair => {
    const [i, j] = [indexOf.get(a), indexOf.get(b)];
    if (i !== undefined && j !== undefined) return [i, j];
    throw new SwathError("config", {
      what: `crosslink ${a} – ${b}`,
      wanted: "satellites of the constellation",
      got: `no satellite "${i === undefined ? a : b}"`,
    });
  });
};

/**
 * The pairs of a topology, each once, in order of their indices; `at` is when planes and neighbours are told.
 *
 * @throws SwathError("config") for a listed satellite that is not there, SwathError("orbit") as `propagate` does
 */
export const crosslinkPairs = (
  satellites: readonly Satellite[],
  topology: CrosslinkTopology,
  at: Instant,
): readonly Pair[] => {
  if (topology === "all") {
    return satellites.flatMap((_, i) => satellites.slice(i + 1).map((__, n): Pair => [i, i + 1 + n]));
  }
  const pairs = topology === "grid" ? gridPairs(satellites, at) : listedPairs(topology, satellites);
  const count = satellites.length;
  const keys = new Set<number>();
  for (const [i, j] of pairs) if (i !== j) keys.add(Math.min(i, j) * count + Math.max(i, j));
  return [...keys].toSorted((a, b) => a - b).map((key): Pair => [Math.floor(key / count), key % count]);
};
