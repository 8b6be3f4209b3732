import type { Custody } from "../../../operators/mesh/routing-epoch.ts";
import type { Hop } from "../../../operators/mesh/routing-graph.ts";
import { openRouter, type Router, type RouteRequest } from "../../../operators/mesh/routing.ts";
import { bitsPerSecond, bytes, instant, seconds } from "../../../pipeline/units.ts";

export const day0 = 1_767_225_600;

/** Times in seconds after `day0`, a rate of 8 bit/s unless told: a byte takes a second. */
export const hop = (
  id: string,
  [from, to]: readonly [string, string],
  [start, end]: readonly [number, number],
  { rate = 8, latency = 0 }: { readonly rate?: number; readonly latency?: number } = {},
): Hop => ({
  id,
  from,
  to,
  start: instant(day0 + start),
  end: instant(day0 + end),
  rate: bitsPerSecond(rate),
  latency: seconds(latency),
});

export const ask = (source: string, readyAt: number, size: number, priority = 0): RouteRequest => ({
  source,
  readyAt: instant(day0 + readyAt),
  bytes: bytes(size),
  priority,
});

export interface Settings {
  readonly epoch?: number;
  readonly custody?: Custody;
  readonly shares?: readonly number[];
  readonly lookAhead?: number;
}

export const routerOf = (
  hops: readonly Hop[],
  { epoch, custody = "relay", shares = [1], lookAhead = 1e6 }: Settings = {},
): Router =>
  openRouter({
    hops,
    stations: ["G", "H"],
    epochs: epoch === undefined ? null : { origin: instant(day0), length: seconds(epoch), custody },
    lookAhead: seconds(lookAhead),
    shares,
  });
