import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLinkBudget } from "../../../../pipeline/link/budget/link-budget-file.ts";
import { anySite, linkConstants, type LinkBudget } from "../../../../pipeline/link/budget/link-budget.ts";
import { contactLink } from "../../../../pipeline/link/rate/contact-capacity.ts";
import { modcodLadder } from "../../../../pipeline/link/budget/modcod.ts";
import { pieceAt, rangeCurveOf, squaredRange } from "../../../../pipeline/link/rate/range-curve.ts";
import {
  bitsAvailable,
  rateAtStations,
  rateSpans,
  timeToSend,
  type LinkRate,
} from "../../../../pipeline/link/rate/link-rate.ts";
import type { Contact } from "../../../../pipeline/orbit/contact.ts";
import { bytes, decibels, degrees, hertz, instant } from "../../../../pipeline/units.ts";
import { aos, contact, golden } from "../golden-pass.ts";
import { builtinStations } from "../../../../planning/contacts/station-networks.ts";

const anyBudget: fc.Arbitrary<LinkBudget> = fc
  .record({
    gain: fc.double({ min: -20, max: 30, noNaN: true }),
    air: fc.boolean(),
    shannon: fc.boolean(),
    hysteresis: fc.double({ min: 0, max: 3, noNaN: true }),
    cap: fc.option(fc.integer({ min: 1_000_000, max: 200_000_000 })),
  })
  .map(({ gain, air, shannon, hysteresis, cap }): LinkBudget => {
    const one = readLinkBudget(
      {
        ...golden.budget,
        transmit_gain_dbi: gain,
        gases: air,
        hysteresis_db: hysteresis,
        max_rate_mbps: cap === null ? null : cap / 1e6,
      },
      "any",
    );
    return shannon ? { ...one, coding: { kind: "shannon", bandwidth: hertz(60e6) } } : one;
  });

/** What the link carries at a moment, by the budget alone: no grid, no hysteresis. */
const carrierOf = (one: LinkBudget): ((t: number) => number) => {
  const { atOneMetre, air } = linkConstants(one, anySite);
  const curve = rangeCurveOf(contact);
  return (t) => {
    const range = Math.sqrt(squaredRange(curve, pieceAt(curve, t), t));
    const next = contact.samples.findIndex(({ at }) => at >= t);
    const [a, b] = [contact.samples[Math.max(0, next - 1)]!, contact.samples[next]!];
    const share = b.at > a.at ? (t - a.at) / (b.at - a.at) : 0;
    const elevation = degrees(a.elevation + share * (b.elevation - a.elevation));
    const cn0 =
      atOneMetre - 20 * Math.log10(range) - air(elevation) - one.implementationMargin - one.linkMargin;
    if (one.coding.kind === "shannon") {
      const { bandwidth } = one.coding;
      return bandwidth * Math.log2(1 + 10 ** (cn0 / 10) / bandwidth);
    }
    const { symbolRate, pilots } = one.coding;
    // The loss in the air is kept in quarters of a degree: a thousandth of a decibel.
    const esN0 = cn0 - 10 * Math.log10(symbolRate) + 1e-3;
    const best = modcodLadder(one.coding.modulations, pilots).findLast((rung) => rung.esN0 <= esN0);
    return symbolRate * (best?.efficiency ?? 0);
  };
};

describe("any link budget", () => {
  const moment = fc.double({ min: aos, max: aos + golden.length, noNaN: true });

  it("never asks for more than the link carries at that moment, and covers the contact without gaps", () => {
    fc.assert(
      fc.property(anyBudget, fc.array(moment, { minLength: 5, maxLength: 20 }), (one, times) => {
        const spans = rateSpans(contact, { kind: "budget", budget: one, sites: {} });
        expect([spans[0]!.from, spans.at(-1)!.to]).toEqual([contact.aos, contact.los]);
        for (const [i, span] of spans.slice(1).entries()) expect(span.from).toBe(spans[i]!.to);
        const carried = carrierOf(one);
        for (const t of times) {
          const { rate } = spans.find(({ to }) => to >= t)!;
          expect(rate).toBeLessThanOrEqual(Math.min(carried(t) * (1 + 1e-4), one.maxRate ?? Infinity));
        }
      }),
    );
  });

  it("sends no more than the contact offers, and offers no more than its samples' best", () => {
    fc.assert(
      fc.property(anyBudget, moment, fc.integer({ min: 1, max: 5e8 }), (one, from, count) => {
        const rate: LinkRate = { kind: "budget", budget: one, sites: {} };
        const capacity = bitsAvailable(contact, rate, contact.aos, contact.los);
        expect(capacity).toBeLessThanOrEqual(contactLink(contact, rate).most * golden.length * (1 + 1e-12));
        const sentAt = timeToSend(contact, rate, instant(from), bytes(count));
        const left = bitsAvailable(contact, rate, instant(from), contact.los);
        if (sentAt === null) expect(left).toBeLessThan(count * 8 + 1);
        else {
          const offered = bitsAvailable(contact, rate, instant(from), sentAt);
          // An instant of our days is known to 2·10⁻⁷ s.
          expect(Math.abs(offered - count * 8)).toBeLessThan(1e3);
          expect(left).toBeGreaterThan(count * 8 - 1e3);
        }
      }),
    );
  });

  it("carries more with more power, whatever the coding", () => {
    fc.assert(
      fc.property(anyBudget, fc.double({ min: 0.1, max: 10, noNaN: true }), (one, more) => {
        const { transmitter } = one;
        const stronger = { ...one, transmitter: { ...transmitter, gain: decibels(transmitter.gain + more) } };
        const of = (budgetOf: LinkBudget): number =>
          contactLink(contact, { kind: "budget", budget: budgetOf, sites: {} }).capacity;
        expect(of(stronger)).toBeGreaterThanOrEqual(of(one));
      }),
    );
  });

  it("survives the trip through JSON unchanged: both ends decide from the same data", () => {
    fc.assert(
      fc.property(anyBudget, (one) => {
        const rate = rateAtStations({ kind: "budget", budget: one, sites: {} }, builtinStations);
        const [far, copy] = JSON.parse(JSON.stringify([rate, contact])) as [LinkRate, Contact];
        expect(rateSpans(copy, far)).toEqual(rateSpans(contact, rate));
      }),
      { numRuns: 20 },
    );
  });
});
