/** Ten ports from the Arctic to the far south: name, longitude, latitude; degrees. */
export const ports: readonly (readonly [name: string, longitude: number, latitude: number])[] = [
  ["hammerfest", 23.68, 70.66],
  ["rotterdam", 4.05, 51.96],
  ["genoa", 8.92, 44.4],
  ["los-angeles", -118.25, 33.73],
  ["shanghai", 122.05, 30.62],
  ["singapore", 103.75, 1.25],
  ["santos", -46.31, -23.99],
  ["durban", 31.03, -29.88],
  ["port-hedland", 118.58, -20.31],
  ["ushuaia", -68.3, -54.81],
];

/** What Skyfield says of one acquisition. */
export interface Judged {
  readonly place: string;
  readonly satellite: string;
  /** From the point below the satellite to the place, along the ellipsoid. */
  readonly distance_m: number;
  /** How far the camera sees from there. */
  readonly reach_m: number;
  /** Height of the Sun over the place. */
  readonly sun_deg: number;
}
