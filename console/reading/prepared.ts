import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { instant } from "../../pipeline/units.ts";
import { shortNames } from "../look/figures.ts";
import { hearingOutline, type Horizon } from "../map/hearing.ts";
import { placeOf } from "../map/orbit-places.ts";
import { horizonRadius } from "../map/sphere.ts";
import type { LonLat } from "../map/view.ts";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import type { Plan } from "../state/plan.ts";

/** A plan, and what the page reads off it once so that no picture has to: short names, horizons and their union. */
export interface Prepared {
  readonly plan: Plan;
  readonly head: MissionHead;
  /** UTC seconds since 1970 of the start of the horizon: the record counts from there. */
  readonly epoch: number;
  readonly length: number;
  readonly shortNames: readonly string[];
  readonly stations: readonly { readonly lonLat: LonLat; readonly horizon: Horizon }[];
  readonly hearing: readonly (readonly LonLat[])[];
  readonly antennas: number;
}

/** The middle of the constellation's heights, metres: the horizons of stations are drawn for it. */
const usualHeight = (satellites: readonly Satellite[], epoch: number): number => {
  const stride = Math.max(1, Math.floor(satellites.length / 50));
  const heights = satellites
    .filter((_, i) => i % stride === 0)
    .flatMap((satellite) => placeOf(satellite, instant(epoch))?.height ?? [])
    .toSorted((a, b) => a - b);
  return heights[heights.length >> 1] ?? 500_000;
};

/** Prepares a plan for drawing. */
export const prepare = (plan: Plan): Prepared => {
  const { head } = plan;
  const { epoch_s: epoch, length_s: length } = head.horizon;
  const height = usualHeight(plan.orbits, epoch);
  const stations = head.stations.map((station) => {
    const lonLat: LonLat = [station.longitude_deg, station.latitude_deg];
    return { lonLat, horizon: { centre: lonLat, radius: horizonRadius(height, station.min_elevation_deg) } };
  });
  return {
    plan,
    head,
    epoch,
    length,
    shortNames: shortNames(head.satellites),
    stations,
    hearing: hearingOutline(stations.map(({ horizon }) => horizon)),
    antennas: head.stations.reduce((sum, station) => sum + station.antennas, 0),
  };
};
