import { parseTle } from "../../planning/orbits/tle.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { degrees, instant, metres, seconds, type Seconds } from "../../pipeline/units.ts";

/** planet.tle of cote's bent-pipe example. */
const lines = [
  "1 43892U 18111S   19193.68092670  .00002615  00000-0  10917-3 0  9994",
  "2 43892  97.2888  98.1666 0022265 273.4726  86.3966 15.24309684 30096",
];
/** planet-050.dat … planet-250.dat: how far behind the one before it each satellite flies, seconds. */
const spacing = 1.459799453;

const [leader] = parseTle(lines.join("\n"), "planet.tle").sets;

/** cote begins at the first whole second after the epoch of the elements; where it begins, its files do not say. */
export const coteStart = instant(Math.ceil(leader!.epoch));

export interface CoteCase {
  readonly satellites: readonly Satellite[];
  readonly stations: readonly GroundStation[];
  /** cote's step, and what it manages with it: satellite-hours a second of a C++ build with -O3 on a machine like this. */
  readonly step: Seconds;
  readonly satelliteHoursPerSecond: number;
}

/**
 * The bent-pipe example of cote (github.com/CMUAbstract/cote, examples/bent-pipe): satellites of one orbit closely behind
 * each other, half of the stations evenly around 87° N and half around 87° S, on the ellipsoid, mask 10°.
 */
const caseOf = (count: number, stationCount: number, step: number, rate: number): CoteCase => ({
  satellites: Array.from({ length: count }, (_, n): Satellite => {
    const id = `planet-${`${n}`.padStart(3, "0")}`;
    return { ...leader!, id, name: id, epoch: instant(leader!.epoch + n * spacing) };
  }),
  stations: [87, -87].flatMap((latitude) =>
    Array.from({ length: stationCount / 2 }, (_, n): GroundStation => {
      const id = `${latitude > 0 ? "north" : "south"}-${`${n}`.padStart(2, "0")}`;
      const longitude = (n * 720) / stationCount;
      return {
        id,
        name: id,
        longitude: degrees(longitude >= 180 ? longitude - 360 : longitude),
        latitude: degrees(latitude),
        altitude: metres(0),
        minElevation: degrees(10),
        antennas: 1,
      };
    }),
  ),
  step: seconds(step),
  satelliteHoursPerSecond: rate,
});

export const coteCases: readonly CoteCase[] = [caseOf(50, 10, 1, 303), caseOf(250, 100, 10, 353)];
