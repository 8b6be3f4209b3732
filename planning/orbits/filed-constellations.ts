import { degrees, metres } from "../../pipeline/units.ts";
import {
  type ConstellationTitle,
  type NamedConstellation,
  ofOrbits,
  ofShells,
  type Orbit,
  type Shell,
} from "./named-constellation.ts";
import { meanMotion, sunSynchronousInclination } from "./walker.ts";

const catalogue = "US Space Force catalogue (18 SDS) of 2026-08-13";

/** Planes of a layer that flies: the first node and the way to the next in hours, the way from plane to plane in degrees along the orbit. */
const layer = (
  prefix: string,
  numbers: number,
  [motion, inclination]: readonly [number, number],
  [planes, each]: readonly [number, number],
  [firstNode, nextNode, offset]: readonly [number, number, number],
): readonly Orbit[] =>
  Array.from({ length: planes * each }, (_, index): Orbit => {
    const plane = Math.floor(index / each);
    const slot = index % each;
    return {
      name: `${prefix}-${plane + 1}-${slot + 1}`,
      catalogNumber: numbers + index,
      meanMotion: motion,
      eccentricity: 0,
      inclination,
      node: firstNode + plane * nextNode,
      argumentOfPerigee: 0,
      argumentOfLatitude: (slot * 360) / each + plane * offset,
    };
  });

const shell = (
  prefix: string,
  [total, planes]: readonly [number, number],
  altitudeKm: number,
  inclination: number | null,
): Shell => ({
  prefix,
  walker: {
    total,
    planes,
    phasing: 1,
    altitude: metres(altitudeKm * 1000),
    inclination: inclination === null ? null : degrees(inclination),
  },
});

/** Dawn-dusk planes, each at a height of its own, the first of them at the lowest. */
const dawnDusk = (
  head: ConstellationTitle,
  [lowestKm, apartKm]: readonly [number, number],
  [planes, each]: readonly [number, number],
): NamedConstellation => ({
  ...ofOrbits(head, []),
  count: planes * each,
  satellites: (epoch) =>
    ofOrbits(
      head,
      Array.from({ length: planes * each }, (_, index): Orbit => {
        const plane = Math.floor(index / each);
        const slot = index % each;
        const altitude = metres((lowestKm + plane * apartKm) * 1000);
        const inclination = sunSynchronousInclination(altitude) ?? degrees(180);
        const number = (n: number, of: number): string => `${n + 1}`.padStart(`${of}`.length, "0");
        return {
          name: `${head.name}-${number(plane, planes)}-${number(slot, each)}`,
          catalogNumber: 90_001 + index,
          meanMotion: meanMotion(altitude, inclination),
          eccentricity: 0,
          inclination,
          node: 18,
          argumentOfPerigee: 0,
          argumentOfLatitude: (slot * 360) / each + (plane * 360) / (each * planes),
        };
      }),
    ).satellites(epoch),
});

/** Heights of the shells of the filing for a million: 530, 590, … 1,970 km. */
const millionHeights = Array.from({ length: 25 }, (_, n) => 530 + 60 * n);

/** What flies in large numbers and what has been filed. No satellite of the filings has an orbit of its own yet: each is a stand-in that fits what is published. */
export const filedConstellations: readonly NamedConstellation[] = [
  ofOrbits(
    {
      name: "guowang",
      title: "Guowang (SatNet) as it flew in August 2026: 168 satellites",
      source: `${catalogue}, HULIANWANG DIGUI objects, rounded to their pattern: 108 at 1,149 km and 50.00° (12 planes × 9, nodes every 30.0°, 11.7° from one plane to the next), 60 at 1,168 km and 86.50° (6 planes × 10, nodes every 30.3°, neighbours offset by half a slot); where the first plane stands is assumed. Nobody publishes the spacecraft: that of Qianfan stands in`,
      spacecraft: "qianfan",
    },
    [
      ...layer("guowang-inclined", 90_001, [13.2933, 50], [12, 9], [0, 2, 11.7]),
      ...layer("guowang-polar", 90_109, [13.2441, 86.5], [6, 10], [0, 2.02, 18]),
    ],
  ),
  ofShells(
    {
      name: "guowang-12992",
      title: "Guowang (SatNet) as filed: 12,992 satellites",
      source:
        "filings of September 2020 (GW-A59, GW-2), shells as two public codes list them: 480 at 590 km and 85° (16 planes), 2,000 at 600 km and 50° (40), 3,600 at 508 km and 55° (60), 1,728 each at 1,145 km and 30°, 40°, 50°, 60° (36; another list has 27). No filed shell is flown so far. Nobody publishes the spacecraft: that of Qianfan stands in",
      spacecraft: "qianfan",
    },
    [
      shell("gw-a59-1", [480, 16], 590, 85),
      shell("gw-a59-2", [2000, 40], 600, 50),
      shell("gw-a59-3", [3600, 60], 508, 55),
      shell("gw-2-1", [1728, 36], 1145, 30),
      shell("gw-2-2", [1728, 36], 1145, 40),
      shell("gw-2-3", [1728, 36], 1145, 50),
      shell("gw-2-4", [1728, 36], 1145, 60),
    ],
  ),
  dawnDusk(
    {
      name: "project-sunrise",
      title: "Project Sunrise as filed: 51,600 satellites",
      source:
        "SpaceNews, 20 March 2026, as quoted: sun-synchronous, 500 … 1,800 km, planes 5 … 10 km apart in height, 300 … 1,000 satellites each. Assumed: 172 planes of 300, 7.5 km apart, all over dawn and dusk; Condor-Ultra stands in for the spacecraft",
      spacecraft: "condor-ultra",
    },
    [500, 7.5],
    [172, 300],
  ),
  dawnDusk(
    {
      name: "starcloud-88000",
      title: "Starcloud as filed: 88,000 satellites",
      source:
        "FCC SAT-LOA-20260202-00073, as quoted: dawn-dusk sun-synchronous, 600 … 850 km. Assumed: 88 planes of 1,000, 2.8 km apart in height; Starcloud-1 stands in for the spacecraft",
      spacecraft: "starcloud",
    },
    [600, 2.8],
    [88, 1000],
  ),
  ofShells(
    {
      name: "filing-1m",
      title: "The filing of January 2026 for an orbital data centre: 1,000,000 satellites",
      source:
        "SpaceNews, 31 January 2026; DA-26-113: up to 1,000,000 at 500 … 2,000 km, in shells of up to 50 km, at 30° and sun-synchronous. Assumed: 25 heights, 60 km apart, with 20,000 satellites in 100 planes at either inclination",
      spacecraft: "ai1",
    },
    millionHeights.flatMap((height) => [
      shell(`f-${`${height}`.padStart(4, "0")}-inclined`, [20_000, 100], height, 30),
      shell(`f-${`${height}`.padStart(4, "0")}-sun`, [20_000, 100], height, null),
    ]),
  ),
];
