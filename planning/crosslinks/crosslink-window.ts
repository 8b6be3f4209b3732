import { instant, metres, type Instant, type Metres } from "../../pipeline/units.ts";
import { stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { blockingRadius, marginsInto, type CrosslinkReach, type Margins } from "./crosslink-margin.ts";
import { rootBetween } from "../../pipeline/orbit/root.ts";

/** Two satellites within range and sight of each other, whether or not they have terminals to spare. */
export interface CrosslinkWindow {
  /** `a` before `b` in the order of their names. */
  readonly a: string;
  readonly b: string;
  /** Cut at the ends of the horizon that was searched. */
  readonly from: Instant;
  readonly to: Instant;
  readonly minRange: Metres;
  readonly maxRange: Metres;
}

/** A satellite's curve with the bounds that the search needs. */
export interface Flight {
  readonly satellite: string;
  readonly ephemeris: Ephemeris;
  /** Closest to the Earth's centre, less a margin for what happens between nodes; metres. */
  readonly minRadius: number;
  /** Never faster in the Earth-fixed frame, m/s. */
  readonly maxSpeed: number;
}

/** The curve of a satellite, with the bounds that the search for windows needs. */
export const flightOf = (satellite: string, ephemeris: Ephemeris): Flight => {
  const { radii, states, maxRadius } = ephemeris;
  let lowest = Infinity;
  let fastest = 0;
  for (let node = 0; node < radii.length; node++) {
    const i = node * 6;
    lowest = Math.min(lowest, radii[node] as number);
    const [x, y, z] = [states[i + 3] as number, states[i + 4] as number, states[i + 5] as number];
    fastest = Math.max(fastest, Math.sqrt(x * x + y * y + z * z));
  }
  return {
    satellite,
    ephemeris,
    minRadius: lowest - 0.001 * maxRadius,
    maxSpeed: fastest * 1.02,
  };
};

/** Edges to a millisecond; the time of an extreme to a hundredth of a second. */
const crossingTolerance = 1e-3;
const extremeTolerance = 1e-2;

/**
 * Follows one margin from node to node, of which it rises or falls between all but the extremes that are looked for here.
 * `edges` are alternately where it becomes positive and negative; `turns` its extremes, `t` and value alternating.
 */
const follow = (at: (t: number) => number, rateAt: (t: number) => number) => {
  const edges: number[] = [];
  const turns: number[] = [];
  let isOpen = false;
  let [t0, h0, rate0] = [0, -1, 0];
  const step = (t: number, h: number): void => {
    if (h >= 0 !== isOpen) {
      edges.push(rootBetween(at, t0, h0, t, h, crossingTolerance));
      isOpen = !isOpen;
    }
    [t0, h0] = [t, h];
  };
  /** At a node without one before it, where the other margin is negative unless it is the first of all. */
  const begin = (t: number, h: number): void => {
    if (isOpen) edges.push(t0);
    isOpen = h >= 0;
    if (isOpen) edges.push(t);
    [t0, h0] = [t, h];
  };
  return {
    edges,
    turns,
    /** `joined`: the node before this one was the last that was passed in. */
    node(t: number, h: number, rate: number, joined: boolean): void {
      const peaks = rate0 > 0 && rate < 0;
      const dips = rate0 < 0 && rate > 0 && h0 >= 0 && h >= 0;
      if (joined && (peaks || dips)) {
        const turn = rootBetween(rateAt, t0, rate0, t, rate, extremeTolerance);
        const value = at(turn);
        turns.push(turn, value);
        step(turn, value);
      }
      if (joined) step(t, h);
      else begin(t, h);
      rate0 = rate;
    },
    close(span: number): void {
      if (isOpen) edges.push(span);
    },
  };
};

/** What two sorted lists of [from, to] pairs have in common. */
const overlap = (a: readonly number[], b: readonly number[]): readonly (readonly [number, number])[] => {
  const both: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const from = Math.max(a[i] as number, b[j] as number);
    const to = Math.min(a[i + 1] as number, b[j + 1] as number);
    if (to > from) both.push([from, to]);
    if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
    else j += 2;
  }
  return both;
};

/**
 * All windows of a pair over the stretch that both ephemerides cover, in time order. Looked for at the nodes of the finer
 * ephemeris, where the satellites' turn and speed bound what can happen within half a step: a step in which neither
 * sight nor range can come to pass is left out, and no window is missed however short. Two curves of at most 0.13 rad a
 * step have at most one closest approach in it, which the rates at its ends give away.
 */
export const crosslinkWindowsIn = (
  first: Flight,
  second: Flight,
  reach: CrosslinkReach,
): readonly CrosslinkWindow[] => {
  const [flightA, flightB] = first.satellite < second.satellite ? [first, second] : [second, first];
  const [a, b] = [flightA.ephemeris, flightB.ephemeris];
  const apart = Math.max(flightA.minRadius - b.maxRadius, flightB.minRadius - a.maxRadius);
  if (apart > reach.maxRange) return [];

  const { step, span, from: epoch, radii } = a.step <= b.step ? a : b;
  const last = radii.length - 1;
  const ball = blockingRadius(reach);
  const dip = (radius: number): number => Math.acos(Math.min(1, ball / radius));
  const angle = dip(a.maxRadius) + dip(b.maxRadius) + ((a.maxTurnRate + b.maxTurnRate) * step) / 2;
  const nearCosine = angle >= Math.PI ? -2 : Math.cos(angle);
  const nearRange = reach.maxRange + ((flightA.maxSpeed + flightB.maxSpeed) * step) / 2;

  const [stateA, stateB] = [new Float64Array(6), new Float64Array(6)];
  const margins: Margins = { sight: 0, sightRate: 0, range: 0, rangeRate: 0 };
  const look = (t: number): Margins => {
    stateInto(a, t, stateA);
    stateInto(b, t, stateB);
    marginsInto(stateA, stateB, reach, margins);
    return margins;
  };
  const even = a.step === b.step;
  const dotAt = (node: number): number => {
    const i = node * 6;
    const [p, q] = [a.states, b.states];
    return (
      (p[i] as number) * (q[i] as number) +
      (p[i + 1] as number) * (q[i + 1] as number) +
      (p[i + 2] as number) * (q[i + 2] as number)
    );
  };
  const isNear = (node: number): boolean => {
    if (!even) return true;
    const dot = dotAt(node);
    const [ra, rb] = [a.radii[node] as number, b.radii[node] as number];
    return dot >= nearCosine * ra * rb && ra * ra + rb * rb - 2 * dot <= nearRange * nearRange;
  };

  const sight = follow(
    (t) => look(t).sight,
    (t) => look(t).sightRate,
  );
  const range = follow(
    (t) => look(t).range,
    (t) => look(t).rangeRate,
  );
  const ranges: number[] = []; // t and margin at the nodes
  let previous = -1;
  const push = (node: number): void => {
    const t = node === last ? span : node * step;
    const joined = node > 0 && previous === node - 1;
    const { sight: s, sightRate, range: r, rangeRate } = look(t);
    sight.node(t, s, sightRate, joined);
    range.node(t, r, rangeRate, joined);
    ranges.push(t, r);
    previous = node;
  };
  let nearBefore = isNear(0);
  for (let node = 1; node <= last; node++) {
    const near = isNear(node);
    if (near || nearBefore) {
      if (previous !== node - 1) push(node - 1);
      push(node);
    }
    nearBefore = near;
  }
  sight.close(span);
  range.close(span);

  return overlap(sight.edges, range.edges).map(([from, to]): CrosslinkWindow => {
    const atEdges = [look(from).range, look(to).range];
    let [most, least] = [Math.max(...atEdges), Math.min(...atEdges)];
    for (const points of [ranges, range.turns]) {
      for (let i = 0; i < points.length; i += 2) {
        if ((points[i] as number) < from || (points[i] as number) > to) continue;
        most = Math.max(most, points[i + 1] as number);
        least = Math.min(least, points[i + 1] as number);
      }
    }
    return {
      a: flightA.satellite,
      b: flightB.satellite,
      from: instant(epoch + from),
      to: instant(epoch + to),
      minRange: metres(reach.maxRange - most),
      maxRange: metres(reach.maxRange - Math.max(0, least)),
    };
  });
};
