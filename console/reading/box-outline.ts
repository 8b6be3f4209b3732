import type { LonLat } from "../map/view.ts";
import type { OrderBox } from "../state/order-record.ts";

/** Corners along a parallel are so far apart at most, degrees. */
const degreesBetween = 4;

/** Width of a box the short way round. */
const widthOf = ([west, , east]: OrderBox): number => (((east - west) % 360) + 360) % 360;

/** Its middle. */
export const boxCentre = (box: OrderBox): LonLat => {
  const [west, south, , north] = box;
  const lon = west + widthOf(box) / 2;
  return [((lon + 540) % 360) - 180, (south + north) / 2];
};

/** Its outline, closed: along parallels a great circle would bulge, so there are corners in between. */
export const boxOutline = (box: OrderBox): readonly LonLat[] => {
  const [west, south, , north] = box;
  const wide = widthOf(box);
  const steps = Math.max(1, Math.ceil(wide / degreesBetween));
  const along = (lat: number): LonLat[] =>
    Array.from({ length: steps + 1 }, (_, i): LonLat => [
      ((west + (wide * i) / steps + 540) % 360) - 180,
      lat,
    ]);
  const around = [...along(south), ...along(north).toReversed()];
  return [...around, around[0] as LonLat];
};
