import { degrees, metres } from "../../pipeline/units.ts";
import { circular, ofOrbits, ofPlanes, ofWalker, type NamedConstellation } from "./named-constellation.ts";

/** SCS-01 letter, mean motion, eccentricity × 10⁴, node, perigee, latitude; all near 97.36° and on one date. */
const threeBody: readonly (readonly [string, number, number, number, number, number])[] = [
  ["A", 15.211, 29, 22.34, 168, 326],
  ["B", 15.417, 10, 22.73, 101, 236],
  ["C", 15.211, 31, 22.34, 166, 320],
  ["D", 15.305, 11, 22.61, 126, 296],
  ["E", 15.213, 13, 22.33, 124, 325],
  ["F", 15.213, 10, 22.34, 118, 336],
  ["G", 15.271, 14, 22.52, 109, 145],
  ["H", 15.386, 9, 22.68, 92, 344],
  ["J", 15.296, 11, 22.59, 103, 257],
  ["K", 15.212, 12, 22.34, 123, 344],
  ["L", 15.213, 11, 22.35, 110, 342],
  ["M", 15.339, 11, 22.66, 117, 16],
];

const catalogue = "US Space Force catalogue (18 SDS) of 2026-08-13";

/** Every constellation that `--constellation` knows by name. */
export const namedConstellations: readonly NamedConstellation[] = [
  ofOrbits(
    {
      name: "three-body",
      title: "Three-Body Computing Constellation, the first 12 satellites (launched 14 May 2025)",
      source: `${catalogue}, objects SCS-01 A … M, brought to 2026-08-11 and rounded; that these are the twelve is inferred from launch date and number`,
      spacecraft: "three-body",
    },
    threeBody.map(([letter, motion, e, node, perigee, latitude], index) => ({
      name: `SCS-01 ${letter}`,
      catalogNumber: 63_982 + index,
      meanMotion: motion,
      eccentricity: e * 1e-4,
      inclination: 97.36,
      node,
      argumentOfPerigee: perigee,
      argumentOfLatitude: latitude,
    })),
  ),
  ofWalker(
    {
      name: "three-body:2800",
      title: "Three-Body Computing Constellation as planned: 2,800 satellites",
      source:
        "the number as announced by Zhejiang Lab and ADA Space; no orbits are published, so a Walker stand-in: 50 sun-synchronous planes of 56 at 500 km, the height of the first twelve",
      spacecraft: "three-body",
    },
    { total: 2800, planes: 50, phasing: 1, altitude: metres(500_000), inclination: null },
  ),
  ofWalker(
    {
      name: "qianfan-648",
      title: "Qianfan (Thousand Sails), the first 648 satellites",
      source: `number as announced by SSST; height 1,069 km and inclination 89.0° of the satellites flying, ${catalogue}; 18 planes of 36 are assumed`,
      spacecraft: "qianfan",
    },
    { total: 648, planes: 18, phasing: 1, altitude: metres(1_069_000), inclination: degrees(89) },
  ),
  ofOrbits(
    {
      name: "phi-sat-2",
      title: "Φ-sat-2",
      source: `${catalogue}, object 60470, rounded`,
      spacecraft: "phi-sat-2",
    },
    [circular("PHISAT-2", 60_470, 15.318, 97.37, 22.83)],
  ),
  ofPlanes(
    {
      name: "dove",
      title: "98 Doves",
      source: `${catalogue}: number of FLOCK objects, inclination, the height of most and the local times where they crowd; evenly spaced stand-ins, 49 to a plane`,
      spacecraft: "super-dove",
    },
    475,
    97.4,
    [22.4, 23.1],
    49,
  ),
  ofPlanes(
    {
      name: "jilin-1",
      title: "35 satellites of Jilin-1",
      source: `${catalogue}: inclination, height and local times typical of JILIN objects; evenly spaced stand-ins, 7 to a plane`,
      spacecraft: "jilin-1",
    },
    540,
    97.6,
    [21, 22.5, 23.4, 2, 5],
    7,
  ),
  ofOrbits(
    {
      name: "sentinel-2",
      title: "Sentinel-2, the pair of the mission's design",
      source: `${catalogue}, object 40697, rounded; the second half a turn away, as ESA's mission description has it`,
      spacecraft: "sentinel-2",
    },
    [
      circular("SENTINEL-2A", 40_697, 14.3082, 98.57, 22.5),
      circular("SENTINEL-2B", 42_063, 14.3082, 98.57, 22.5, 180),
    ],
  ),
  ofOrbits(
    {
      name: "landsat-9",
      title: "Landsat 9",
      source: `${catalogue}, object 49260, rounded`,
      spacecraft: "landsat-9",
    },
    [circular("LANDSAT-9", 49_260, 14.5711, 98.22, 22.2)],
  ),
  ofPlanes(
    {
      name: "oec",
      title: "50 cubesats of the Orbital Edge Computing study, spread over one orbit",
      source:
        "cote (CMUAbstract/cote), planet.tle: FLOCK 3K-3 of July 2019, rounded and made circular; orbit-spaced",
      spacecraft: "oec",
    },
    493,
    97.29,
    [11.19],
    50,
  ),
];

/** The constellation of that name, if there is one. */
export const findNamedConstellation = (name: string): NamedConstellation | null =>
  namedConstellations.find((one) => one.name === name) ?? null;
