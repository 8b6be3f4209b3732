import { type Instant } from "../units.ts";
import { gridOf, placeBetween, statesInto, type Ephemeris } from "./ephemeris.ts";
import type { Satellite } from "./satellite.ts";

/** Position at `t` seconds from the start of a stretch, as `stateInto` has it. */
export type PlaceAt = (t: number, into: Float64Array) => void;

/** Steps that are held at once: an hour and a half in low orbit. */
const held = 45;

/** The places of an ephemeris that is there as a whole. */
export const placesOf = ({ states, step, radii }: Ephemeris): PlaceAt => {
  const last = radii.length - 2;
  return (t, into) => {
    const node = Math.min(last, Math.max(0, Math.floor(t / step)));
    placeBetween(states, node * 6, t / step - node, step, into);
  };
};

/**
 * The same places as those of `ephemerisOf`, to the last bit, for whoever goes through the stretch once: only an hour and a half of it is held, a
 * thirtieth of the memory for a day. To go back is allowed, and costs what going on does.
 *
 * @throws SwathError("orbit") when SGP4 fails anywhere in the stretch
 */
export const walkPlaces = (satellite: Satellite, from: Instant, to: Instant): PlaceAt => {
  const grid = gridOf(satellite, from, to);
  const { step, steps, stride } = grid;
  const length = Math.min(held, steps);
  const states = new Float64Array((length + 1) * 6);
  let first = -1;
  return (t, into) => {
    const node = Math.min(steps - 1, Math.max(0, Math.floor(t / step)));
    if (first < 0 || node < first || node >= first + length) {
      // One stride before, since a look at the middle of a cell comes after that at its end.
      first = Math.max(0, Math.min((Math.floor(node / stride) - 1) * stride, steps - length));
      statesInto(satellite, from, grid, first, Math.min(first + length, steps), states);
    }
    placeBetween(states, (node - first) * 6, t / step - node, step, into);
  };
};
