import { describe, expect, it } from "vitest";
import { dopplerOf } from "../../../../pipeline/link/rate/doppler.ts";
import {
  pieceAt,
  rangeCurveOf,
  rangeRates,
  squaredRange,
} from "../../../../pipeline/link/rate/range-curve.ts";
import { rateSpans } from "../../../../pipeline/link/rate/link-rate.ts";
import { hertz } from "../../../../pipeline/units.ts";
import { aos, contact, golden, rateOf } from "../golden-pass.ts";

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
