import { degrees, metres, type Degrees, type Metres } from "../units.ts";
import type { GroundStation } from "./contact.ts";

/** What stations have when a list does not say: horizon mask of common X-band practice, and one antenna. */
export const defaultMask: Degrees = degrees(5);
export const defaultAntennas = 1;

const station = (name: string, longitude: number, latitude: number, altitude: number): GroundStation => ({
  id: name,
  name,
  longitude: degrees(longitude),
  latitude: degrees(latitude),
  altitude: altitude as Metres,
  minElevation: defaultMask,
  antennas: defaultAntennas,
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
