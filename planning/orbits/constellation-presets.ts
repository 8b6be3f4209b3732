import { degrees, metres } from "../../pipeline/units.ts";
import { filedConstellations } from "./filed-constellations.ts";
import {
  circular,
  ofOrbits,
  ofPlanes,
  ofWalker,
  type NamedConstellation,
  type Orbit,
} from "./named-constellation.ts";

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

/** Name, catalogue number, mean motion, eccentricity × 10⁴, inclination, node, perigee, latitude; all on one date. */
const jilin: readonly (readonly [string, number, number, number, number, number, number, number])[] = [
  ["JILIN-1", 40_961, 14.782, 19, 97.65, 17.35, 85, 114],
  ["JILIN-1 03", 41_914, 15.428, 5, 97.2, 17.99, 358, 96],
  ["JILIN-1 04", 43_022, 15.438, 4, 97.49, 0.98, 22, 299],
  ["JILIN-1 05", 43_023, 15.347, 6, 97.49, 0.7, 49, 162],
  ["JILIN-1 06", 43_024, 15.343, 8, 97.48, 0.49, 56, 263],
  ["JILIN-1 07", 43_159, 15.355, 7, 97.18, 18.8, 206, 128],
  ["JILIN-1 08", 43_160, 15.343, 5, 97.18, 18.75, 221, 262],
  ["JILIN-1 09", 43_943, 15.209, 1, 97.47, 23.87, 218, 48],
  ["JILIN-1 10", 43_946, 15.263, 10, 97.48, 0.16, 88, 299],
  ["JILIN-1 GAOFEN 3A", 44_312, 15.337, 8, 44.97, 6.37, 263, 302],
  ["JILIN-1 GAOFEN 2A", 44_777, 15.407, 5, 97.5, 23.24, 233, 134],
  ["JILIN-1 GAOFEN 2B", 44_836, 15.213, 15, 97.49, 22.35, 125, 279],
  ["JILIN-1 KUANFU 01", 45_016, 15.11, 11, 97.5, 22.43, 112, 50],
  ["JILIN-1 KUANFU-01B", 49_003, 15.099, 5, 97.52, 22.58, 221, 97],
  ["JILIN-1 GAOFEN 2D", 49_256, 15.11, 32, 97.65, 1.75, 319, 11],
  ["JILIN-1 GAOFEN 2F", 49_338, 15.081, 19, 97.68, 1.97, 44, 114],
  ["JILIN-1 KUANFU 01C", 52_443, 15.097, 20, 97.52, 22.65, 129, 121],
  ["JILIN-1 GAOFEN 03D50", 54_690, 15.355, 4, 97.69, 4.91, 268, 274],
  ["JILIN-1 GAOFEN 03D47", 54_692, 15.348, 6, 97.7, 5.03, 286, 182],
  ["JILIN-1 GAOFEN 03D49", 54_694, 15.386, 4, 97.68, 5.08, 309, 96],
  ["JILIN-1 GAOFEN 03D48", 54_695, 15.363, 5, 97.69, 5.03, 283, 26],
  ["JILIN-1 KUANFU 02A", 57_696, 15.11, 13, 97.56, 23.78, 144, 137],
  ["JILIN-01 KUANFU 02B 1", 61_189, 15.092, 2, 97.56, 23.48, 180, 251],
  ["JILIN-01 KUANFU 02B 2", 61_190, 15.092, 7, 97.56, 23.44, 174, 358],
  ["JILIN-01 KUANFU 02B 3", 61_191, 15.092, 15, 97.56, 23.47, 118, 314],
  ["JILIN-01 KUANFU 02B 4", 61_192, 15.092, 15, 97.55, 23.44, 80, 122],
  ["JILIN-01 KUANFU 02B 5", 61_193, 15.092, 15, 97.56, 23.49, 102, 195],
  ["JILIN-01 KUANFU 02B 6", 61_194, 15.092, 18, 97.56, 23.48, 131, 63],
  ["JILIN GAOFEN OBJECT A", 68_691, 15.087, 13, 97.66, 22.6, 242, 64],
  ["JILIN GAOFEN OBJECT B", 68_692, 15.086, 16, 97.66, 22.6, 221, 150],
  ["JILIN GAOFEN OBJECT C", 68_693, 15.087, 14, 97.66, 22.6, 222, 54],
  ["JILIN GAOFEN OBJECT D", 68_694, 15.087, 18, 97.66, 22.6, 232, 145],
  ["JILIN GAOFEN OBJECT E", 68_695, 15.087, 15, 97.66, 22.6, 241, 234],
  ["JILIN GAOFEN OBJECT F", 68_696, 15.087, 13, 97.66, 22.6, 243, 240],
  ["JILIN GAOFEN OBJECT G", 68_697, 15.086, 15, 97.66, 22.61, 242, 325],
  ["JILIN GAOFEN OBJECT H", 68_698, 15.087, 16, 97.66, 22.61, 241, 329],
];

const jilinOrbits: readonly Orbit[] = jilin.map(
  ([name, catalogNumber, motion, e, inclination, node, perigee, latitude]) => ({
    name,
    catalogNumber,
    meanMotion: motion,
    eccentricity: e * 1e-4,
    inclination,
    node,
    argumentOfPerigee: perigee,
    argumentOfLatitude: latitude,
  }),
);

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
      source: `number as announced by SSST; height 1,069 km, inclination 89.0° and nodes every 20° of the satellites flying, ${catalogue}; they fill planes of 36, in one half of the turn so far`,
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
  ofOrbits(
    {
      name: "jilin-1",
      title: "Jilin-1, the 36 of its 49 satellites that keep a height of 430 km and more",
      source: `${catalogue}, JILIN objects, brought to 2026-08-11 and rounded; 13 that sink below 400 km are left out. Its satellites have several cameras: all are given that of Gaofen-02`,
      spacecraft: "jilin-1",
    },
    jilinOrbits,
  ),
  ofOrbits(
    {
      name: "jilin-1-kuanfu",
      title: "Jilin-1, its ten satellites with wide cameras",
      source: `${catalogue}, JILIN KUANFU objects, brought to 2026-08-11 and rounded; Kuanfu-01 sees 136 km, all are given the 150 km of the others`,
      spacecraft: "jilin-1-kuanfu",
    },
    jilinOrbits.filter(({ name }) => name.includes("KUANFU")),
  ),
  ofOrbits(
    {
      name: "starcloud",
      title: "Starcloud-1",
      source: `${catalogue}, object 66303, brought to 2026-08-11 and rounded: 500 km, 45.4°`,
      spacecraft: "starcloud",
    },
    [
      {
        name: "STARCLOUD-1",
        catalogNumber: 66_303,
        meanMotion: 15.218,
        eccentricity: 5e-4,
        inclination: 45.4,
        node: 15.1,
        argumentOfPerigee: 341,
        argumentOfLatitude: 102,
      },
    ],
  ),
  ofOrbits(
    {
      name: "bupt-1",
      title: "BUPT-1",
      source:
        "487 … 494 km and 97.3°: public notes on Xing et al. 2024, as quoted; the node is where its rounds of 2023 begin over Beijing, near 11 h of local time southbound; no longer in the catalogue",
      spacecraft: "bupt-1",
    },
    [circular("BUPT-1", 90_001, 15.25, 97.3, 22.7)],
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
  ...filedConstellations,
];

/** The constellation of that name, if there is one. */
export const findNamedConstellation = (name: string): NamedConstellation | null =>
  namedConstellations.find((one) => one.name === name) ?? null;
