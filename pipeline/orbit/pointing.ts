import { degrees, type Degrees } from "../units.ts";
import { earthRotation, type Vector3 } from "./reference-frame.ts";

/**
 * A direction in the frame that flies with a satellite, a unit vector: forward along its track, to the right of it, and down to the
 * centre of the Earth. `[0, 0, 1]` looks straight down. A camera that is fixed to a body in this attitude sweeps along the track.
 */
export type Direction = Vector3;

/** Straight down. */
export const nadir: Direction = [0, 0, 1];

/**
 * The direction from a satellite to a place, both Earth-fixed, in metres.
 *
 * @param state position and rate as an ephemeris has them
 */
export const directionTo = (state: Float64Array, [px, py, pz]: Vector3): Direction => {
  // By place and not by destructuring, which iterates: this is the planner's inner loop.
  const x = state[0] as number;
  const y = state[1] as number;
  const z = state[2] as number;
  const vx = state[3] as number;
  const vy = state[4] as number;
  const vz = state[5] as number;
  // The orbit's own velocity: without the turn of the Earth that an Earth-fixed rate has in it.
  const [wx, wy] = [vx - earthRotation * y, vy + earthRotation * x];
  const r = Math.sqrt(x * x + y * y + z * z);
  const [ux, uy, uz] = [x / r, y / r, z / r];
  const climb = wx * ux + wy * uy + vz * uz;
  const [fx, fy, fz] = [wx - climb * ux, wy - climb * uy, vz - climb * uz];
  const f = Math.sqrt(fx * fx + fy * fy + fz * fz);
  const [ax, ay, az] = [fx / f, fy / f, fz / f];
  // Right of the track: down × forward.
  const [bx, by, bz] = [uz * ay - uy * az, ux * az - uz * ax, uy * ax - ux * ay];
  const [dx, dy, dz] = [px - x, py - y, pz - z];
  const d = Math.sqrt(dx * dx + dy * dy + dz * dz);
  return [
    (dx * ax + dy * ay + dz * az) / d,
    (dx * bx + dy * by + dz * bz) / d,
    -(dx * ux + dy * uy + dz * uz) / d,
  ];
};

/** The angle between two unit vectors; exact for small ones too. */
export const angleBetween = ([ax, ay, az]: Direction, [bx, by, bz]: Direction): Degrees => {
  const [cx, cy, cz] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  const sine = Math.sqrt(cx * cx + cy * cy + cz * cz);
  return degrees((Math.atan2(sine, ax * bx + ay * by + az * bz) * 180) / Math.PI);
};

/** How far a direction lies off the vertical. */
export const offNadirOf = ([x, y, z]: Direction): Degrees =>
  degrees((Math.atan2(Math.sqrt(x * x + y * y), z) * 180) / Math.PI);

/** How far a direction lies to the right of the track (negative: to the left), seen along the track. */
export const rollOf = ([, y, z]: Direction): Degrees => degrees((Math.atan2(y, z) * 180) / Math.PI);
