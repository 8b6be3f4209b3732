import type { Calendar } from "./routing-calendar.ts";
import type { RouteGraph } from "./routing-graph.ts";
import { nodeQueue } from "./routing-queue.ts";

/** What a search is for; times are seconds since the graph's origin. */
export interface Quest {
  readonly calendar: Calendar;
  readonly source: number;
  readonly readyAt: number;
  readonly bits: number;
  /** Nodes that could only be reached later are left out. */
  readonly limit: number;
  /** Where the search may end; −1: at any station. */
  readonly goal: number;
  /**
   * Never more than what is left from node n to the goal, from any time on, as long as each step changes it by at most what the
   * step takes: a search that knows this goes straight (A*). `null`: nothing known (Dijkstra).
   */
  readonly ahead: ((node: number) => number) | null;
}

/** A step of a path: over `hop`, from its sender, where the whole bundle is from `from` on. */
export interface Step {
  readonly hop: number;
  readonly from: number;
}

/** A way to the ground. */
export interface Way {
  readonly steps: readonly Step[];
  /** The station. */
  readonly node: number;
  readonly arrival: number;
}

/** A bundle that has to go to any station. */
export type GroundQuest = Omit<Quest, "goal" | "ahead">;

/** The searches that a router makes over the hops. */
export interface Search {
  /** The earliest way to any station. */
  readonly toGround: (quest: GroundQuest) => Way | null;
  /** The earliest arrival over hops of what is free in the calendar; `null` when there is no way within the limit. */
  readonly earliest: (quest: Quest) => { readonly node: number; readonly arrival: number } | null;
  /** Looks for ways to all nodes at once, within the limit. */
  readonly everywhere: (quest: GroundQuest) => void;
  /** When the last search, of `everywhere`, was at a node; Infinity where it was not. */
  readonly arrivalAt: (node: number) => number;
  /** The way to a node that the last search reached. */
  readonly pathTo: (node: number) => readonly Step[];
}

/** What a graph's nodes are and when a bundle can leave them again. */
export interface Terrain {
  readonly graph: RouteGraph;
  /** 1 for stations: ways end there. */
  readonly isStation: Uint8Array;
  /** When what arrives at a satellite at `t` may be sent on, and, besides, down to a station. Neither ever falls with `t`. */
  readonly onwards: (t: number) => number;
  readonly downwards: (t: number) => number;
  /** Length of the epochs after which `onwards` rounds; 0 for none. */
  readonly epoch: number;
  /** The beginning of the epoch that `t` lies in, or `t`. */
  readonly floor: (t: number) => number;
}

/** Index of the first hop of [first, end) whose `latestEnd` lies after `t`. */
const firstOpen = (latestEnd: Float64Array, first: number, end: number, t: number): number => {
  if (end - first === 1) return (latestEnd[first] as number) > t ? first : end;
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((latestEnd[middle] as number) > t) high = middle;
    else low = middle + 1;
  }
  return low;
};

/**
 * Earliest arrival in a network whose hops come and go, by Dijkstra's algorithm over nodes. That is exact, since whoever is at
 * a node earlier can wait there: on every hop, to begin earlier is never to end later. Contact-graph routing (SABR, CCSDS
 * 734.3-B-1, §3.2.6) searches contacts instead of nodes with the same result; nodes are fewer.
 */
export const openSearch = ({ graph, isStation, onwards, downwards }: Terrain): Search => {
  const { firstPair, pairTo, firstHop, start, latestEnd, latency } = graph;
  const count = graph.nodes.length;
  const label = new Float64Array(count);
  const via = new Int32Array(count);
  /** `label` and `via` of a node count when its mark is that of the search; it is closed at mark + 1. */
  const mark = new Int32Array(count);
  const sender = new Int32Array(graph.hops.length);
  for (let node = 0; node < count; node++) {
    for (let pair = firstPair[node] as number; pair < (firstPair[node + 1] as number); pair++)
      sender.fill(node, firstHop[pair] as number, firstHop[pair + 1] as number);
  }
  const queue = nodeQueue();
  let open = -1;
  let source = -1;

  const search: Search = {
    toGround(quest) {
      const found = search.earliest({ ...quest, goal: -1, ahead: null });
      return found === null ? null : { ...found, steps: search.pathTo(found.node) };
    },
    earliest(quest) {
      const { calendar, readyAt, bits, limit, goal, ahead } = quest;
      const { finish } = calendar;
      source = quest.source;
      open += 2;
      queue.clear();
      label[source] = readyAt;
      via[source] = -1;
      mark[source] = open;
      queue.push(readyAt, source);
      for (let node = queue.pop(); node >= 0; node = queue.pop()) {
        if (mark[node] === open + 1) continue;
        mark[node] = open + 1;
        const t = label[node] as number;
        if (goal < 0 ? isStation[node] === 1 : node === goal) return { node, arrival: t };
        if (isStation[node] === 1) continue;
        for (let pair = firstPair[node] as number; pair < (firstPair[node + 1] as number); pair++) {
          const to = pairTo[pair] as number;
          if (mark[to] === open + 1) continue;
          const known = mark[to] === open ? (label[to] as number) : Infinity;
          let best = known;
          let bestHop = -1;
          const end = firstHop[pair + 1] as number;
          const leaves = isStation[to] === 1 && node !== source ? downwards(t) : t;
          for (let hop = firstOpen(latestEnd, firstHop[pair] as number, end, leaves); hop < end; hop++) {
            if ((start[hop] as number) >= best) break;
            const there = finish(hop, leaves, bits) + (latency[hop] as number);
            const arrival = isStation[to] === 1 ? there : onwards(there);
            if (arrival < best) [best, bestHop] = [arrival, hop];
          }
          if (bestHop < 0 || best > limit) continue;
          const key = ahead === null || to === goal ? best : best + ahead(to);
          if (key > limit) continue;
          label[to] = best;
          via[to] = bestHop;
          mark[to] = open;
          queue.push(key, to);
        }
      }
      return null;
    },
    everywhere(quest) {
      search.earliest({ ...quest, goal: count, ahead: null });
    },
    arrivalAt: (node) => (mark[node] === open + 1 ? (label[node] as number) : Infinity),
    pathTo(node) {
      const steps: Step[] = [];
      for (let at = node; at !== source;) {
        const hop = via[at] as number;
        const isDown = isStation[at] === 1;
        at = sender[hop] as number;
        const t = label[at] as number;
        steps.push({ hop, from: isDown && at !== source ? downwards(t) : t });
      }
      return steps.reverse();
    },
  };
  return search;
};
