import type { Polygon } from "geojson";
import type { Place } from "./orbit-places.ts";
import { placeFrom } from "./sphere.ts";

const metresPerDegree = 111_195;

/** The camera's swath along a track: the ground that can be seen within half a width to either side. `null` for less than two places. */
export const swathBand = (track: readonly Place[], halfWidthMetres: number): Polygon | null => {
  if (track.length < 2) return null;
  const aside = halfWidthMetres / metresPerDegree;
  const side = (bearing: number): [number, number][] =>
    track.map(({ lonLat, heading }) => {
      const [lon, lat] = placeFrom(lonLat, heading + bearing, aside);
      return [lon, lat];
    });
  const right = side(90);
  const ring = [...right, ...side(-90).toReversed()];
  const [first] = ring;
  if (first === undefined) return null;
  // d3-geo wants the inside to the right of the line, and the right side of a track runs along it with the inside to its left.
  return { type: "Polygon", coordinates: [[...ring, first].toReversed()] };
};
