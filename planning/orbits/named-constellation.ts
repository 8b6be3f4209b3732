import { degrees, metres, type Instant } from "../../pipeline/units.ts";
import type { RevolutionsPerDay, Satellite } from "../../pipeline/orbit/satellite.ts";
import { meanMotion, meridianAt, turn, walkerSatellites, type Walker } from "./walker.ts";

/**
 * A constellation that has a name: `--constellation three-body`. Its elements are ours, rounded from the source named, and
 * without drag. They hold at whatever epoch the caller sets, as those of a Walker pattern do: planes keep their local solar
 * time, satellites their places in them. So they never grow stale; but what one satellite sees at one moment is not
 * what the real one saw. For that, take element sets of that day.
 */
export interface NamedConstellation {
  readonly name: string;
  readonly title: string;
  /** Where the orbits are from, and what is assumed of them. */
  readonly source: string;
  /** The spacecraft preset that it brings, unless the user says otherwise. */
  readonly spacecraft: string;
  readonly count: number;
  readonly satellites: (epoch: Instant) => readonly Satellite[];
}

/** One orbit, tied to the sun instead of a date. */
export interface Orbit {
  readonly name: string;
  readonly catalogNumber: number;
  /** Revolutions a day. */
  readonly meanMotion: number;
  readonly eccentricity: number;
  readonly inclination: number;
  /** Mean local solar time of the ascending node, hours. */
  readonly node: number;
  readonly argumentOfPerigee: number;
  /** Argument of perigee plus mean anomaly. */
  readonly argumentOfLatitude: number;
}

const satelliteOf = (orbit: Orbit, epoch: Instant): Satellite => ({
  id: orbit.name.replaceAll(" ", "-"),
  name: orbit.name,
  catalogNumber: orbit.catalogNumber,
  epoch,
  elements: {
    meanMotion: orbit.meanMotion as RevolutionsPerDay,
    // Not 0: SGP4 divides by the eccentricity where it works out the drag.
    eccentricity: Math.max(orbit.eccentricity, 1e-6),
    inclination: degrees(orbit.inclination),
    rightAscension: meridianAt(epoch, orbit.node),
    argumentOfPerigee: turn(orbit.argumentOfPerigee),
    meanAnomaly: turn(orbit.argumentOfLatitude - orbit.argumentOfPerigee),
    drag: 0,
  },
});

/** What a constellation says of itself. */
export type ConstellationTitle = Pick<NamedConstellation, "name" | "title" | "source" | "spacecraft">;

/** A constellation of single orbits. */
export const ofOrbits = (head: ConstellationTitle, orbits: readonly Orbit[]): NamedConstellation => ({
  ...head,
  count: orbits.length,
  satellites: (epoch) => orbits.map((orbit) => satelliteOf(orbit, epoch)),
});

/** A Walker pattern, its satellites called after their spacecraft. */
export const ofWalker = (head: ConstellationTitle, walker: Walker): NamedConstellation => ({
  ...head,
  count: walker.total,
  satellites: (epoch) => walkerSatellites(walker, epoch, head.spacecraft),
});

/** Satellites of one height and inclination, and how their names begin. */
export interface Shell {
  readonly prefix: string;
  readonly walker: Walker;
}

/** Walker patterns one above the other. */
export const ofShells = (head: ConstellationTitle, shells: readonly Shell[]): NamedConstellation => ({
  ...head,
  count: shells.reduce((sum, { walker }) => sum + walker.total, 0),
  satellites(epoch) {
    let number = 90_001;
    return shells.flatMap(({ prefix, walker }) => {
      const own = walkerSatellites(walker, epoch, prefix, number);
      number += walker.total;
      return own;
    });
  },
});

/** Planes at given local times, each with the same number of satellites, evenly spaced. */
export const ofPlanes = (
  head: ConstellationTitle,
  altitudeKm: number,
  inclination: number,
  nodes: readonly number[],
  each: number,
): NamedConstellation => {
  const motion = meanMotion(metres(altitudeKm * 1000), degrees(inclination));
  const orbits = nodes.flatMap((node, plane) =>
    Array.from({ length: each }, (_, slot): Orbit => ({
      name: `${head.name}-${plane + 1}-${`${slot + 1}`.padStart(2, "0")}`,
      catalogNumber: 90_001 + plane * each + slot,
      meanMotion: motion,
      eccentricity: 0,
      inclination,
      node,
      argumentOfPerigee: 0,
      argumentOfLatitude: (slot * 360) / each + (plane * 360) / (each * nodes.length),
    })),
  );
  return ofOrbits(head, orbits);
};

/** An orbit round as those of the missions that image at one scale; its perigee is frozen over the north. */
export const circular = (
  name: string,
  catalogNumber: number,
  motion: number,
  inclination: number,
  node: number,
  argumentOfLatitude = 0,
): Orbit => ({
  name,
  catalogNumber,
  meanMotion: motion,
  eccentricity: 1e-4,
  inclination,
  node,
  argumentOfPerigee: 90,
  argumentOfLatitude,
});
