import { offNadirOf } from "../../pipeline/orbit/pointing.ts";
import { sunElevation } from "../../pipeline/orbit/sun.ts";
import { degrees, elapsed, metres, type Degrees, type Instant } from "../../pipeline/units.ts";
import { passesIn } from "../contacts/pass.ts";
import { watchFrom } from "../contacts/visibility.ts";
import {
  directionAt,
  longestDwell,
  stripOf,
  type LookOrbit,
  type OpportunityRequest,
} from "./opportunity.ts";

/** How close the nearest pass comes that is of no use: for a line that says why there is no opportunity. */
export interface NearMiss {
  readonly satellite: string;
  readonly at: Instant;
  readonly offNadir: Degrees;
  readonly sun: Degrees;
  readonly reason: "reach" | "light" | "width" | "length";
}

/** The pass in [from, to] that comes closest to being of use; `null` where the area never rises over a satellite's horizon. */
export const nearestMiss = (
  { satellite, ephemeris }: LookOrbit,
  { area, camera, maxOffNadir, from, to }: OpportunityRequest,
): NearMiss | null => {
  const { centre, longitude, latitude } = area;
  const watch = watchFrom({
    id: "area",
    name: "area",
    longitude,
    latitude,
    altitude: metres(0),
    minElevation: degrees(0),
    antennas: 0,
  });
  const reach = Math.min(camera.offNadir, maxOffNadir ?? Infinity);
  const misses = passesIn(satellite, ephemeris, watch)
    .filter(({ culmination }) => culmination >= from && culmination <= to)
    .map(({ culmination }): NearMiss => {
      const t = elapsed(ephemeris.from, culmination);
      const offNadir = offNadirOf(directionAt(ephemeris, t, centre));
      const sun = sunElevation(longitude, latitude, culmination);
      const { dwell, coverage } = stripOf(ephemeris, t, area, camera);
      const isOut = offNadir > reach;
      const reason = isOut ? "reach" : coverage <= 0 ? "width" : dwell > longestDwell ? "length" : "light";
      return { satellite, at: culmination, offNadir, sun, reason };
    });
  const rank = ({ reason, offNadir, sun }: NearMiss): number =>
    reason === "reach" ? 1000 + offNadir : reason === "light" ? 90 - sun : 500;
  return misses.toSorted((a, b) => rank(a) - rank(b) || a.at - b.at)[0] ?? null;
};
