import { instant, seconds, type Seconds } from "../../pipeline/units.ts";
import { handOver, type EpochRule } from "../../operators/mesh/routing-epoch.ts";
import type { Hop } from "../../operators/mesh/routing-graph.ts";
import {
  inRoutingOrder,
  openRouter,
  type RouteRequest,
  type RouterOptions,
} from "../../operators/mesh/routing.ts";

/** How long products took to the ground. */
export interface Delivery {
  readonly delivered: number;
  /** Without a route within the look-ahead. */
  readonly undelivered: number;
  /** From ready to the last bit on the ground, over all products; `null` when those on the ground do not reach so far. */
  readonly median: Seconds | null;
  readonly p90: Seconds | null;
  /** Crosslinks passed by those that were delivered, on average; 0 when none was. */
  readonly meanCrosslinks: number;
}

export interface BenefitRequest extends Omit<RouterOptions, "hops"> {
  /** In any order. */
  readonly products: readonly RouteRequest[];
  /** From satellites to stations. */
  readonly contacts: readonly Hop[];
  readonly crosslinks: readonly Hop[];
}

/** The smallest value that `share` of all values do not exceed (nearest rank); `null` when that is endless. */
const rank = (sorted: Float64Array, share: number): Seconds | null => {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity;
  return value === Infinity ? null : seconds(value);
};

interface Flown {
  /** Of each product, in the order given; Infinity without a route. */
  readonly times: Float64Array;
  readonly crosslinks: number;
}

/** Routes all products, most urgent and first ready first, as if nothing else were sent; `from` is when one may be routed. */
const fly = (
  products: readonly RouteRequest[],
  options: RouterOptions,
  from: (product: RouteRequest) => RouteRequest["readyAt"],
): Flown => {
  const router = openRouter(options);
  const times = new Float64Array(products.length).fill(Infinity);
  let crosslinks = 0;
  const requests = products.map((product, index) => ({ ...product, readyAt: from(product), index }));
  for (const request of inRoutingOrder(requests)) {
    const route = router.route(request);
    if (route === null) continue;
    times[request.index] = route.arrival - (products[request.index] as RouteRequest).readyAt;
    crosslinks += route.hops.length - 1;
  }
  return { times, crosslinks };
};

const deliveryOf = ({ times, crosslinks }: Flown): Delivery => {
  const sorted = times.toSorted();
  const delivered = times.reduce((count, time) => count + (time < Infinity ? 1 : 0), 0);
  return {
    delivered,
    undelivered: times.length - delivered,
    median: rank(sorted, 0.5),
    p90: rank(sorted, 0.9),
    meanCrosslinks: crosslinks / Math.max(1, delivered),
  };
};

/** What the mesh buys: the same products over the same contacts, straight down only, and with crosslinks. */
export const withAndWithout = ({
  products,
  contacts,
  crosslinks,
  ...options
}: BenefitRequest): { readonly direct: Delivery; readonly mesh: Delivery } => {
  const at = ({ readyAt }: RouteRequest) => readyAt;
  return {
    direct: deliveryOf(fly(products, { ...options, hops: contacts }, at)),
    mesh: deliveryOf(fly(products, { ...options, hops: [...contacts, ...crosslinks] }, at)),
  };
};

/** What epochs of one length cost against hand-overs at once. */
export interface EpochCost {
  readonly length: Seconds;
  readonly delivery: Delivery;
  /** Later on the ground than without epochs, over the products that both deliver; `null` when there is none. */
  readonly addedMedian: Seconds | null;
  readonly addedP90: Seconds | null;
}

/**
 * States what the length of epochs costs. `batched`: products are routed when the epoch ends in which they were made, as
 * processes must that share a mesh; else at once, and only hand-overs wait.
 */
export const epochCosts = (
  request: Omit<BenefitRequest, "epochs">,
  lengths: readonly Seconds[],
  { origin, custody, batched }: Omit<EpochRule, "length"> & { readonly batched: boolean },
): readonly EpochCost[] => {
  const { products, contacts, crosslinks, ...rest } = request;
  const options = { ...rest, hops: [...contacts, ...crosslinks] };
  const { times: base } = fly(products, { ...options, epochs: null }, ({ readyAt }) => readyAt);
  return lengths.map((length): EpochCost => {
    const epochs = { origin, length, custody };
    const flown = fly(products, { ...options, epochs }, ({ readyAt }) =>
      batched ? handOver(epochs, instant(readyAt)) : readyAt,
    );
    const added = flown.times
      .map((time, n) => time - (base[n] as number))
      .filter((more) => Math.abs(more) < Infinity)
      .sort();
    return { length, delivery: deliveryOf(flown), addedMedian: rank(added, 0.5), addedP90: rank(added, 0.9) };
  });
};
