import type { GroundTrack } from "../../measure/report/drawing/world-map.ts";
import { subPoint } from "../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { instant } from "../../pipeline/units.ts";

/** A point every half minute; s. */
const step = 30;

/** Where a satellite's sub-point goes between two moments, to a hundredth of a degree. */
export const groundTrack = (satellite: Satellite, from: number, to: number): GroundTrack => ({
  points: Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => {
    const { longitude, latitude } = subPoint(satellite, instant(from + i * step));
    return [Math.round(longitude * 100) / 100, Math.round(latitude * 100) / 100] as const;
  }),
});
