import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Hop } from "../../../operators/mesh/routing-graph.ts";
import { openRouter } from "../../../operators/mesh/routing.ts";
import { seconds } from "../../../pipeline/units.ts";
import { ask, day0, hop, routerOf, type Settings } from "./routing-world.ts";

/** A small random world: nodes a … e and stations G, H; windows, rates and sizes on whole seconds and bytes. */
const world = fc.record({
  hops: fc
    .array(
      fc.record({
        from: fc.constantFrom("a", "b", "c", "d", "e"),
        to: fc.constantFrom("a", "b", "c", "d", "e", "G", "H"),
        start: fc.integer({ min: 0, max: 60 }),
        length: fc.integer({ min: 1, max: 40 }),
        latency: fc.integer({ min: 0, max: 5 }),
      }),
      { minLength: 10, maxLength: 30 },
    )
    .map((list) =>
      list
        .filter(({ from, to }) => from !== to)
        .map(({ from, to, start, length, latency }, n) =>
          hop(`h${n}`, [from, to], [start, start + length], { latency }),
        ),
    ),
  requests: fc.array(
    fc.record({
      source: fc.constantFrom("a", "b", "c", "d", "e"),
      readyAt: fc.integer({ min: 0, max: 50 }),
      size: fc.integer({ min: 1, max: 15 }),
    }),
    { minLength: 5, maxLength: 25 },
  ),
  epochs: fc.constantFrom(
    {},
    { epoch: 7, custody: "relay" } as const,
    { epoch: 20, custody: "relay" } as const,
    { epoch: 7, custody: "carrier" } as const,
    { epoch: 20, custody: "carrier" } as const,
  ),
});

/** Second by second: which seconds of a hop are taken. The slow way, to check the fast one. */
class Seconds {
  readonly #taken = new Map<string, Set<number>>();

  /** The seconds that `count` bytes would take on the hop from `t` on; `null` when it has less. */
  free(on: Hop, t: number, count: number): readonly number[] | null {
    const taken = this.#taken.get(on.id) ?? new Set();
    const found: number[] = [];
    for (let s = Math.max(t, on.start - day0); s < on.end - day0 && found.length < count; s++) {
      if (!taken.has(s)) found.push(s);
    }
    return found.length < count ? null : found;
  }

  take(on: Hop, list: readonly number[]): void {
    const taken = this.#taken.get(on.id) ?? new Set();
    this.#taken.set(on.id, taken);
    for (const second of list) {
      expect(taken.has(second)).toBe(false);
      taken.add(second);
    }
  }
}

/** When what was received at `t` may be sent to `next`. */
const leaving = (t: number, next: string, { epoch, custody }: Settings): number =>
  epoch === undefined || (custody === "carrier" && next > "Z") ? t : Math.ceil(t / epoch) * epoch;

/** The earliest arrival over every path without a loop. */
const bruteForce = (
  hops: readonly Hop[],
  used: Seconds,
  { source, readyAt, size }: { readonly source: string; readonly readyAt: number; readonly size: number },
  epochs: Settings,
): number => {
  let best = Infinity;
  const walk = (node: string, t: number, seen: readonly string[]): void => {
    if (t >= best) return;
    if (node === "G" || node === "H") {
      best = t;
      return;
    }
    for (const next of hops) {
      if (next.from !== node || seen.includes(next.to)) continue;
      const sent = used.free(next, node === source ? t : leaving(t, next.to, epochs), size);
      if (sent === null) continue;
      const there = sent.at(-1)! + 1 + next.latency;
      walk(next.to, there, [...seen, next.to]);
    }
  };
  walk(source, readyAt, [source]);
  return best;
};

describe("routing", () => {
  test("equals trying every path, booking after booking, inside windows, in order, never twice the same second", () => {
    let [found, relayed, delayed] = [0, 0, 0];
    fc.assert(
      fc.property(world, ({ hops, requests, epochs }) => {
        const router = routerOf(hops, epochs);
        const empty = routerOf(hops, epochs);
        const used = new Seconds();
        const carried = new Map<string, number>();
        for (const request of requests.toSorted((a, b) => a.readyAt - b.readyAt)) {
          const asked = ask(request.source, request.readyAt, request.size);
          const optimum = bruteForce(hops, used, request, epochs);
          const route = router.route(asked);
          expect(route === null ? Infinity : route.arrival - day0).toBe(optimum);
          if (route === null) continue;
          found++;
          if (route.hops.length > 1) relayed++;
          const alone = empty.find(asked)!.arrival;
          expect(route.arrival).toBeGreaterThanOrEqual(alone);
          if (route.arrival > alone) delayed++;
          let at: string = request.source;
          let t = request.readyAt;
          for (const { hop: id, from, to, start, end, arrival } of route.hops) {
            const over = hops.find((one) => one.id === id)!;
            expect([from, to]).toEqual([over.from, over.to]);
            expect(from).toBe(at);
            if (at !== request.source) t = leaving(t, to, epochs);
            expect(start - day0).toBeGreaterThanOrEqual(t);
            expect(start).toBeGreaterThanOrEqual(over.start);
            expect(end).toBeLessThanOrEqual(over.end);
            const sent = used.free(over, t, request.size)!;
            expect([start - day0, end - day0]).toEqual([sent[0], sent.at(-1)! + 1]);
            used.take(over, sent);
            carried.set(id, (carried.get(id) ?? 0) + request.size);
            expect(arrival - end).toBe(over.latency);
            at = to;
            t = arrival - day0;
          }
          expect(at).toBe(route.station);
        }
        for (const over of hops) {
          const booked = router.bookings(over.id, 0).reduce((sum, { from, to }) => sum + (to - from), 0);
          expect(booked).toBeCloseTo(carried.get(over.id) ?? 0, 4);
        }
      }),
      { numRuns: 400 },
    );
    expect(Math.min(found, relayed, delayed)).toBeGreaterThan(300);
  });

  test("is the same whatever the order of hops", () => {
    fc.assert(
      fc.property(world, fc.integer(), ({ hops, requests }, turn) => {
        const turned = hops.map((_, n) => hops[(n + Math.abs(turn)) % hops.length]!).toReversed();
        const [one, other] = [routerOf(hops), routerOf(turned)];
        for (const { source, readyAt, size } of requests) {
          const asked = ask(source, 0 * readyAt, size);
          expect(other.route(asked)).toEqual(one.route(asked));
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** Made by test/golden/link/routes.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../golden/link/routes.json", import.meta.url), "utf8"),
) as {
  readonly satellites: number;
  readonly hops: readonly (readonly [
    from: number,
    to: number,
    start: number,
    end: number,
    latency: number,
  ])[];
  readonly routes: readonly (readonly [
    source: number,
    ready: number,
    size: number,
    arrival: number | null,
  ])[];
};

test("arrives when SciPy's search of the time-expanded graph does", () => {
  const name = (node: number): string => (node < golden.satellites ? `s${node}` : `G${node}`);
  const router = openRouter({
    hops: golden.hops.map(([from, to, start, end, latency], n) =>
      hop(`h${n}`, [name(from), name(to)], [start, end], { latency }),
    ),
    stations: golden.hops.map(([, to]) => name(to)).filter((node) => node.startsWith("G")),
    epochs: null,
    lookAhead: seconds(10_000),
    shares: [1],
  });
  const ours = golden.routes.map(([source, ready, size]) => router.find(ask(name(source), ready, size)));
  expect(ours.map((route) => (route === null ? null : route.arrival - day0))).toEqual(
    golden.routes.map(([, , , arrival]) => arrival),
  );
  expect(ours.filter((route) => (route?.hops.length ?? 0) > 3).length).toBeGreaterThan(50);
});
