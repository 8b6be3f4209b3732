import type { Route, Router, RouteRequest } from "./routing.ts";
import type { Way } from "./routing-search.ts";

/** How shards share the search for routes: each looks for some of them, and books what all have found. */
export interface RouteSharing {
  /** The index of this shard, and how many there are. */
  readonly index: number;
  readonly of: number;
  /** Gathers what every shard found in an epoch, one's own among it; see `packWays`. */
  readonly exchange: (epoch: number, ways: Float64Array) => Promise<readonly Float64Array[]>;
}

/** A way and the place of its offer among those of the epoch. */
interface PlacedWay {
  readonly place: number;
  readonly way: Way;
}

/** Ways as numbers, for threads: of each its place, station, arrival, count of steps, and of each step its hop and when it is begun. */
const packWays = (ways: readonly PlacedWay[]): Float64Array =>
  Float64Array.from(
    ways.flatMap(({ place, way: { node, arrival, steps } }) => [
      place,
      node,
      arrival,
      steps.length,
      ...steps.flatMap(({ hop, from }) => [hop, from]),
    ]),
  );

const unpackWays = (packed: Float64Array): readonly PlacedWay[] => {
  const ways: PlacedWay[] = [];
  let at = 0;
  const read = (): number => packed[at++] as number;
  while (at < packed.length) {
    const [place, node, arrival, count] = [read(), read(), read(), read()];
    const steps = Array.from({ length: count }, () => ({ hop: read(), from: read() }));
    ways.push({ place, way: { node, arrival, steps } });
  }
  return ways;
};

/**
 * The routes of an epoch's offers, in their order, all booked. Offers of different parts never take from each other (`Router.partOf`), so each part can be
 * searched by another shard: every router ends with the same bookings, and the routes are those that one would have found.
 * `sharing: null`: all are searched here.
 */
export const routesOf = async (
  router: Router,
  epoch: number,
  offers: readonly RouteRequest[],
  sharing: RouteSharing | null,
): Promise<readonly (Route | null)[]> => {
  if (sharing === null) return offers.map((offer) => router.route(offer));
  if (offers.length === 0) return [];
  const routes: (Route | null)[] = Array.from({ length: offers.length }, () => null);
  const found: PlacedWay[] = [];
  for (const [place, offer] of offers.entries()) {
    // Where there is but one part, the first shard, which has more to do than the others, does not search it.
    if ((router.partOf(offer) + 1) % sharing.of !== sharing.index) continue;
    const way = router.way(offer);
    if (way === null) continue;
    routes[place] = router.follow(offer, way);
    found.push({ place, way });
  }
  const all = await sharing.exchange(epoch, packWays(found));
  for (const [shard, packed] of all.entries()) {
    if (shard === sharing.index) continue;
    for (const { place, way } of unpackWays(packed))
      routes[place] = router.follow(offers[place] as RouteRequest, way);
  }
  return routes;
};
