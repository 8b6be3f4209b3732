import { nodeQueue } from "./routing-queue.ts";
import type { GroundQuest, Search, Terrain, Way } from "./routing-search.ts";

/** Never more than a bundle needs from a node to one satellite: seconds, and seconds a bit besides. */
interface Bound {
  readonly seconds: (node: number) => number;
  readonly secondsPerBit: (node: number) => number;
}

/** Numbers that bounds may take, 8 bytes each. Overflow policy: drop the bound that was made first. */
const boundNumbers = 16e6;
/** Contacts that are searched for a way before everything is. */
const patience = 4;

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

/** Contacts of the satellites that can reach each other, however many hops and hours that takes: in order of their start. */
interface Field {
  readonly hops: Int32Array;
  readonly senders: Int32Array;
  /** The latest end of the contacts up to this one: never falls, so it can be searched. */
  readonly latestEnd: Float64Array;
}

/** Of each node: the number of the satellites that crosslinks ever join it to, over however many hops and hours. Stations pass nothing on. */
export const reachGroups = ({ graph, isStation }: Pick<Terrain, "graph" | "isStation">): Int32Array => {
  const { firstPair, pairTo, nodes } = graph;
  const parent = Int32Array.from(nodes.keys());
  const rootOf = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root] as number;
    for (let at = node; at !== root;) [at, parent[at]] = [parent[at] as number, root];
    return root;
  };
  for (let from = 0; from < nodes.length; from++) {
    if (isStation[from] === 1) continue;
    for (let pair = firstPair[from] as number; pair < (firstPair[from + 1] as number); pair++) {
      const to = pairTo[pair] as number;
      if (isStation[to] !== 1) parent[rootOf(from)] = rootOf(to);
    }
  }
  const numbers = new Map<number, number>();
  return Int32Array.from(nodes.keys(), (node) => {
    const root = rootOf(node);
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
};

/** The field that each node belongs to. Satellites that never have a link to others have one of their own. */
const fieldsOf = (terrain: Terrain): readonly Field[] => {
  const { graph, isStation } = terrain;
  const { nodes, nodeOf, hops, start, end } = graph;
  const groups = reachGroups(terrain);
  const contacts = new Map<number, number[]>();
  for (const [hop, { from, to }] of hops.entries()) {
    if (isStation[nodeOf.get(to) as number] !== 1) continue;
    const group = groups[nodeOf.get(from) as number] as number;
    const known = contacts.get(group);
    if (known === undefined) contacts.set(group, [hop]);
    else known.push(hop);
  }
  const none: Field = {
    hops: new Int32Array(0),
    senders: new Int32Array(0),
    latestEnd: new Float64Array(0),
  };
  const fields = new Map(
    [...contacts].map(([group, list]) => {
      const sorted = Int32Array.from(
        list.toSorted((a, b) => (start[a] as number) - (start[b] as number) || a - b),
      );
      let latest = 0;
      const latestEnd = Float64Array.from(sorted, (hop) => (latest = Math.max(latest, end[hop] as number)));
      const senders = sorted.map((hop) => nodeOf.get((hops[hop] as (typeof hops)[number]).from) as number);
      return [group, { hops: sorted, senders, latestEnd }] as const;
    }),
  );
  return nodes.map((_, node) => fields.get(groups[node] as number) ?? none);
};

/**
 * The least cost from every node to `goal`, reckoned no farther than it is asked for: Dijkstra's algorithm from the goal outwards, which stops
 * where a node is certain and goes on from there. Goals are near, as a rule, and constellations wide.
 */
const leastTo = (
  { first, sender }: Pick<ReturnType<typeof approaches>, "first" | "sender">,
  costs: Float64Array,
  goal: number,
): ((node: number) => number) => {
  const least = new Float64Array(first.length - 1).fill(Infinity);
  const queue = nodeQueue();
  least[goal] = 0;
  queue.push(0, goal);
  /** What is known to be at most so far is certain: all that comes later is farther. */
  let certain = 0;
  return (asked) => {
    while ((least[asked] as number) > certain) {
      const node = queue.pop();
      if (node < 0) {
        certain = Infinity;
        break;
      }
      certain = queue.lastKey();
      const known = least[node] as number;
      if (certain > known) continue;
      for (let at = first[node] as number; at < (first[node + 1] as number); at++) {
        const from = sender[at] as number;
        const cost = known + (costs[at] as number);
        if (cost >= (least[from] as number)) continue;
        least[from] = cost;
        queue.push(cost, from);
      }
    }
    return least[asked] as number;
  };
};

/** Contacts that might be the first to have sent a bundle, and when at the earliest: columns that are used again and again. */
const openCandidates = () => {
  let contacts = new Int32Array(64);
  let promises = new Float64Array(64);
  let bound = new Uint8Array(64);
  let count = 0;
  return {
    clear(): void {
      count = 0;
    },
    add(contact: number, promise: number): void {
      if (count === contacts.length) {
        const [oldContacts, oldPromises, oldBound] = [contacts, promises, bound];
        contacts = new Int32Array(2 * count);
        promises = new Float64Array(2 * count);
        bound = new Uint8Array(2 * count);
        contacts.set(oldContacts);
        promises.set(oldPromises);
        bound.set(oldBound);
      }
      contacts[count] = contact;
      promises[count] = promise;
      bound[count++] = 0;
    },
    /** The first of those with the least promise; −1 when nobody promises anything. */
    least(): number {
      let least = -1;
      let promise = Infinity;
      for (let at = 0; at < count; at++) {
        if ((promises[at] as number) >= promise) continue;
        promise = promises[at] as number;
        least = at;
      }
      return least;
    },
    count: (): number => count,
    contactOf: (at: number): number => contacts[at] as number,
    promiseOf: (at: number): number => promises[at] as number,
    /** The way to its satellite has been taken into account. */
    isBound: (at: number): boolean => bound[at] === 1,
    bind(at: number, promise: number): void {
      bound[at] = 1;
      promises[at] = promise;
    },
    drop(at: number): void {
      promises[at] = Infinity;
    },
  };
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
  const inward = approaches(terrain);
  const fields = fieldsOf(terrain);
  const candidates = openCandidates();

  const bounds = new Map<number, Bound>();
  const boundTo = (goal: number): Bound => {
    const known = bounds.get(goal);
    if (known !== undefined) return known;
    const made = {
      seconds: leastTo(inward, inward.seconds, goal),
      secondsPerBit: leastTo(inward, inward.secondsPerBit, goal),
    };
    if ((bounds.size + 1) * nodes.length * 2 > boundNumbers) {
      for (const oldest of bounds.keys()) {
        bounds.delete(oldest);
        break;
      }
    }
    bounds.set(goal, made);
    return made;
  };

  /** First contact of a field that may end after `t`. */
  const firstContact = ({ latestEnd }: Field, t: number): number => {
    let low = 0;
    let high = latestEnd.length;
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
      const field = fields[source] as Field;
      const leavesAtOnce = downwards(readyAt);
      /** When contact n would have sent all, where it leaves at that time. */
      const promiseOf = (hop: number, leaves: number): number =>
        calendar.finish(hop, leaves, bits) + (latency[hop] as number);
      candidates.clear();
      let best: Way | null = null;
      let bestArrival = limit;
      let next = firstContact(field, readyAt);
      for (let tries = 0; ;) {
        let chosen = candidates.least();
        let promise = chosen < 0 ? Infinity : candidates.promiseOf(chosen);
        for (; next < field.hops.length; next++) {
          const hop = field.hops[next] as number;
          if ((start[hop] as number) >= Math.min(promise, bestArrival)) break;
          if ((end[hop] as number) <= readyAt || !calendar.mayHold(hop, bits)) continue;
          // As if the bundle were there already; who is behind others anyway need not be looked at more closely.
          const there = promiseOf(hop, field.senders[next] === source ? readyAt : leavesAtOnce);
          if (there > limit) continue;
          candidates.add(next, there);
          if (there < promise) [chosen, promise] = [candidates.count() - 1, there];
        }
        if (chosen < 0 || (best !== null && promise >= bestArrival)) return best;
        const contact = candidates.contactOf(chosen);
        const hop = field.hops[contact] as number;
        const goal = field.senders[contact] as number;
        const { seconds, secondsPerBit } = boundTo(goal);
        const ahead = (node: number): number => seconds(node) + whole * secondsPerBit(node);
        if (!candidates.isBound(chosen)) {
          // The time that nothing can beat.
          const reached = Math.max(readyAt, floor(readyAt) + ahead(source));
          const bound = promiseOf(hop, goal === source ? readyAt : downwards(reached));
          if (bound > limit) candidates.drop(chosen);
          else candidates.bind(chosen, bound);
          continue;
        }
        if (tries++ === patience) return search.toGround({ ...quest, limit: bestArrival }) ?? best;

        const there = search.earliest({
          ...quest,
          limit: Math.min(bestArrival, end[hop] as number),
          goal,
          ahead,
        });
        if (there !== null) {
          const leaves = goal === source ? readyAt : downwards(there.arrival);
          const arrival = promiseOf(hop, leaves);
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
        candidates.drop(chosen);
      }
    },
  };
};
