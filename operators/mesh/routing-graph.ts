import { SwathError } from "../../pipeline/errors.ts";
import { formatInstant, type BitsPerSecond, type Instant, type Seconds } from "../../pipeline/units.ts";
import type { RateSpan } from "../../pipeline/link/rate/link-rate.ts";

/** One way from one node to another for a stretch of time: one direction of a crosslink, or a ground contact. */
export interface Hop {
  /** Unique. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Bits a second as they cross the hop; or stretches of it in order inside [start, end], nothing flowing between them. */
  readonly rate: BitsPerSecond | readonly RateSpan[];
  /** From the last bit sent to the last bit there: light time and turnaround. */
  readonly latency: Seconds;
}

/** Time against bits of a hop whose rate changes; all seconds since the graph's origin. */
interface RateCurve {
  readonly from: Float64Array;
  readonly rate: Float64Array;
  /** Bits that the hop has carried when stretch n begins, and, last, all of them. */
  readonly bits: Float64Array;
}

/**
 * Hops as arrays, seconds counted from `origin`: hops of one pair of nodes stand together in order of their start, pairs of
 * one sending node together. Nodes and hops are in order of their names, so the order of the input is irrelevant.
 */
export interface RouteGraph {
  readonly origin: Instant;
  readonly nodes: readonly string[];
  readonly nodeOf: ReadonlyMap<string, number>;
  readonly hops: readonly Hop[];
  readonly hopOf: ReadonlyMap<string, number>;
  /** Pairs of node n: firstPair[n] … firstPair[n + 1] − 1. */
  readonly firstPair: Int32Array;
  /** The receiving node of a pair. */
  readonly pairTo: Int32Array;
  /** Hops of pair p: firstHop[p] … firstHop[p + 1] − 1. */
  readonly firstHop: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The latest end among the hops of the pair up to this one: never falls, so it can be searched. */
  readonly latestEnd: Float64Array;
  readonly latency: Float64Array;
  /** Bits a second; for a hop with a curve, the fastest. */
  readonly rate: Float64Array;
  readonly curves: readonly (RateCurve | null)[];
  /** Everything that the hop can carry, bits. */
  readonly capacity: Float64Array;
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const refuse = ({ id }: Hop, what: string, wanted: string, got: string): SwathError =>
  new SwathError("link", { what: `${what} of hop "${id}"`, wanted, got });

const requireHop = (hop: Hop): void => {
  const { start, end, latency, rate } = hop;
  const text = (t: Instant): string => (Number.isFinite(t) ? formatInstant(t) : `${t}`);
  if (!(end > start)) throw refuse(hop, "window", "an end after its start", `${text(start)} … ${text(end)}`);
  if (!(latency >= 0 && latency < Infinity)) throw refuse(hop, "latency", "0 s or more", `${latency}`);
  const spans = typeof rate === "number" ? [{ from: start, to: end, rate }] : rate;
  let before = start;
  for (const { from, to, rate: bits } of spans) {
    if (!(bits >= 0 && bits < Infinity)) throw refuse(hop, "rate", "0 bit/s or more", `${bits}`);
    if (!(from >= before && to >= from && to <= end)) {
      throw refuse(hop, "rates", "stretches in order inside its window", `${text(from)} … ${text(to)}`);
    }
    before = to;
  }
};

const curveOf = (spans: readonly RateSpan[], origin: Instant): RateCurve => {
  const flowing = spans.filter(({ from, to, rate }) => to > from && rate > 0);
  const bits = new Float64Array(flowing.length + 1);
  for (const [n, { from, to, rate }] of flowing.entries())
    bits[n + 1] = (bits[n] as number) + (to - from) * rate;
  return {
    from: Float64Array.from(flowing, ({ from }) => from - origin),
    rate: Float64Array.from(flowing, ({ rate }) => rate),
    bits,
  };
};

/**
 * Makes a graph of hops. Hops of one pair may overlap: they are separate ways.
 *
 * @throws SwathError("link") for a hop that cannot be, or an identifier used twice
 */
export const routeGraph = (list: readonly Hop[]): RouteGraph => {
  for (const hop of list) requireHop(hop);
  const hops = list.toSorted(
    (a, b) => byName(a.from, b.from) || byName(a.to, b.to) || a.start - b.start || byName(a.id, b.id),
  );
  const hopOf = new Map(hops.map(({ id }, index) => [id, index]));
  if (hopOf.size !== hops.length) {
    const twice = hops.find(({ id }, index) => hopOf.get(id) !== index);
    throw new SwathError("link", { what: `hop id "${twice?.id}" stands twice` });
  }
  const nodes = [...new Set(hops.flatMap(({ from, to }) => [from, to]))].toSorted(byName);
  const nodeOf = new Map(nodes.map((name, index) => [name, index]));
  let earliest = Infinity;
  for (const { start } of hops) earliest = Math.min(earliest, start);
  const origin = (hops.length === 0 ? 0 : Math.floor(earliest)) as Instant;

  const firstPair = new Int32Array(nodes.length + 1);
  const pairTo: number[] = [];
  const firstHop: number[] = [];
  const latestEnd = new Float64Array(hops.length);
  for (const [index, hop] of hops.entries()) {
    const before = hops[index - 1];
    const isNew = before === undefined || before.from !== hop.from || before.to !== hop.to;
    if (isNew) {
      firstHop.push(index);
      pairTo.push(nodeOf.get(hop.to) as number);
      firstPair[(nodeOf.get(hop.from) as number) + 1]!++;
    }
    latestEnd[index] = Math.max(hop.end - origin, isNew ? -Infinity : (latestEnd[index - 1] as number));
  }
  for (let n = 0; n < nodes.length; n++) firstPair[n + 1]! += firstPair[n] as number;

  const curves = hops.map(({ rate }) => (typeof rate === "number" ? null : curveOf(rate, origin)));
  return {
    origin,
    nodes,
    nodeOf,
    hops,
    hopOf,
    firstPair,
    pairTo: Int32Array.from(pairTo),
    firstHop: Int32Array.from([...firstHop, hops.length]),
    start: Float64Array.from(hops, ({ start }) => start - origin),
    end: Float64Array.from(hops, ({ end }) => end - origin),
    latestEnd,
    latency: Float64Array.from(hops, ({ latency }) => latency),
    rate: Float64Array.from(hops, ({ rate }) =>
      typeof rate === "number" ? rate : rate.reduce((most, span) => Math.max(most, span.rate), 0),
    ),
    curves,
    capacity: Float64Array.from(hops, ({ rate, start, end }, index) =>
      typeof rate === "number" ? rate * (end - start) : (curves[index]?.bits.at(-1) as number),
    ),
  };
};

/** The last index whose value is at most `wanted`; `values` never falls, and its first is taken when none is. */
const lastAtMost = (values: Float64Array, length: number, wanted: number): number => {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] as number) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** Bits that a hop has carried by `t` when it is never idle. */
export const bitsBy = (graph: RouteGraph, hop: number, t: number): number => {
  const curve = graph.curves[hop];
  if (!curve) {
    const open = t - (graph.start[hop] as number);
    return open <= 0 ? 0 : Math.min(graph.capacity[hop] as number, open * (graph.rate[hop] as number));
  }
  const { from, rate, bits } = curve;
  if (from.length === 0) return 0;
  const n = lastAtMost(from, from.length, t);
  const open = Math.max(0, t - (from[n] as number));
  return Math.min(bits[n + 1] as number, (bits[n] as number) + open * (rate[n] as number));
};

/** When bit number `bit` of a hop leaves that is never idle: the end of what is before it, `begins` the start of what is after. */
export const timeOfBit = (graph: RouteGraph, hop: number, bit: number, begins: boolean): number => {
  const curve = graph.curves[hop];
  if (!curve) return (graph.start[hop] as number) + bit / (graph.rate[hop] as number);
  const { from, rate, bits } = curve;
  let n = lastAtMost(bits, rate.length, bit);
  if (!begins && n > 0 && bits[n] === bit) n--;
  return (from[n] as number) + (bit - (bits[n] as number)) / (rate[n] as number);
};
