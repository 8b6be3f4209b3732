import type { Attitude, PowerSystem } from "../../pipeline/mission/spacecraft.ts";
import type { IlluminationWalk } from "../../pipeline/orbit/illumination.ts";

/** What the array needs to know of the light. */
export type Light = Pick<IlluminationWalk, "share" | "flux" | "overhead">;

/**
 * Mean cosine of the angle between sunlight and the array's normal, 0 behind it. One-sided cells:
 *
 * - `nadir`: the array lies on the side turned away from the Earth and looks at the zenith, fixed to a body whose camera
 *   looks down: the cosine between Sun and zenith.
 * - `sun-tracking`: two axes, or a body that turns its array to the Sun whenever it has nothing better to do: 1.
 * - `tumbling`: every orientation equally likely: ¼, the mean of max(0, cosθ) over the sphere (half of Cauchy's mean
 *   projection of a plate, since one of its two sides carries cells).
 */
export const arrayCosine = (attitude: Attitude, overhead: number): number =>
  attitude === "nadir" ? overhead : attitude === "tumbling" ? 0.25 : 1;

/** `P = S·η·A·cosθ` in the share of sunlight that the Earth leaves, W (Larson & Wertz, Space Mission Analysis and Design, 3rd ed., §11.4). */
export const arrayPower = (
  { arrayArea, arrayEfficiency, attitude }: PowerSystem,
  { flux, share, overhead }: Light,
): number => flux * arrayEfficiency * arrayArea * arrayCosine(attitude, overhead) * share;
