import { seconds, type Seconds } from "../units.ts";
import type { Hop } from "./routing-graph.ts";
import { inRoutingOrder, openRouter, type RouteRequest, type RouterOptions } from "./routing.ts";

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

/** The smallest value that `share` of all `total` values do not exceed (nearest rank); those not in `sorted` are endless. */
const rank = (sorted: Float64Array, total: number, share: number): Seconds | null => {
  const value = sorted[Math.max(0, Math.ceil(share * total) - 1)];
  return value === undefined ? null : seconds(value);
};

/** Routes all products over the hops given, most urgent and first ready first, as if nothing else were sent. */
export const deliveryOver = (hops: readonly Hop[], request: BenefitRequest): Delivery => {
  const { products, stations, epochs, lookAhead, shares } = request;
  const router = openRouter({ hops, stations, epochs, lookAhead, shares });
  const times: number[] = [];
  let crosslinks = 0;
  for (const product of inRoutingOrder(products)) {
    const route = router.route(product);
    if (route === null) continue;
    times.push(route.arrival - product.readyAt);
    crosslinks += route.hops.length - 1;
  }
  const sorted = Float64Array.from(times).sort();
  return {
    delivered: times.length,
    undelivered: products.length - times.length,
    median: rank(sorted, products.length, 0.5),
    p90: rank(sorted, products.length, 0.9),
    meanCrosslinks: crosslinks / Math.max(1, times.length),
  };
};

/** What the mesh buys: the same products over the same contacts, straight down only, and with crosslinks. */
export const withAndWithout = (
  request: BenefitRequest,
): { readonly direct: Delivery; readonly mesh: Delivery } => ({
  direct: deliveryOver(request.contacts, { ...request, epochs: null }),
  mesh: deliveryOver([...request.contacts, ...request.crosslinks], request),
});
