import { nodeQueue } from "./routing-queue.ts";
import type { GroundQuest, Search, Terrain, Way } from "./routing-search.ts";

/** Never more than a bundle needs from each node to one satellite: seconds, and seconds a bit besides. */
interface Bound {
  readonly seconds: Float64Array;
  readonly secondsPerBit: Float64Array;
}

/** Numbers that bounds may take, 8 bytes each. Overflow policy: drop the bound that was made first. */
const boundNumbers = 64e6;
/** Contacts that are searched for a way before everything is. */
const patience = 4;

/** A contact that might be the first to have sent a bundle, and when at the earliest. */
interface Candidate {
  readonly contact: number;
  promise: number;
  /** The way to its satellite has been taken into account. */
  isBound: boolean;
}

/** The first of those with the least promise. */
const leastOf = (candidates: readonly Candidate[]): Candidate | undefined => {
  let least = candidates[0];
  for (const candidate of candidates) if (candidate.promise < (least as Candidate).promise) least = candidate;
  return least;
};

/** Pairs of satellites, turned round: who can send to whom, with the least that it ever takes. */
const approaches = ({ graph, isStation, epoch }: Terrain) => {
  const { firstPair, pairTo, firstHop, latency, rate, nodes } = graph;
  const first = new Int32Array(nodes.length + 1);
  const each = (visit: (from: number, to: number, pair: number) => void): void => {
    for (let from = 0; from < nodes.length; from++) {
      for (let pair = firstPair[from] as number; pair < (firstPair[from + 1] as number); pair++) {
        const to = pairTo[pair] as number;
        if (isStation[from] !== 1 && isStation[to] !== 1) visit(from, to, pair);
      }
    }
  };
  each((_, to) => first[to + 1]!++);
  for (let node = 0; node < nodes.length; node++) first[node + 1]! += first[node] as number;
  const place = first.slice();
  const count = first[nodes.length] as number;
  const sender = new Int32Array(count);
  const seconds = new Float64Array(count).fill(Infinity);
  const secondsPerBit = new Float64Array(count).fill(Infinity);
  each((from, to, pair) => {
    const at = place[to]!++;
    sender[at] = from;
    for (let hop = firstHop[pair] as number; hop < (firstHop[pair + 1] as number); hop++) {
      seconds[at] = epoch > 0 ? epoch : Math.min(seconds[at] as number, latency[hop] as number);
      secondsPerBit[at] = epoch > 0 ? 0 : Math.min(secondsPerBit[at] as number, 1 / (rate[hop] as number));
    }
  });
  return { first, sender, seconds, secondsPerBit };
};

/**
 * The same answer as a search for any station, faster where satellites are many. The contacts are the narrow part of the
 * way: each is asked when it could have sent the bundle if nothing held it up before, the most promising is searched for by
 * a way that goes straight to its satellite, and where that keeps the promise, no other can be earlier. Promises that fail
 * are few as long as the mesh is not full; after `patience` of them everything is searched.
 */
export const openDescents = (
  terrain: Terrain,
  search: Search,
): { readonly earliest: (quest: GroundQuest) => Way | null } => {
  const { graph, isStation, downwards, floor } = terrain;
  const { start, end, latency, nodes, nodeOf, hops } = graph;
  const count = nodes.length;
  const inward = approaches(terrain);
  const queue = nodeQueue();

  const contacts = Int32Array.from(
    [...hops.keys()]
      .filter((hop) => isStation[nodeOf.get((hops[hop] as (typeof hops)[number]).to) as number] === 1)
      .toSorted((a, b) => (start[a] as number) - (start[b] as number) || a - b),
  );
  const senders = contacts.map((hop) => nodeOf.get((hops[hop] as (typeof hops)[number]).from) as number);
  const latestEnd = new Float64Array(contacts.length);
  for (const [n, hop] of contacts.entries())
    latestEnd[n] = Math.max(end[hop] as number, n > 0 ? (latestEnd[n - 1] as number) : 0);

  const leastTo = (goal: number, costs: Float64Array): Float64Array => {
    const least = new Float64Array(count).fill(Infinity);
    least[goal] = 0;
    queue.clear();
    queue.push(0, goal);
    for (let node = queue.pop(); node >= 0; node = queue.pop()) {
      const known = least[node] as number;
      if (queue.lastKey() > known) continue;
      for (let at = inward.first[node] as number; at < (inward.first[node + 1] as number); at++) {
        const from = inward.sender[at] as number;
        const cost = known + (costs[at] as number);
        if (cost >= (least[from] as number)) continue;
        least[from] = cost;
        queue.push(cost, from);
      }
    }
    return least;
  };
  const bounds = new Map<number, Bound>();
  const boundTo = (goal: number): Bound => {
    const known = bounds.get(goal);
    if (known !== undefined) return known;
    const made = {
      seconds: leastTo(goal, inward.seconds),
      secondsPerBit: leastTo(goal, inward.secondsPerBit),
    };
    if ((bounds.size + 1) * count * 2 > boundNumbers) {
      for (const oldest of bounds.keys()) {
        bounds.delete(oldest);
        break;
      }
    }
    bounds.set(goal, made);
    return made;
  };

  /** First contact that may end after `t`. */
  const firstContact = (t: number): number => {
    let low = 0;
    let high = contacts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((latestEnd[middle] as number) > t) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    earliest(quest) {
      const { calendar, source, readyAt, bits, limit } = quest;
      if (isStation[source] === 1) return search.toGround(quest);
      const whole = bits / calendar.share;
      /** When contact n would have sent all that reaches its satellite at the time that nothing can beat. */
      const promiseOf = (contact: number, reached: number): number => {
        const hop = contacts[contact] as number;
        const leaves = senders[contact] === source ? readyAt : downwards(reached);
        return calendar.finish(hop, leaves, bits) + (latency[hop] as number);
      };
      const candidates: Candidate[] = [];
      let best: Way | null = null;
      let bestArrival = limit;
      let next = firstContact(readyAt);
      for (let tries = 0; ;) {
        let chosen = leastOf(candidates);
        for (; next < contacts.length; next++) {
          const hop = contacts[next] as number;
          if ((start[hop] as number) >= Math.min(chosen?.promise ?? Infinity, bestArrival)) break;
          if ((end[hop] as number) <= readyAt || !calendar.mayHold(hop, bits)) continue;
          // As if the bundle were there already; who is behind others anyway need not be looked at more closely.
          const candidate = { contact: next, promise: promiseOf(next, readyAt), isBound: false };
          if (candidate.promise > limit) continue;
          candidates.push(candidate);
          if (chosen === undefined || candidate.promise < chosen.promise) chosen = candidate;
        }
        if (chosen === undefined || (best !== null && chosen.promise >= bestArrival)) return best;
        const { contact, promise } = chosen;
        const goal = senders[contact] as number;
        const { seconds, secondsPerBit } = boundTo(goal);
        const ahead = (node: number): number =>
          (seconds[node] as number) + whole * (secondsPerBit[node] as number);
        if (!chosen.isBound) {
          chosen.isBound = true;
          chosen.promise = promiseOf(contact, Math.max(readyAt, floor(readyAt) + ahead(source)));
          if (chosen.promise > limit) candidates.splice(candidates.indexOf(chosen), 1);
          continue;
        }
        if (tries++ === patience) return search.toGround({ ...quest, limit: bestArrival }) ?? best;

        const hop = contacts[contact] as number;
        const there = search.earliest({
          ...quest,
          limit: Math.min(bestArrival, end[hop] as number),
          goal,
          ahead,
        });
        if (there !== null) {
          const leaves = goal === source ? readyAt : downwards(there.arrival);
          const arrival = calendar.finish(hop, leaves, bits) + (latency[hop] as number);
          if (arrival < bestArrival || (best === null && arrival <= limit)) {
            const station = nodeOf.get((hops[hop] as (typeof hops)[number]).to) as number;
            best = {
              steps: [...search.pathTo(goal), { hop, from: leaves }],
              node: station,
              arrival,
            };
            bestArrival = arrival;
            if (arrival <= promise) return best;
          }
        }
        candidates.splice(candidates.indexOf(chosen), 1);
      }
    },
  };
};
