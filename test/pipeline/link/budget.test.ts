import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLinkBudget } from "../../../pipeline/link/budget-file.ts";
import {
  anySite,
  carrierToNoiseDensity,
  eirpOf,
  linkConstants,
  type LinkBudget,
} from "../../../pipeline/link/budget.ts";
import { contactLink } from "../../../pipeline/link/contact-link.ts";
import { dopplerOf } from "../../../pipeline/link/doppler.ts";
import { modcodLadder, modulations } from "../../../pipeline/link/modcod.ts";
import { pieceAt, rangeCurveOf, rangeRates, squaredRange } from "../../../pipeline/link/range-curve.ts";
import {
  bitsAvailable,
  rateAtStations,
  rateSpans,
  timeToSend,
  type LinkRate,
} from "../../../pipeline/link/rate.ts";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import { builtinStations } from "../../../pipeline/orbit/station-presets.ts";
import {
  bytes,
  decibels,
  decibelsPerKelvin,
  degrees,
  hertz,
  instant,
  metres,
} from "../../../pipeline/units.ts";

interface Golden {
  readonly length: number;
  readonly budget: Readonly<Record<string, unknown>>;
  readonly samples: readonly (readonly [t: number, elevation: number, range: number])[];
  readonly between: readonly (readonly [t: number, range: number, rate: number])[];
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly modcod: string | null;
    readonly rate: number;
  }[];
}
const golden = JSON.parse(
  readFileSync(new URL("../../golden/link/pass.json", import.meta.url), "utf8"),
) as Golden;

/** Skyfield's pass as the planner would hand it over; a round start, so that seconds stay comparable. */
const aos = 1_563_000_000;
const contact: Contact = {
  id: "flock.Svalbard.0",
  satellite: "flock",
  station: "Svalbard",
  antenna: 0,
  aos: instant(aos),
  los: instant(aos + golden.length),
  maxElevation: degrees(Math.max(...golden.samples.map(([, elevation]) => elevation))),
  samples: golden.samples.map(([t, elevation, range], i) => ({
    at: instant(i === golden.samples.length - 1 ? aos + golden.length : aos + t),
    elevation: degrees(elevation),
    range: metres(range),
  })),
};
const budget = readLinkBudget(golden.budget, "pass.json");
const rateOf = (change: Partial<LinkBudget> = {}): LinkRate => ({
  kind: "budget",
  budget: { ...budget, ...change },
  sites: {},
});

describe("the range between samples", () => {
  it("is Skyfield's within 2 m, its change within 0.5 m/s", () => {
    const curve = rangeCurveOf(contact);
    for (const [t, range, rate] of golden.between) {
      const piece = pieceAt(curve, aos + t);
      expect(Math.abs(Math.sqrt(squaredRange(curve, piece, aos + t)) - range), `${t} s`).toBeLessThan(2);
      expect(Math.abs(rangeRates(curve, piece, aos + t).rate - rate), `${t} s`).toBeLessThan(0.5);
    }
  });

  it("gives the Doppler shift that follows from it", () => {
    const { shift, rate } = dopplerOf(contact, hertz(8.2e9));
    const fastest = Math.max(...golden.between.map(([, , speed]) => Math.abs(speed)));
    expect(shift / ((8.2e9 * fastest) / 299_792_458)).toBeCloseTo(1, 4);
    // Between two of Skyfield's rates, at most 6 s apart, the change is a little less than at its peak.
    const steepest = Math.max(
      ...golden.between.slice(1).map(([t, , v], i) => {
        const [before, , slower] = golden.between[i]!;
        return (v - slower) / (t - before);
      }),
    );
    const change = rate / (8.2e9 / 299_792_458);
    expect(change).toBeGreaterThan(steepest);
    expect(change).toBeLessThan(1.02 * steepest);
  });

  it("holds for contacts of two samples, and of one", () => {
    const short = { ...contact, los: contact.samples[1]!.at, samples: contact.samples.slice(0, 2) };
    const spans = rateSpans(short, rateOf());
    expect(spans[0]!.from).toBe(contact.aos);
    expect(spans.at(-1)!.to).toBe(short.los);
  });
});

describe("a link budget", () => {
  it("is the sum of its lines: 2 W, 6 dBi, 600 km at 8.2 GHz into 25 dB/K", () => {
    const plain: LinkBudget = {
      ...budget,
      transmitter: { ...budget.transmitter, gain: decibels(6), losses: decibels(1) },
      receiver: { gOverT: decibelsPerKelvin(25), noiseTemperature: null },
      losses: decibels(0.5),
    };
    expect(eirpOf(plain)).toBeCloseTo(3.0103 + 6 - 1, 4);
    // Free space: 20 log 600 + 20 log 8.2 + 92.448 = 166.287 dB; −10 log k = 228.599.
    const cn0 = carrierToNoiseDensity(plain, anySite, metres(600_000), degrees(90));
    expect(cn0).toBeCloseTo(8.0103 - 166.2868 - 0.5 + 25 + 228.5992, 3);
  });

  it("picks the MODCODs second by second as an independent program does", () => {
    const spans = rateSpans(contact, rateOf()).map(({ from, to, modcod, rate }) => ({
      from: Math.round((from - aos) * 1e4) / 1e4,
      to: Math.round((to - aos) * 1e4) / 1e4,
      modcod: modcod ?? null,
      rate: Number(rate),
    }));
    expect(spans).toEqual(
      golden.spans.map(({ from, to, ...rest }) => ({
        from: Math.round(from * 1e4) / 1e4,
        to: Math.round(to * 1e4) / 1e4,
        ...rest,
      })),
    );
  });

  it("takes a station's own G/T where it states one", () => {
    const [svalbard, ...others] = builtinStations;
    const better = [{ ...svalbard!, gOverT: decibelsPerKelvin(budget.receiver.gOverT + 3) }, ...others];
    const plain = contactLink(contact, rateAtStations(rateOf(), builtinStations));
    expect(plain).toEqual(contactLink(contact, rateOf()));
    const own = contactLink(contact, rateAtStations(rateOf(), better));
    const inTheBudget = rateOf({
      receiver: { ...budget.receiver, gOverT: decibelsPerKelvin(budget.receiver.gOverT + 3) },
    });
    expect(own).toEqual(contactLink(contact, inTheBudget));
    expect(own.capacity).toBeGreaterThan(1.2 * plain.capacity);
  });

  it("loses rate to air, to rain, and to the noise of rain", () => {
    const read = (more: Readonly<Record<string, unknown>>): number =>
      contactLink(contact, {
        kind: "budget",
        budget: readLinkBudget({ ...golden.budget, ...more }, "test"),
        sites: {},
      }).capacity;
    const rain = { rate_mm_h: 40, rain_height_km: 3, exceeded_percent: 0.1 };
    const [vacuum, clear, wet] = [read({}), read({ gases: true }), read({ gases: true, rain })];
    expect(clear).toBeLessThan(vacuum);
    expect(wet).toBeLessThan(clear);
    const cold = readLinkBudget({ ...golden.budget, gases: true, rain }, "test");
    const deaf = { ...cold, receiver: { ...cold.receiver, noiseTemperature: null } };
    expect(contactLink(contact, { kind: "budget", budget: deaf, sites: {} }).capacity).toBeGreaterThan(wet);
  });

  it("tells what a contact can carry, by MODCOD", () => {
    const link = contactLink(contact, rateOf());
    const bits = golden.spans.reduce((sum, { from, to, rate }) => sum + (to - from) * rate, 0);
    expect(Math.abs(link.capacity - bits / 8)).toBeLessThan(2);
    expect(link.linkTime).toBeCloseTo(golden.length, 6);
    expect([link.least, link.most]).toEqual([
      Math.min(...golden.spans.map(({ rate }) => rate)),
      Math.max(...golden.spans.map(({ rate }) => rate)),
    ]);
    expect(link.modcods).toEqual(
      modcodLadder(modulations, true)
        .map(({ name }) => name)
        .filter((name) => golden.spans.some(({ modcod }) => modcod === name)),
    );
    expect(link.doppler!.shift).toBeGreaterThan(150e3);
  });
});

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
