import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { epochOf, epochStart, handOver } from "../../../operators/mesh/routing-epoch.ts";
import { inRoutingOrder, type Route } from "../../../operators/mesh/routing.ts";
import { bitsPerSecond, instant, seconds } from "../../../pipeline/units.ts";
import { ask, day0, hop, routerOf } from "./routing-world.ts";

const brief = (route: Route | null): string =>
  route === null
    ? "none"
    : route.hops.map(({ hop: id, start, end }) => `${id} ${start - day0}–${end - day0}`).join(", ");

describe("a route", () => {
  const hops = [
    hop("ab", ["a", "b"], [0, 100], { latency: 1 }),
    hop("bG", ["b", "G"], [10, 100], { latency: 2 }),
    hop("aG", ["a", "G"], [50, 100], { latency: 2 }),
  ];

  test("takes the way that is first on the ground, and waits where it must", () => {
    const route = routerOf(hops).route(ask("a", 0, 5));
    expect(brief(route)).toBe("ab 0–5, bG 10–15");
    expect(route!.station).toBe("G");
    expect(route!.arrival - day0).toBe(17);
    expect(route!.hops.map(({ arrival }) => arrival - day0)).toEqual([6, 17]);
  });

  test("goes round what is booked: straight down when the neighbour is full", () => {
    const router = routerOf(hops);
    expect(brief(router.route(ask("b", 0, 60)))).toBe("bG 10–70");
    expect(brief(router.route(ask("a", 0, 10)))).toBe("aG 50–60");
    expect(brief(router.route(ask("a", 0, 40)))).toBe("aG 60–100");
    expect(brief(router.route(ask("a", 0, 40)))).toBe("none");
    expect(brief(router.route(ask("a", 0, 30)))).toBe("ab 0–30, bG 70–100");
  });

  test("uses what is left between bookings", () => {
    const router = routerOf([hop("aG", ["a", "G"], [0, 100])]);
    router.route(ask("a", 20, 10));
    router.route(ask("a", 40, 10));
    expect(brief(router.route(ask("a", 15, 20)))).toBe("aG 15–55");
    expect(router.bookings("aG", 0)).toEqual([{ from: day0 + 15, to: day0 + 55 }]);
  });

  test("`find` books nothing; unknown sources and what is too late have none", () => {
    const router = routerOf(hops, { lookAhead: 30 });
    expect(brief(router.find(ask("a", 0, 5)))).toBe("ab 0–5, bG 10–15");
    expect(router.bookings("ab", 0)).toEqual([]);
    expect(router.bookings("nowhere", 0)).toEqual([]);
    expect(router.find(ask("x", 0, 5))).toBeNull();
    expect(router.find(ask("a", 0, 29))).toBeNull();
    expect(router.find(ask("a", 0, 100))).toBeNull();
    expect(router.find(ask("a", 100, 1))).toBeNull();
  });

  test("a rate that changes is followed, pauses too", () => {
    const spans = [
      [0, 10, 8],
      [20, 30, 16],
      [30, 40, 0],
      [40, 50, 8],
    ].map(([from = 0, to = 0, rate = 0]) => ({
      from: instant(day0 + from),
      to: instant(day0 + to),
      rate: bitsPerSecond(rate),
    }));
    const router = routerOf([{ ...hop("aG", ["a", "G"], [0, 60]), rate: spans }]);
    expect(brief(router.find(ask("a", 5, 5)))).toBe("aG 5–10");
    expect(brief(router.find(ask("a", 5, 6)))).toBe("aG 5–20.5");
    expect(brief(router.find(ask("a", 10, 1)))).toBe("aG 20–20.5");
    expect(brief(router.route(ask("a", 0, 30)))).toBe("aG 0–30");
    expect(brief(router.route(ask("a", 0, 1)))).toBe("aG 40–41");
    expect(brief(router.route(ask("a", 0, 10)))).toBe("none");
  });

  test("priorities have their own share and never wait for each other", () => {
    const router = routerOf([hop("aG", ["a", "G"], [0, 100])], { shares: [0.25, 0.75] });
    expect(brief(router.route(ask("a", 0, 60, 1)))).toBe("aG 0–80");
    expect(brief(router.route(ask("a", 0, 5, 0)))).toBe("aG 0–20");
    expect(brief(router.route(ask("a", 0, 3, 0)))).toBe("aG 20–32");
    expect(brief(router.route(ask("a", 0, 15, 7)))).toBe("aG 80–100");
    expect(brief(router.route(ask("a", 0, 18, 0)))).toBe("none");
  });

  test("what is forgotten cannot be asked for; the rest stays booked", () => {
    const router = routerOf(hops);
    router.route(ask("a", 0, 5));
    router.route(ask("b", 12, 10));
    router.forget(instant(day0 + 20));
    expect(() => router.route(ask("a", 19, 1))).toThrow(RangeError);
    expect(brief(router.route(ask("b", 20, 1)))).toBe("bG 25–26");
    expect(() => router.route(ask("b", 30, 0))).toThrow(/0 bytes/);
  });
});

describe("what cannot be", () => {
  const good = hop("aG", ["a", "G"], [0, 10]);

  test.each([
    [[good, good], /hop id "aG" stands twice/],
    [
      [hop("x", ["a", "G"], [5, 5])],
      /window of hop "x": wanted an end after its start, got 2026-01-01T00:00:05/,
    ],
    [[hop("x", ["a", "G"], [0, 5], { latency: -1 })], /latency of hop "x"/],
    [
      [hop("x", ["a", "G"], [0, 5], { rate: Number.NaN })],
      /rate of hop "x": wanted 0 bit\/s or more, got NaN/,
    ],
    [
      [{ ...good, rate: [{ from: instant(day0 + 4), to: instant(day0 + 14), rate: bitsPerSecond(8) }] }],
      /rates of hop "aG": wanted stretches in order inside its window/,
    ],
  ])("hops %#", (hops, message) => {
    expect(() => routerOf(hops)).toThrow(message);
  });

  test("shares and epochs", () => {
    for (const shares of [[], [0, 1], [0.7, 0.7], [Number.NaN]]) {
      expect(() => routerOf([good], { shares })).toThrow(/shares of the priorities/);
    }
    expect(() => routerOf([good], { epoch: 0 })).toThrow(/an epoch's length: wanted more than 0 s, got 0/);
  });
});

test("order: most urgent, first ready, then by name", () => {
  const asked = [ask("b", 5, 1, 1), ask("b", 5, 1), ask("a", 5, 1), ask("c", 3, 1)];
  expect(inRoutingOrder(asked).map(({ source, priority }) => `${source}${priority}`)).toEqual([
    "c0",
    "a0",
    "b0",
    "b1",
  ]);
});

describe("epochs", () => {
  const epochs = { origin: instant(day0), length: seconds(60) };

  test("what arrives in an epoch may go on from the next one's beginning; at its very beginning, at once", () => {
    const at = (t: number): number => handOver(epochs, instant(day0 + t)) - day0;
    expect([0, 0.001, 59.9, 60, 60.1, -1].map(at)).toEqual([0, 60, 60, 60, 120, 0]);
  });

  test("a beginning is its own hand-over, whatever the length", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 1000, noNaN: true }), fc.nat(1_000_000), (length, number) => {
        const odd = { origin: instant(day0 + 0.3), length: seconds(length) };
        const begin = epochStart(odd, number);
        expect(epochOf(odd, begin)).toBe(number);
        expect(handOver(odd, begin) - begin).toBeLessThan(1e-5);
        const inside = instant(begin + length / 2);
        expect(epochOf(odd, inside)).toBe(number);
        expect(handOver(odd, inside)).toBe(epochStart(odd, number + 1));
      }),
    );
  });

  test("relaying waits, going down does not", () => {
    const hops = [hop("ab", ["a", "b"], [0, 500]), hop("bG", ["b", "G"], [0, 500])];
    expect(brief(routerOf(hops, { epoch: 60 }).route(ask("a", 3, 5)))).toBe("ab 3–8, bG 60–65");
    expect(brief(routerOf(hops, { epoch: 60 }).route(ask("b", 3, 5)))).toBe("bG 3–8");
  });

  test("where the carrier keeps custody, only it waits", () => {
    const hops = [
      hop("ab", ["a", "b"], [0, 500]),
      hop("bc", ["b", "c"], [0, 500]),
      hop("cG", ["c", "G"], [0, 500]),
    ];
    const carried = { epoch: 60, custody: "carrier" } as const;
    expect(brief(routerOf(hops, carried).route(ask("a", 3, 5)))).toBe("ab 3–8, bc 8–13, cG 60–65");
    expect(brief(routerOf(hops, carried).route(ask("c", 3, 5)))).toBe("cG 3–8");
    expect(brief(routerOf(hops, { epoch: 60 }).route(ask("a", 3, 5)))).toBe("ab 3–8, bc 60–65, cG 120–125");
  });
});
