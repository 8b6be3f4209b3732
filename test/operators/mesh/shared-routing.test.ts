import fc from "fast-check";
import { expect, test } from "vitest";
import { inRoutingOrder } from "../../../operators/mesh/routing.ts";
import { routesOf, type RouteSharing } from "../../../operators/mesh/shared-routing.ts";
import { ask, hop, routerOf } from "./routing-world.ts";

/** Two groups of satellites that no link joins, and one that is alone; each has contacts of its own. */
const groups = [["a", "b", "c"], ["d", "e"], ["f"]] as const;
const satellites = groups.flat();

const hops = fc
  .array(
    fc.record({
      group: fc.nat(2),
      from: fc.nat(2),
      to: fc.constantFrom(0, 1, 2, "G", "H"),
      start: fc.integer({ min: 0, max: 60 }),
      length: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 10, maxLength: 40 },
  )
  .map((list) =>
    list.flatMap(({ group, from, to, start, length }, n) => {
      const names = groups[group] as readonly string[];
      const [a, b] = [names[from % names.length] as string, to];
      const other = typeof b === "string" ? b : (names[b % names.length] as string);
      return a === other ? [] : [hop(`h${n}`, [a, other], [start, start + length])];
    }),
  );

const requests = fc.array(
  fc.record({
    source: fc.constantFrom(...satellites),
    readyAt: fc.integer({ min: 0, max: 50 }),
    size: fc.integer({ min: 1, max: 9 }),
    priority: fc.nat(2),
  }),
  { minLength: 3, maxLength: 25 },
);

/** Shards that hear each other at once. */
const peers = (of: number): readonly RouteSharing[] => {
  const said = new Map<number, Float64Array>();
  let tell: () => void = () => undefined;
  const everybody = new Promise<void>((resolve) => (tell = resolve));
  return Array.from({ length: of }, (_, index) => ({
    index,
    of,
    async exchange(_epoch, ways) {
      if (said.set(index, ways).size === of) tell();
      await everybody;
      return Array.from({ length: of }, (__, shard) => said.get(shard) as Float64Array);
    },
  }));
};

test("shards that share the search come to the routes and the bookings of one that searches alone", async () => {
  await fc.assert(
    fc.asyncProperty(hops, requests, fc.integer({ min: 2, max: 4 }), async (list, asked, of) => {
      const settings = { shares: [0.2, 0.2, 0.6], epoch: 7, custody: "carrier" } as const;
      const offers = inRoutingOrder(
        asked.map(({ source, readyAt, size, priority }) => ask(source, readyAt, size, priority)),
      );
      const alone = routerOf(list, settings);
      const wanted = await routesOf(alone, 0, offers, null);
      const routers = peers(of).map((sharing) => ({ sharing, router: routerOf(list, settings) }));
      const found = await Promise.all(
        routers.map(({ router, sharing }) => routesOf(router, 0, offers, sharing)),
      );
      for (const [shard, routes] of found.entries()) {
        expect(routes).toEqual(wanted);
        expect(routers[shard]?.router.snapshot()).toEqual(alone.snapshot());
      }
    }),
    { numRuns: 60 },
  );
});

test("one priority of satellites that are all joined is one part", () => {
  const router = routerOf([
    hop("ab", ["a", "b"], [0, 9]),
    hop("bG", ["b", "G"], [0, 9]),
    hop("cG", ["c", "G"], [0, 9]),
  ]);
  expect(router.partOf(ask("a", 0, 1))).toBe(router.partOf(ask("b", 5, 2)));
  expect(router.partOf(ask("a", 0, 1))).not.toBe(router.partOf(ask("c", 0, 1)));
});
