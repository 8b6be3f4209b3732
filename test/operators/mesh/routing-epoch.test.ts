import { describe, expect, test } from "vitest";
import { epochCosts, withAndWithout } from "../../bench/routing-benefit.ts";
import { epochOf, epochStart, handOversOf, type EpochRule } from "../../../operators/mesh/routing-epoch.ts";
import type { Hop } from "../../../operators/mesh/routing-graph.ts";
import { contactHops, crosslinkHops } from "../../../operators/mesh/routing-hops.ts";
import { inRoutingOrder, openRouter, type RouteRequest } from "../../../operators/mesh/routing.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { planCrosslinks } from "../../../planning/crosslinks/crosslink-plan.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { bitsPerSecond, bytes, instant, metres, seconds } from "../../../pipeline/units.ts";
import { builtinStations } from "../../../planning/contacts/station-networks.ts";

const from = walkerEpoch;

const to = instant(from + 6 * 3600);

const satellites = walkerSatellites(parseWalker("walker:30/3/1"), walkerEpoch);

const contactPlan = planContacts({ radio: {}, satellites, stations: builtinStations, from, to });

const crosslinkPlan = planCrosslinks({
  satellites,
  terminals: { terminals: 4, maxRange: metres(6e6), clearance: metres(80e3), pointingTime: seconds(30) },
  from,
  to,
  topology: "grid",
});

const contacts = contactHops(contactPlan, { kind: "fixed", rate: bitsPerSecond(20e6) });

const crosslinks = crosslinkHops(crosslinkPlan, bitsPerSecond(100e6));

const stations = builtinStations.map(({ id }) => id);

/** Each satellite's own: the same whoever asks. */
const productsOf = (satellite: string): readonly RouteRequest[] => {
  const random = seeded(1, "products", satellite);
  return Array.from({ length: 16 }, (): RouteRequest => ({
    source: satellite,
    readyAt: instant(from + random.uniform() * 4 * 3600),
    bytes: bytes(1000 + random.integer(40e6)),
    priority: random.integer(2),
  })).toSorted((a, b) => a.readyAt - b.readyAt);
};

const products = satellites.flatMap(({ id }) => productsOf(id));

const options = { stations, lookAhead: seconds(86_400), shares: [0.2, 0.8] };

test("hops are what the plans say: contacts down, crosslinks both ways, light under way", () => {
  expect(contacts.map(({ id }) => id)).toEqual(contactPlan.contacts.map(({ id }) => id));
  for (const { from: sender, to: receiver, latency } of contacts) {
    expect(stations).toContain(receiver);
    expect(stations).not.toContain(sender);
    expect(latency * 299_792_458).toBeLessThan(3e6);
    expect(latency * 299_792_458).toBeGreaterThan(500e3);
  }
  expect(crosslinks.length).toBe(2 * crosslinkPlan.links.length);
  const [link] = crosslinkPlan.links;
  const [there, back] = crosslinks as [Hop, Hop];
  expect([there.from, there.to, back.from, back.to]).toEqual([link!.a, link!.b, link!.b, link!.a]);
  expect([there.start, there.end, back.start]).toEqual([link!.from, link!.to, link!.from]);
  const steps = { kind: "by-elevation" as const, steps: [{ fromElevation: 10, rate: 1e6 }] };
  const stepped = contactHops(contactPlan, steps as unknown as Parameters<typeof contactHops>[1]);
  const rates = stepped.map(({ rate }) =>
    (rate as readonly { readonly rate: number }[]).map((span) => span.rate),
  );
  expect(rates.filter((list) => list.join() === "0,1000000,0").length).toBeGreaterThan(10);
});

describe("satellites flown in epochs by several processes", () => {
  const epochs: EpochRule = { origin: from, length: seconds(120), custody: "relay" };

  /**
   * Every process flies its own satellites through an epoch, then all exchange what was made and handed over. Each keeps a
   * router of its own and books what everyone made, in the same order.
   */
  const fly = (shards: number): readonly string[] => {
    const processes = Array.from({ length: shards }, (_, shard) => ({
      own: satellites.filter((__, n) => n % shards === shard).toReversed(),
      router: openRouter({ ...options, hops: [...contacts, ...crosslinks], epochs }),
    }));
    /** What each satellite holds, by what it was told in exchanges. */
    const holds = new Map<string, Map<string, number>>(satellites.map(({ id }) => [id, new Map()]));
    const log: string[] = [];
    for (let epoch = 0; epochStart(epochs, epoch) < to; epoch++) {
      const end = epochStart(epochs, epoch + 1);
      const made = processes.map(({ own }) =>
        own.flatMap(({ id }) =>
          productsOf(id)
            .map((product, number) => ({ ...product, key: `${id}#${number}` }))
            .filter(({ readyAt }) => epochOf(epochs, readyAt) === epoch)
            .map((product) => ({ ...product, readyAt: end })),
        ),
      );
      const told = inRoutingOrder(made.flat());
      const routes = processes.map(({ router }) => told.map((request) => router.route(request)));
      const text = JSON.stringify(routes[0]);
      for (const copy of routes.slice(1)) expect(JSON.stringify(copy) === text).toBe(true);
      for (const [n, route] of routes[0]!.entries()) {
        const { key, source } = told[n]!;
        if (route === null) continue;
        holds.get(source)!.set(key, end);
        const handed = handOversOf(epochs, route.hops);
        expect(handed.length).toBe(route.hops.length - 1);
        for (const [step, { to: receiver, epoch: during, ownedFrom }] of handed.entries()) {
          // Known in the exchange that ends the epoch, used from the next one on.
          expect(during).toBeGreaterThan(epoch);
          expect(epochStart(epochs, during + 1)).toBe(ownedFrom);
          expect(route.hops[step + 1]!.start).toBeGreaterThanOrEqual(ownedFrom);
          expect(route.hops[step]!.arrival).toBeLessThanOrEqual(ownedFrom);
          expect(route.hops[step]!.start).toBeGreaterThanOrEqual(
            holds.get(route.hops[step]!.from)!.get(key)!,
          );
          holds.get(receiver)!.set(key, ownedFrom);
        }
        log.push(`${key} ${route.hops.map(({ hop, start }) => `${hop}@${start}`).join(" ")}`);
      }
    }
    return log;
  };

  test("one, two or five: the same routes, and nothing is used before it is known", () => {
    const one = fly(1);
    expect(one.length).toBeGreaterThan(300);
    expect(one.filter((line) => line.split(" ").length > 3).length).toBeGreaterThan(60);
    expect(fly(2)).toEqual(one);
    expect(fly(5)).toEqual(one);
  });
});

describe("what the mesh buys", () => {
  test("sooner on the ground, and more of it; without crosslinks both are the same", () => {
    const request = { ...options, products, contacts, epochs: null };
    const { direct, mesh } = withAndWithout({ ...request, crosslinks });
    expect(mesh.median!).toBeLessThan(direct.median! / 3);
    expect(mesh.p90!).toBeLessThan(direct.p90!);
    expect(mesh.delivered).toBeGreaterThanOrEqual(direct.delivered);
    expect(mesh.delivered + mesh.undelivered).toBe(products.length);
    expect(direct.meanCrosslinks).toBe(0);
    expect(mesh.meanCrosslinks).toBeGreaterThan(1);
    const bare = withAndWithout({ ...request, crosslinks: [] });
    expect(bare.mesh).toEqual(direct);
    expect(bare.direct).toEqual(direct);
  });

  test("ranks count what never came down; by hand", () => {
    const [first] = contacts as [Hop];
    const ask = (size: number): RouteRequest => ({
      source: first.from,
      readyAt: first.start,
      bytes: bytes(size),
      priority: 0,
    });
    const one = { ...options, contacts: [first], crosslinks: [], epochs: null, shares: [1] };
    const three = withAndWithout({ ...one, products: [ask(2.5e6), ask(2.5e6), ask(1e12)] }).direct;
    expect(three.delivered).toBe(2);
    expect(three.median).toBeCloseTo(2 + first.latency, 5);
    expect(three.p90).toBeNull();
    expect(withAndWithout({ ...one, products: [] }).direct.median).toBeNull();
  });

  test("longer epochs cost more, in proportion to the hops", () => {
    const request = { ...options, products, contacts, crosslinks };
    const lengths = [10, 60, 300].map(seconds);
    const rule = { origin: from, custody: "relay" } as const;
    const costs = epochCosts(request, lengths, { ...rule, batched: false });
    const batched = epochCosts(request, lengths, { ...rule, batched: true });
    const carried = epochCosts(request, lengths, { ...rule, custody: "carrier", batched: false });
    const added = costs.map(({ addedMedian }) => addedMedian!);
    expect(added).toEqual(added.toSorted((a, b) => a - b));
    expect(added[0]!).toBeGreaterThan(0);
    for (const [n, { addedMedian, length }] of carried.entries()) {
      expect(addedMedian!).toBeLessThan(added[n]!);
      expect(addedMedian!).toBeLessThanOrEqual(length);
    }
    for (const [n, { addedMedian, length }] of batched.entries()) {
      expect(addedMedian!).toBeGreaterThan(added[n]!);
      expect(addedMedian!).toBeLessThan(10 * length);
    }
  });
});
