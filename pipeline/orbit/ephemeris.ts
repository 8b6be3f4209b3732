import { instant, seconds, type Instant, type Metres, metres, type Seconds } from "../units.ts";
import { fillBetween, fillStride } from "./ephemeris-fill.ts";
import { orbitalPeriod, propagateEcefInto } from "./propagator.ts";
import type { Satellite } from "./satellite.ts";

/**
 * Where a satellite is over a stretch of time: states at even steps, Earth-fixed, with cubic Hermite curves between. In low
 * near-circular orbits every third state is SGP4's, and the two between follow from gravity (see `fillBetween`).
 * Plain numbers inside: `t` is seconds since `from`, everything else metres and metres a second.
 */
export interface Ephemeris {
  readonly from: Instant;
  /** Length of the stretch. */
  readonly span: Seconds;
  readonly step: Seconds;
  /** Six numbers a node, x y z and their rates, at 0, step, 2 step … span. */
  readonly states: Float64Array;
  /** Distance from the Earth's centre at each node. */
  readonly radii: Float64Array;
  readonly maxRadius: Metres;
  /** The fastest the Earth-fixed direction turns, rad/s, with a margin for what happens between nodes. */
  readonly maxTurnRate: number;
}

/**
 * A step may turn the orbit by this angle at perigee. A cubic Hermite curve is off by θ⁴/384 of the radius at most:
 * 0.13 rad gives 5 m in low orbit (steps of two minutes), which moves a contact by less than a millisecond.
 */
const stepAngle = 0.13;
const longestStep = 300;
/**
 * Steps from one state of SGP4 to the next. SGP4's velocities are not quite the rate of its positions, the less so the more
 * eccentric the orbit is, and a longer step would make more of it.
 */
const strideOf = ({ elements: { meanMotion, eccentricity } }: Satellite): number =>
  meanMotion > 11 && eccentricity < 0.05 ? fillStride : 1;
/** What the middle of the sharpest bend may be off against SGP4 before the step is halved, down to the shortest. */
const tolerance = metres(30);
const shortestStep = 15;
/** Escape velocity at the surface over the Earth's radius, rad/s: nothing above ground turns faster, whatever elements say. */
const fastestTurn = 1.76e-3;

/** Writes position and rate at `t` seconds into `into[0 … 5]`. `t` is held inside the stretch. */
export const stateInto = (ephemeris: Ephemeris, t: number, into: Float64Array): void => {
  const { states, step } = ephemeris;
  const last = ephemeris.radii.length - 2;
  const node = Math.min(last, Math.max(0, Math.floor(t / step)));
  stateBetween(states, node * 6, t / step - node, step, into);
};

/** The cubic Hermite curve between the states at `i` and `i + 6`, which lie `step` seconds apart, at 0 ≤ s ≤ 1 of the way. */
export const stateBetween = (
  states: Float64Array,
  i: number,
  s: number,
  step: number,
  into: Float64Array,
): void => {
  const s2 = s * s;
  const s3 = s2 * s;
  const h01 = 3 * s2 - 2 * s3;
  const h00 = 1 - h01;
  const h10 = (s3 - 2 * s2 + s) * step;
  const h11 = (s3 - s2) * step;
  const d01 = (6 * s - 6 * s2) / step;
  const d10 = 3 * s2 - 4 * s + 1;
  const d11 = 3 * s2 - 2 * s;
  for (let axis = i; axis < i + 3; axis++) {
    const p0 = states[axis] as number;
    const v0 = states[axis + 3] as number;
    const p1 = states[axis + 6] as number;
    const v1 = states[axis + 9] as number;
    into[axis - i] = h00 * p0 + h10 * v0 + h01 * p1 + h11 * v1;
    into[axis - i + 3] = d01 * (p1 - p0) + d10 * v0 + d11 * v1;
  }
};

/** The place alone of `stateBetween`, to the last bit: half of the work, for whoever looks at every few seconds of a day. */
export const placeBetween = (
  states: Float64Array,
  i: number,
  s: number,
  step: number,
  into: Float64Array,
): void => {
  const s2 = s * s;
  const s3 = s2 * s;
  const h01 = 3 * s2 - 2 * s3;
  const h00 = 1 - h01;
  const h10 = (s3 - 2 * s2 + s) * step;
  const h11 = (s3 - s2) * step;
  for (let axis = 0; axis < 3; axis++) {
    const at = i + axis;
    into[axis] =
      h00 * (states[at] as number) +
      h10 * (states[at + 3] as number) +
      h01 * (states[at + 6] as number) +
      h11 * (states[at + 9] as number);
  }
};

/** Length of the vector at `i`. `Math.hypot` guards against overflow that metres never reach, and is slow. */
const norm = (values: Float64Array, i: number): number => {
  const x = values[i] as number;
  const y = values[i + 1] as number;
  const z = values[i + 2] as number;
  return Math.sqrt(x * x + y * y + z * z);
};

/** Writes the states at nodes `first` … `last` of a grid to `states[0 …]`. Both are multiples of the stride. */
export const statesInto = (
  satellite: Satellite,
  from: Instant,
  { step, stride }: Pick<Grid, "step" | "stride">,
  first: number,
  last: number,
  states: Float64Array,
): void => {
  for (let node = first; node <= last; node += stride) {
    const i = (node - first) * 6;
    propagateEcefInto(satellite, instant(from + node * step), states, i);
    if (node > first && stride > 1) fillBetween(states, i - stride * 6, step * stride);
  }
};

/**
 * Where the numbers of an ephemeris go, for those who need one after the other and each only until the next: forty kilobytes a satellite
 * and day cost more to get and give back than to fill.
 */
export interface EphemerisRoom {
  states: Float64Array;
  radii: Float64Array;
}

/** Grows with what is asked of it. */
export const newEphemerisRoom = (): EphemerisRoom => ({
  states: new Float64Array(0),
  radii: new Float64Array(0),
});

const arraysOf = (nodes: number, room: EphemerisRoom | undefined): EphemerisRoom => {
  if (room === undefined) return { states: new Float64Array(nodes * 6), radii: new Float64Array(nodes) };
  if (room.radii.length < nodes) {
    room.states = new Float64Array(nodes * 6);
    room.radii = new Float64Array(nodes);
  }
  return { states: room.states.subarray(0, nodes * 6), radii: room.radii.subarray(0, nodes) };
};

const withSteps = (
  satellite: Satellite,
  from: Instant,
  span: Seconds,
  steps: number,
  stride: number,
  room?: EphemerisRoom,
): Ephemeris => {
  const step = seconds(span / steps);
  const { states, radii } = arraysOf(steps + 1, room);
  statesInto(satellite, from, { step, stride }, 0, steps, states);
  let maxRadius = norm(states, 0);
  let maxTurnRate = norm(states, 3) / maxRadius;
  radii[0] = maxRadius;
  for (let node = 1; node <= steps; node++) {
    const i = node * 6;
    const radius = norm(states, i);
    radii[node] = radius;
    if (radius > maxRadius) maxRadius = radius;
    const turnRate = norm(states, i + 3) / radius;
    if (turnRate > maxTurnRate) maxTurnRate = turnRate;
  }
  return {
    from,
    span,
    step,
    states,
    radii,
    maxRadius: metres(maxRadius * 1.001),
    maxTurnRate: maxTurnRate * 1.02,
  };
};

const [curve, truth] = [new Float64Array(6), new Float64Array(6)];

/** Distance between curve and SGP4 in the middle between the two states of SGP4 that lie lowest, where the orbit bends most. */
const errorAtLowest = (satellite: Satellite, ephemeris: Ephemeris, stride: number): number => {
  const { radii, step, from } = ephemeris;
  let lowest = stride >> 1;
  for (let node = lowest; node < radii.length - 1; node += stride) {
    if ((radii[node] as number) < (radii[lowest] as number)) lowest = node;
  }
  const t = (lowest + 0.5) * step;
  stateInto(ephemeris, t, curve);
  propagateEcefInto(satellite, instant(from + t), truth, 0);
  for (let axis = 0; axis < 3; axis++) truth[axis] = (truth[axis] as number) - (curve[axis] as number);
  return norm(truth, 0);
};

/**
 * The ephemeris over [from, to] at steps no longer than `step`, such as that of another part of the same orbit: unlike
 * `ephemerisOf` it is not checked, which is half of the work for a few minutes.
 *
 * @param room where its numbers go; they are good until the next one goes there
 * @throws SwathError("orbit") when SGP4 fails anywhere in it
 */
export const ephemerisAt = (
  satellite: Satellite,
  from: Instant,
  to: Instant,
  step: Seconds,
  room?: EphemerisRoom,
): Ephemeris => {
  const span = seconds(to - from);
  const stride = strideOf(satellite);
  const steps = stride * Math.max(1, Math.ceil(span / (stride * step)));
  return withSteps(satellite, from, span, steps, stride, room);
};

/** Where the nodes of an ephemeris lie: every `step` seconds, every `stride`-th of them a state of SGP4, `steps` steps. */
export interface Grid {
  readonly step: Seconds;
  readonly steps: number;
  readonly stride: number;
}

/** A satellite is asked for the same stretch by contacts, imaging, and its body: the check is made once. */
const grids = new WeakMap<Satellite, { readonly from: Instant; readonly to: Instant; readonly grid: Grid }>();

/**
 * The grid of `ephemerisOf` over [from, to].
 *
 * @throws SwathError("orbit") when SGP4 fails anywhere in it
 */
export const gridOf = (satellite: Satellite, from: Instant, to: Instant): Grid => {
  const known = grids.get(satellite);
  if (known?.from === from && known.to === to) return known.grid;
  ephemerisOf(satellite, from, to);
  return (grids.get(satellite) as { readonly grid: Grid }).grid;
};

/**
 * The ephemeris over [from, to], its error checked against SGP4.
 *
 * @param room where its numbers go; they are good until the next one goes there
 * @throws SwathError("orbit") when SGP4 fails anywhere in it
 */
export const ephemerisOf = (
  satellite: Satellite,
  from: Instant,
  to: Instant,
  room?: EphemerisRoom,
): Ephemeris => {
  const known = grids.get(satellite);
  if (known?.from === from && known.to === to)
    return withSteps(satellite, from, seconds(to - from), known.grid.steps, known.grid.stride, room);
  const { eccentricity: e } = satellite.elements;
  // Angular rate at perigee: n √(1+e) / (1−e)^1.5.
  const perigeeRate = Math.min(
    fastestTurn,
    ((2 * Math.PI) / orbitalPeriod(satellite)) * (Math.sqrt(1 + e) / (1 - e) ** 1.5),
  );
  const stride = strideOf(satellite);
  let step = seconds(Math.min(longestStep, stepAngle / perigeeRate));
  for (;;) {
    const ephemeris = ephemerisAt(satellite, from, to, step, room);
    if (ephemeris.step < shortestStep || errorAtLowest(satellite, ephemeris, stride) <= tolerance) {
      const grid = { step: ephemeris.step, steps: ephemeris.radii.length - 1, stride };
      grids.set(satellite, { from, to, grid });
      return ephemeris;
    }
    step = seconds(ephemeris.step / 2);
  }
};
