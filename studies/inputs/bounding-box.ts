import { z } from "zod";
import type { BoundingBox } from "../../pipeline/raster/area-geometry.ts";
import { footprint, lonLatBox } from "../../pipeline/raster/georeference.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";

const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);

/** West, south, east, north in degrees, in a file. */
export const box = z
  .tuple([longitude, latitude, longitude, latitude])
  .refine(([, south, , north]) => south < north, "west, south, east, north in degrees, south before north");

/** Stretches of longitude that a box covers; two where it crosses the antimeridian. */
const stretches = ([west, , east]: BoundingBox): readonly (readonly [number, number])[] =>
  west <= east
    ? [[west, east]]
    : [
        [west, 180],
        [-180, east],
      ];

/** Whether two boxes have a point in common. */
export const boxesMeet = (a: BoundingBox, b: BoundingBox): boolean =>
  a[1] <= b[3] &&
  b[1] <= a[3] &&
  stretches(a).some(([from, to]) => stretches(b).some(([other, end]) => from <= end && other <= to));

/** Whether a scene lies in a box, in part at least; `false` for one without a place. */
export const isSceneIn = ({ georeference, width, height }: Scene, area: BoundingBox): boolean =>
  georeference !== null && boxesMeet(lonLatBox(footprint(georeference, width, height)), area);
