import { lowestSun, type CameraReach } from "../../planning/overflight.ts";
import type { Camera } from "../../pipeline/mission/spacecraft.ts";
import { degrees, metres } from "../../pipeline/units.ts";

/** Of a camera that says nothing: between SkySat's 6 km and SuperDove's 32 km. */
const usualSwath = metres(20_000);

/**
 * What a spacecraft's camera can see: its own figures where it has them. `assumed` names those that it lacks, with what is taken
 * in their place.
 */
export const cameraReach = ({
  swath,
  offNadir,
  light,
}: Camera): { readonly reach: CameraReach; readonly assumed: readonly string[] } => ({
  reach: {
    halfSwath: metres((swath ?? usualSwath) / 2),
    offNadir: offNadir ?? degrees(0),
    sunAbove: light === "any" ? null : lowestSun,
  },
  assumed: [
    ...(swath === undefined ? [`a swath of ${usualSwath / 1000} km`] : []),
    ...(offNadir === undefined ? ["a camera that looks straight down"] : []),
    ...(light === undefined ? ["a camera that needs the Sun"] : []),
  ],
});
