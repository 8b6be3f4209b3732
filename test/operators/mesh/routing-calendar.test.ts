import fc from "fast-check";
import { expect, test } from "vitest";
import { openCalendar } from "../../../operators/mesh/routing-calendar.ts";
import { bitsBy, routeGraph, timeOfBit } from "../../../operators/mesh/routing-graph.ts";
import { bitsPerSecond, instant, seconds } from "../../../pipeline/units.ts";

const stretches = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 0, 2.5),
    length: fc.double({ min: 0.5, max: 20, noNaN: true }),
    rate: fc.constantFrom(0, 3, 10, 77),
  }),
  { minLength: 1, maxLength: 6 },
);
const bookings = fc.array(
  fc.record({
    t: fc.double({ min: -5, max: 120, noNaN: true }),
    bits: fc.double({ min: 0.01, max: 200, noNaN: true }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** One hop whose rate changes, or does not. */
const graphOf = (
  list: readonly { readonly gap: number; readonly length: number; readonly rate: number }[],
) => {
  let t = 0;
  const spans = list.map(({ gap, length, rate }) => {
    const from = instant(t + gap);
    t += gap + length;
    return { from, to: instant(t), rate: bitsPerSecond(rate) };
  });
  const rate = spans.length === 1 && spans[0]!.from === 0 ? spans[0]!.rate : spans;
  return routeGraph([
    { id: "h", from: "a", to: "G", start: instant(0), end: instant(t), rate, latency: seconds(0) },
  ]);
};

test("no bit is sold twice, none before it is asked for or after the end, and none is lost", () => {
  let sold = 0;
  fc.assert(
    fc.property(stretches, bookings, fc.constantFrom(1, 0.4), (list, wanted, share) => {
      const graph = graphOf(list);
      const calendar = openCalendar(graph, share);
      const capacity = graph.capacity[0]!;
      let booked = 0;
      for (const { t, bits } of wanted) {
        const end = calendar.finish(0, t, bits);
        expect(calendar.finish(0, t + 1, bits)).toBeGreaterThanOrEqual(end);
        if (end === Infinity) {
          // Not because it would have had room: from `t` on, less is free than it wants.
          const taken = calendar
            .taken(0)
            .reduce(
              (sum, { from, to }) =>
                sum + Math.max(0, bitsBy(graph, 0, to) - bitsBy(graph, 0, Math.max(t, from))),
              0,
            );
          expect(capacity - bitsBy(graph, 0, t) - taken).toBeLessThan(bits / share + 1e-6);
          continue;
        }
        const sending = calendar.plan(0, t, bits);
        expect(calendar.book(0, t, bits)).toEqual(sending);
        expect(sending.to).toBe(end);
        expect(sending.from).toBeGreaterThanOrEqual(t);
        expect(sending.to).toBeGreaterThan(sending.from);
        expect(sending.to).toBeLessThanOrEqual(graph.end[0]! + 1e-9);
        booked += bits / share;
        sold++;
        const union = calendar
          .taken(0)
          .reduce((sum, { from, to }) => sum + bitsBy(graph, 0, to) - bitsBy(graph, 0, from), 0);
        expect(union).toBeCloseTo(booked, 6);
      }
    }),
    { numRuns: 300 },
  );
  expect(sold).toBeGreaterThan(1000);
});

test("bits against time and back", () => {
  fc.assert(
    fc.property(stretches, fc.double({ min: 0, max: 1, noNaN: true }), (list, part) => {
      const graph = graphOf(list);
      const bit = part * graph.capacity[0]!;
      if (!(bit > 0)) return;
      for (const begins of [true, false])
        expect(bitsBy(graph, 0, timeOfBit(graph, 0, bit, begins))).toBeCloseTo(bit, 6);
      expect(timeOfBit(graph, 0, bit, false)).toBeLessThanOrEqual(timeOfBit(graph, 0, bit, true));
    }),
  );
});
