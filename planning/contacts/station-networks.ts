import { degrees, metres, seconds, type Degrees, type Metres, type Seconds } from "../../pipeline/units.ts";
import type { GroundStation } from "../../pipeline/orbit/contact.ts";
import { identifiers } from "../orbits/identifier.ts";

/** What stations have when a list does not say: horizon mask of common X-band practice, and one antenna. */
export const defaultMask: Degrees = degrees(5);

/** Antennas of a station when a list does not say. */
export const defaultAntennas = 1;

/**
 * What nobody publishes of a station and no plan should take for nothing: an antenna's slew and set-up between two satellites, and
 * the way of what came down to the mission centre. Assumed: a dish of 4 … 12 m turns a few degrees a second and is set up in less
 * than a minute; files go by fibre or a leased satellite link, in a second with their queue.
 */
export const defaultTurnaround: Seconds = seconds(60);
/** Seconds from the station to the mission centre when a list does not say. */
export const defaultBackhaul: Seconds = seconds(1);

const station = (name: string, longitude: number, latitude: number, altitude: number): GroundStation => ({
  id: name,
  name,
  longitude: degrees(longitude),
  latitude: degrees(latitude),
  altitude: altitude as Metres,
  minElevation: defaultMask,
  antennas: defaultAntennas,
  turnaround: defaultTurnaround,
  backhaul: defaultBackhaul,
});

/**
 * Three polar sites where Earth-observation missions commonly land: a satellite in polar orbit sees one of them on nearly
 * every revolution. Positions to 0.01° as KSAT, NASA NEN and SSC publish them; heights are of the terrain, to some 50 m.
 * One antenna each is an assumption: the real sites have many, shared among many missions.
 */
export const builtinStations: readonly GroundStation[] = [
  // SvalSat, Platåberget: 78.23° N 15.39° E (KSAT), about 450 m up.
  station("Svalbard", 15.39, 78.23, metres(450)),
  // Inuvik Satellite Station Facility: 68.32° N 133.55° W (SSC, KSAT), about 50 m.
  station("Inuvik", -133.55, 68.32, metres(50)),
  // TrollSat, Queen Maud Land: 72.01° S 2.53° E (KSAT), about 1 270 m.
  station("Troll", 2.53, -72.01, metres(1270)),
];

/**
 * A network of ground stations that has a name: `--stations ksat`. Positions are public facts, to 0.1° (10 km: seconds of
 * a contact); heights are of the terrain, to some 100 m. Masks of 5° (but for `oec`), one antenna a site, 60 s between
 * two satellites and 1 s to the mission centre are assumed.
 */
export interface StationNetwork {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly stations: readonly GroundStation[];
}

/** Name, longitude, latitude, metres of height. */
type Site = readonly [name: string, longitude: number, latitude: number, height?: number];

const network = (
  name: string,
  title: string,
  source: string,
  sites: readonly Site[],
  minElevation: Degrees = defaultMask,
): StationNetwork => {
  const ids = identifiers(sites.map(([site], index) => ({ name: site, distinction: `${index + 1}` })));
  const stations = sites.map(([site, longitude, latitude, height = 0], index): GroundStation => ({
    id: ids[index] as string,
    name: site,
    longitude: degrees(longitude),
    latitude: degrees(latitude),
    altitude: metres(height),
    minElevation,
    antennas: defaultAntennas,
    turnaround: defaultTurnaround,
    backhaul: defaultBackhaul,
  }));
  return { name, title, source, stations };
};

/** Sites with X band, where imagery lands. */
const ksat: readonly Site[] = [
  ["Svalbard", 15.4, 78.2, 450],
  ["Tromso", 18.9, 69.7, 100],
  ["Jan Mayen", -8.7, 70.9],
  ["Nuuk", -51.7, 64.2],
  ["Prudhoe Bay", -148.5, 70.2],
  ["Fairbanks", -147.7, 64.8, 200],
  ["Inuvik", -133.6, 68.3, 50],
  ["Long Beach", -118.2, 33.8],
  ["Thomaston", -84.3, 32.9, 200],
  ["Miami", -80.4, 25.6],
  ["Kourou", -52.8, 5.2],
  ["Punta Arenas", -70.9, -52.9, 50],
  ["Santa Maria, Azores", -25.1, 37, 100],
  ["Puertollano", -4.2, 38.7, 700],
  ["Maspalomas", -15.6, 27.8, 200],
  ["Weilheim", 11.1, 47.9, 600],
  ["Nemea", 22.6, 37.8, 300],
  ["Thermopylae", 22.7, 38.8, 100],
  ["Dubai", 55.4, 25.2],
  ["Bangalore", 77.4, 12.9, 900],
  ["Singapore", 103.7, 1.3],
  ["Jeju", 126.3, 33.4, 200],
  ["Okinawa", 127.8, 26.4],
  ["Tsukuba", 140.1, 36.1],
  ["Hokkaido", 143.4, 42.6],
  ["Hawaii", -156.4, 20.8],
  ["Awarua", 168.4, -46.5],
  ["Peterborough", 138.9, -33, 500],
  ["Mingenew", 115.3, -29, 250],
  ["Mauritius", 57.5, -20.4, 200],
  ["Hartebeesthoek", 27.7, -25.9, 1500],
  ["Troll", 2.5, -72, 1270],
];

/** Numbered as the operator calls them, which also tells them from others' stations in the same place. */
const aws: readonly Site[] = [
  ["Alaska 1", -148.5, 70.2],
  ["Bahrain 1", 50.5, 26],
  ["Cape Town 1", 18.5, -33.9],
  ["Dubbo 1", 148.6, -32.2, 300],
  ["Hawaii 1", -157.9, 21.3],
  ["Ireland 1", -6.3, 53.3, 100],
  ["Ohio 1", -83.1, 40.1, 300],
  ["Oregon 1", -119.5, 45.6, 200],
  ["Punta Arenas 1", -70.9, -53],
  ["Seoul 1", 127, 36.9, 100],
  ["Singapore 1", 103.8, 1.3],
  ["Stockholm 1", 16.5, 59.4, 50],
];

const ssc: readonly Site[] = [
  ["Esrange", 21.1, 67.9, 340],
  ["Inuvik Satellite Station", -133.5, 68.3, 50],
  ["North Pole Satellite Station", -147.6, 64.8, 150],
  ["Clewiston Satellite Station", -81, 26.7],
  ["South Point Satellite Station", -155.7, 19, 350],
  ["Santiago Satellite Station", -70.7, -33.1, 700],
  ["Punta Arenas Satellite Station", -70.9, -52.9, 50],
  ["Siracha Satellite Station", 100.9, 13.1, 50],
  ["Western Australia Space Centre", 115.6, -29.1, 250],
];

/** NASA's own antennas and, after them, those it buys time on, by the codes of the users' guide where it has one. */
const nen: readonly Site[] = [
  ["Alaska ASF", -147.9, 64.9, 200],
  ["Svalbard SGS", 15.4, 78.2, 450],
  ["McMurdo MGS", 166.7, -77.8, 150],
  ["Wallops WGS", -75.5, 37.9],
  ["White Sands WS1", -106.6, 32.5, 1400],
  ["Kennedy KUS", -80.6, 28.5],
  ["Ponce de Leon PDL", -80.9, 29.1],
  ["Gilmore Creek", -147.5, 65, 350],
  ["Kiruna KIR", 21.1, 67.9, 400],
  ["North Pole USAK", -147.6, 64.8, 150],
  ["South Point USHI", -155.7, 19, 350],
  ["Dongara USPS", 115.3, -29, 250],
  ["Santiago AGO", -70.7, -33.1, 700],
  ["Troll TR", 2.5, -72, 1270],
  ["Singapore SI", 103.7, 1.3],
  ["Hartebeesthoek HBK", 27.7, -25.9, 1500],
];

/** Five stations 72° apart round each pole. */
const ring = (prefix: string, latitude: number): readonly Site[] =>
  [0, 72, 144, -144, -72].map((longitude, index) => [`${prefix} ${index + 1}`, longitude, latitude]);

/** The networks of stations that Swath knows by name. */
export const stationNetworks: readonly StationNetwork[] = [
  {
    name: "builtin",
    title: "Svalbard, Inuvik and Troll: a small polar set",
    source: "positions to 0.01° as KSAT, NASA NEN and SSC publish them",
    stations: builtinStations,
  },
  network(
    "ksat",
    "Kongsberg Satellite Services",
    "sites named on KSAT's map of its ground network, ksat.no; positions of those places",
    ksat,
  ),
  network(
    "aws",
    "AWS Ground Station",
    "AWS Ground Station User Guide, Locations: 12 names with their region; the places within them are assumed",
    aws,
  ),
  network(
    "ssc",
    "Swedish Space Corporation",
    "sites with S or X band of SSC's ground network, sscspace.com; positions of those places",
    ssc,
  ),
  network(
    "nen",
    "NASA Near Earth Network",
    "Near Earth Network Users' Guide, 453-NENUG: NASA-owned and commercial stations; positions rounded",
    nen,
  ),
  network(
    "classic-eo",
    "Three classic stations of Earth observation: those that Sentinel-2 lands on",
    "CNES, Sentinel-2 mission pages: Matera, Maspalomas and Svalbard; positions of those places",
    [
      ["Svalbard", 15.4, 78.2, 450],
      ["Matera", 16.7, 40.6, 500],
      ["Maspalomas", -15.6, 27.8, 200],
    ],
  ),
  network(
    "oec",
    "Ten stations round the poles, as the Orbital Edge Computing study has them, masked at 10°",
    "cote (CMUAbstract/cote), prep_close_spaced_scenarios.sh and close-spaced.cpp: rings at ±87°; nobody's sites",
    [...ring("North", 87), ...ring("South", -87)],
    degrees(10),
  ),
];

/** The network of that name, if there is one. */
export const findStationNetwork = (name: string): StationNetwork | null =>
  stationNetworks.find((one) => one.name === name) ?? null;
