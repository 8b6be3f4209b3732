import { SwathError } from "../../pipeline/errors.ts";
import { instant, type Bytes, type Instant, type Seconds } from "../../pipeline/units.ts";
import { openCalendar, type Calendar, type CalendarSnapshot } from "./routing-calendar.ts";
import { openDescents, reachGroups } from "./routing-descent.ts";
import { epochOf, epochStart, handOver, type EpochRule } from "./routing-epoch.ts";
import { routeGraph, type Hop } from "./routing-graph.ts";
import { openSearch, type Step, type Terrain, type Way } from "./routing-search.ts";

/** What a router is made from. */
export interface RouterOptions {
  readonly hops: readonly Hop[];
  /** Nodes where ways end. */
  readonly stations: readonly string[];
  /** Who waits for the end of an epoch (`handOver`) before it sends what it received; `null`: nobody. */
  readonly epochs: EpochRule | null;
  /** What cannot be on the ground so long after it is ready gets no route. */
  readonly lookAhead: Seconds;
  /**
   * Share of every hop's rate for each priority, most urgent first, together at most 1. Priorities never take from each other, so
   * what is urgent does not wait behind what was booked before it.
   */
  readonly shares: readonly number[];
}

/** A bundle that wants to go to the ground. */
export interface RouteRequest {
  /** Where it is. */
  readonly source: string;
  readonly readyAt: Instant;
  /** As it crosses hops, framing included; more than 0. */
  readonly bytes: Bytes;
  /** Index into the router's shares; what is beyond them counts as the last. */
  readonly priority: number;
}

/** One hop of a route. Others may be sent in between. */
export interface RouteHop {
  /** `Hop.id`. */
  readonly hop: string;
  readonly from: string;
  readonly to: string;
  /** First and last bit sent. */
  readonly start: Instant;
  readonly end: Instant;
  /** The last bit is there. */
  readonly arrival: Instant;
}

/** A path from a satellite to a station, hop by hop. */
export interface Route {
  readonly hops: readonly RouteHop[];
  readonly station: string;
  /** At the station. */
  readonly arrival: Instant;
}

/** A stretch of time for which a hop, or the share of a priority, is booked. */
export interface Booking {
  readonly from: Instant;
  readonly to: Instant;
}

/** What is booked, by priority. */
export interface RouterSnapshot {
  readonly calendars: readonly CalendarSnapshot[];
  /** What lies before has been forgotten; seconds since the graph's origin. */
  readonly horizon: number;
}

/** Where a bundle could go from satellite to satellite, as long as nothing else is looked for or booked. */
export interface RouteReach {
  /** When a node would have it; `null`: not within the limit. */
  readonly arrivalAt: (node: string) => Instant | null;
  /** Books the way to a node that can be reached. */
  readonly book: (node: string) => readonly RouteHop[];
}

/** Finds routes and books the capacity that they use. */
export interface Router {
  /**
   * The route that is earliest on the ground given what has been booked, and books it; `null` when there is none within the
   * look-ahead. First come, first booked: call in order of readiness (`inRoutingOrder`).
   */
  readonly route: (request: RouteRequest) => Route | null;
  /** The same without booking it. */
  readonly find: (request: RouteRequest) => Route | null;
  /** The way of that route, which another router of the same hops and bookings can `follow`; books nothing. */
  readonly way: (request: RouteRequest) => Way | null;
  /** Books a way that was found for this request. */
  readonly follow: (request: RouteRequest, way: Way) => Route;
  /**
   * Requests of different parts never take from each other: they have other priorities, or come from satellites that no crosslinks ever join.
   * Counts from 0.
   */
  readonly partOf: (request: RouteRequest) => number;
  /** The earliest ways to all nodes by `limit`: for what is not bound for the ground. */
  readonly reach: (request: RouteRequest, limit: Instant) => RouteReach;
  readonly bookings: (hop: string, priority: number) => readonly Booking[];
  /** Drops bookings before `t`, for memory; nothing may become ready earlier from now on. */
  readonly forget: (t: Instant) => void;
  readonly snapshot: () => RouterSnapshot;
  /** Goes on, with nothing booked, as a router of the same hops did. */
  readonly restore: (snapshot: RouterSnapshot) => void;
}

/** Everything routed together goes by priority, then readiness, then the source's name, then the order it came in. */
export const inRoutingOrder = <Request extends RouteRequest>(
  requests: readonly Request[],
): readonly Request[] =>
  requests.toSorted(
    (a, b) =>
      a.priority - b.priority ||
      a.readyAt - b.readyAt ||
      (a.source < b.source ? -1 : a.source > b.source ? 1 : 0),
  );

/** Up to this number of nodes a search for any station is faster than one with a lower bound; both find the same arrival. */
const fewNodes = 64;

const requireShares = (shares: readonly number[]): void => {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length > 0 && shares.every((share) => share > 0) && sum <= 1 + 1e-9) return;
  throw new SwathError("config", {
    what: "shares of the priorities on a hop",
    wanted: "at least one, each more than 0, together at most 1",
    got: shares.join(", ") || "none",
  });
};

/** Waits for the end of an epoch, in seconds since `origin`. */
const waitsOf = (epochs: EpochRule | null, origin: Instant): Omit<Terrain, "graph" | "isStation"> => {
  const at = (t: number): number => t;
  if (epochs === null) return { onwards: at, downwards: at, floor: at, epoch: 0 };
  const next = (t: number): number => (t === Infinity ? t : handOver(epochs, instant(origin + t)) - origin);
  if (epochs.custody === "carrier") return { onwards: at, downwards: next, floor: at, epoch: 0 };
  const floor = (t: number): number => epochStart(epochs, epochOf(epochs, instant(origin + t))) - origin;
  return { onwards: next, downwards: at, floor, epoch: epochs.length };
};

/**
 * Routes bundles store and forward over hops that come and go: earliest arrival over the time-expanded contact plan, as
 * schedule-aware bundle routing has it (SABR, CCSDS 734.3-B-1), each bundle whole over every hop, its bits booked along the
 * path. Deterministic: the same calls in the same order give the same routes, whatever the order of hops and stations.
 *
 * @throws SwathError("link") for hops that cannot be, SwathError("config") for shares or an epoch's length that cannot be
 */
export const openRouter = ({ hops, stations, epochs, lookAhead, shares }: RouterOptions): Router => {
  requireShares(shares);
  if (epochs !== null && !(epochs.length > 0 && epochs.length < Infinity)) {
    throw new SwathError("config", {
      what: "an epoch's length",
      wanted: "more than 0 s",
      got: `${epochs.length}`,
    });
  }
  const graph = routeGraph(hops);
  const { origin } = graph;
  const isStation = new Uint8Array(graph.nodes.length);
  for (const station of stations) {
    const node = graph.nodeOf.get(station);
    if (node !== undefined) isStation[node] = 1;
  }
  const terrain = { graph, isStation, ...waitsOf(epochs, origin) };
  const search = openSearch(terrain);
  const { earliest } =
    graph.nodes.length > fewNodes ? openDescents(terrain, search) : { earliest: search.toGround };
  const calendars = shares.map((share) => openCalendar(graph, share));
  const calendarOf = (priority: number) =>
    calendars[Math.min(calendars.length - 1, Math.max(0, priority))] as (typeof calendars)[number];
  let horizon = -Infinity;

  const hopsOf = (
    steps: readonly Step[],
    calendar: Calendar,
    bits: number,
    books: boolean,
  ): readonly RouteHop[] =>
    steps.map(({ hop, from }): RouteHop => {
      const sending = calendar[books ? "book" : "plan"](hop, from, bits);
      const { id, from: sender, to, latency } = graph.hops[hop] as Hop;
      return {
        hop: id,
        from: sender,
        to,
        start: instant(origin + sending.from),
        end: instant(origin + sending.to),
        arrival: instant(origin + sending.to + latency),
      };
    });

  const wayOf = ({ source, readyAt, bytes, priority }: RouteRequest): Way | null => {
    const node = graph.nodeOf.get(source);
    if (node === undefined) return null;
    const t = readyAt - origin;
    const bits = bytes * 8;
    if (!(t >= horizon))
      throw new RangeError(`a bundle ready at ${readyAt} after the router forgot that time`);
    if (!(bits > 0)) throw new RangeError(`a bundle of ${bytes} bytes`);
    const calendar = calendarOf(priority);
    return earliest({ calendar, source: node, readyAt: t, bits, limit: t + lookAhead });
  };
  const routeOf = ({ bytes, priority }: RouteRequest, way: Way, books: boolean): Route => ({
    hops: hopsOf(way.steps, calendarOf(priority), bytes * 8, books),
    station: graph.nodes[way.node] as string,
    arrival: instant(origin + way.arrival),
  });
  const answer = (request: RouteRequest, books: boolean): Route | null => {
    const way = wayOf(request);
    return way && routeOf(request, way, books);
  };
  const groups = reachGroups(terrain);
  const groupCount = groups.reduce((most, group) => Math.max(most, group), 0) + 1;

  return {
    route: (request) => answer(request, true),
    find: (request) => answer(request, false),
    reach({ source, readyAt, bytes, priority }, limit) {
      const node = graph.nodeOf.get(source);
      if (node === undefined) return { arrivalAt: () => null, book: () => [] };
      const [t, bits, calendar] = [readyAt - origin, bytes * 8, calendarOf(priority)];
      search.everywhere({ calendar, source: node, readyAt: t, bits, limit: limit - origin });
      return {
        arrivalAt(to) {
          const arrival = search.arrivalAt(graph.nodeOf.get(to) ?? graph.nodes.length);
          return arrival < Infinity ? instant(origin + arrival) : null;
        },
        book: (to) => hopsOf(search.pathTo(graph.nodeOf.get(to) as number), calendar, bits, true),
      };
    },
    way: wayOf,
    follow: (request, way) => routeOf(request, way, true),
    partOf: ({ source, priority }) =>
      Math.min(shares.length - 1, Math.max(0, priority)) * groupCount +
      (groups[graph.nodeOf.get(source) ?? 0] ?? 0),
    bookings(hop, priority) {
      const index = graph.hopOf.get(hop);
      if (index === undefined) return [];
      return calendarOf(priority)
        .taken(index)
        .map(({ from, to }) => ({ from: instant(origin + from), to: instant(origin + to) }));
    },
    forget(t) {
      horizon = Math.max(horizon, t - origin);
      for (const calendar of calendars) calendar.forget(horizon);
    },
    snapshot: () => ({ calendars: calendars.map((calendar) => calendar.snapshot()), horizon }),
    restore(snapshot) {
      horizon = snapshot.horizon;
      for (const [n, calendar] of calendars.entries())
        calendar.restore(snapshot.calendars[n] as CalendarSnapshot);
    },
  };
};
