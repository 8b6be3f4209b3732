import fc from "fast-check";
import { expect, test } from "vitest";
import { openCalendar } from "../../../operators/mesh/routing-calendar.ts";
import { openDescents } from "../../../operators/mesh/routing-descent.ts";
import { epochOf, epochStart, handOver } from "../../../operators/mesh/routing-epoch.ts";
import { routeGraph, type Hop } from "../../../operators/mesh/routing-graph.ts";
import { openSearch } from "../../../operators/mesh/routing-search.ts";
import { bitsPerSecond, instant, seconds } from "../../../pipeline/units.ts";

const stations = ["G", "H", "I"];

/** A ring of satellites with chords that come and go, and contacts with three stations; odd times and sizes. */
const worlds = fc
  .record({
    satellites: fc.integer({ min: 3, max: 14 }),
    chords: fc.array(
      fc.record({
        from: fc.nat(13),
        to: fc.nat(13),
        start: fc.double({ min: 0, max: 400, noNaN: true }),
        length: fc.double({ min: 10, max: 400, noNaN: true }),
        rate: fc.constantFrom(50, 100, 400),
      }),
      { maxLength: 30 },
    ),
    contacts: fc.array(
      fc.record({
        from: fc.nat(13),
        station: fc.constantFrom(...stations),
        start: fc.double({ min: 0, max: 800, noNaN: true }),
        length: fc.double({ min: 5, max: 120, noNaN: true }),
        rate: fc.constantFrom(20, 100),
      }),
      { minLength: 2, maxLength: 25 },
    ),
    bundles: fc.array(
      fc.record({
        source: fc.nat(13),
        gap: fc.double({ min: 0, max: 20, noNaN: true }),
        bits: fc.integer({ min: 1, max: 1500 }),
      }),
      { minLength: 5, maxLength: 40 },
    ),
    epoch: fc.constantFrom(0, 10, 33),
    custody: fc.constantFrom("relay" as const, "carrier" as const),
    share: fc.constantFrom(1, 0.3),
  })
  .map(({ satellites, chords, contacts, ...rest }) => {
    const name = (n: number): string => `s${String(n % satellites).padStart(2, "0")}`;
    const hop = (
      id: string,
      from: string,
      to: string,
      start: number,
      length: number,
      rate: number,
      latency: number,
    ): Hop => ({
      id,
      from,
      to,
      start: instant(start),
      end: instant(start + length),
      rate: bitsPerSecond(rate),
      latency: seconds(latency),
    });
    const hops: Hop[] = [];
    for (let n = 0; n < satellites; n++) {
      hops.push(hop(`r${n}`, name(n), name(n + 1), 0, 1000, 200, 0.01 * (1 + (n % 3))));
      if (n % 2 === 0) hops.push(hop(`l${n}`, name(n + 1), name(n), 0, 1000, 200, 0.01));
    }
    for (const [n, { from, to, start, length, rate }] of chords.entries()) {
      if (name(from) !== name(to)) hops.push(hop(`c${n}`, name(from), name(to), start, length, rate, 0.02));
    }
    for (const [n, { from, station, start, length, rate }] of contacts.entries()) {
      hops.push(hop(`g${n}`, name(from), station, start, length, rate, 0.005));
    }
    return { hops, ...rest, name };
  });

test("going straight arrives when searching everything does, with bookings, epochs and shares", () => {
  let [found, none] = [0, 0];
  fc.assert(
    fc.property(worlds, ({ hops, bundles, epoch, custody, share, name }) => {
      const graph = routeGraph(hops);
      const epochs = { origin: instant(graph.origin), length: seconds(epoch) };
      const at = (t: number): number => t;
      const next = (t: number): number =>
        epoch === 0 || t === Infinity ? t : handOver(epochs, instant(graph.origin + t)) - graph.origin;
      const floor = (t: number): number =>
        epoch === 0 ? t : epochStart(epochs, epochOf(epochs, instant(graph.origin + t))) - graph.origin;
      const terrain = {
        graph,
        isStation: Uint8Array.from(graph.nodes, (node) => (stations.includes(node) ? 1 : 0)),
        onwards: custody === "relay" ? next : at,
        downwards: custody === "carrier" ? next : at,
        floor: custody === "relay" ? floor : at,
        epoch: custody === "relay" ? epoch : 0,
      };
      const search = openSearch(terrain);
      const descents = openDescents(terrain, openSearch(terrain));
      const calendar = openCalendar(graph, share);
      let readyAt = 0;
      for (const { source, gap, bits } of bundles) {
        readyAt += gap;
        const quest = {
          calendar,
          source: graph.nodeOf.get(name(source))!,
          readyAt,
          bits,
          limit: readyAt + 600,
        };
        const all = search.toGround(quest);
        const straight = descents.earliest(quest);
        expect(straight === null).toBe(all === null);
        if (straight === null) {
          none++;
          continue;
        }
        found++;
        expect(straight.arrival).toBeCloseTo(all!.arrival, 6);
        for (const { hop, from } of straight.steps) calendar.book(hop, from, bits);
      }
    }),
    { numRuns: 300 },
  );
  expect(Math.min(found, none)).toBeGreaterThan(200);
});
