import { describe, expect, it } from "vitest";
import { readLinkBudget } from "../../../../pipeline/link/budget/link-budget-file.ts";
import {
  anySite,
  carrierToNoiseDensity,
  eirpOf,
  type LinkBudget,
} from "../../../../pipeline/link/budget/link-budget.ts";
import { contactLink } from "../../../../pipeline/link/rate/contact-capacity.ts";
import { modcodLadder, modulations } from "../../../../pipeline/link/budget/modcod.ts";
import { rateAtStations, rateSpans } from "../../../../pipeline/link/rate/link-rate.ts";
import { decibels, decibelsPerKelvin, degrees, metres } from "../../../../pipeline/units.ts";
import { aos, budget, contact, golden, rateOf } from "../golden-pass.ts";
import { builtinStations } from "../../../../planning/contacts/station-networks.ts";

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
