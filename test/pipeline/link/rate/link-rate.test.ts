import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { bitsAvailable, rateSpans, timeToSend } from "../../../../pipeline/link/rate/link-rate.ts";
import type { LinkRate } from "../../../../pipeline/link/rate/link-rate.ts";
import { bitsPerSecond, bytes, degrees, instant } from "../../../../pipeline/units.ts";
import { pass } from "../fixture.ts";

const fixed: LinkRate = { kind: "fixed", rate: bitsPerSecond(8e6) };
/** Out of order on purpose; nothing below 10°. The pass climbs 0.2° a second from 5° to 65° and back. */
const stepped: LinkRate = {
  kind: "by-elevation",
  steps: [
    { fromElevation: degrees(30), rate: bitsPerSecond(4e6) },
    { fromElevation: degrees(10), rate: bitsPerSecond(1e6) },
  ],
};

const anyRate: fc.Arbitrary<LinkRate> = fc.oneof(
  fc.constant(fixed),
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 100 })), {
      minLength: 1,
      maxLength: 5,
    })
    .map((steps) => ({
      kind: "by-elevation" as const,
      steps: steps.map(([e, r]) => ({ fromElevation: degrees(e), rate: bitsPerSecond(r * 1e5) })),
    })),
);

describe("the rate of a contact", () => {
  it("changes where the elevation crosses a step", () => {
    expect(rateSpans(pass(), stepped)).toEqual([
      { from: 1000, to: 1025, rate: 0 },
      { from: 1025, to: 1125, rate: 1e6 },
      { from: 1125, to: 1475, rate: 4e6 },
      { from: 1475, to: 1575, rate: 1e6 },
      { from: 1575, to: 1600, rate: 0 },
    ]);
    expect(rateSpans(pass(), fixed)).toEqual([{ from: 1000, to: 1600, rate: 8e6 }]);
  });

  it("integrates exactly, inside the contact only", () => {
    expect(bitsAvailable(pass(), stepped, instant(0), instant(9999))).toBe(2 * 100 * 1e6 + 350 * 4e6);
    expect(bitsAvailable(pass(), stepped, instant(1120), instant(1130))).toBe(5 * 1e6 + 5 * 4e6);
    expect(bitsAvailable(pass(), fixed, instant(1700), instant(1800))).toBe(0);
  });

  it("waits for the rate, and says when the contact is too short", () => {
    expect(timeToSend(pass(), stepped, instant(0), bytes(125_000))).toBe(1026);
    expect(timeToSend(pass(), stepped, instant(1124), bytes(625_000))).toBe(1126);
    expect(timeToSend(pass(), stepped, instant(1574), bytes(125_001))).toBeNull();
    expect(timeToSend(pass(), fixed, instant(1601), bytes(1))).toBeNull();
  });

  it("never sends more than the contact offers, nor later than it must", () => {
    const time = fc.double({ min: 900, max: 1700, noNaN: true });
    fc.assert(
      fc.property(anyRate, time, fc.integer({ min: 1, max: 1e8 }), (rate, from, count) => {
        const contact = pass();
        const sentAt = timeToSend(contact, rate, instant(from), bytes(count));
        if (sentAt === null) {
          expect(bitsAvailable(contact, rate, instant(from), contact.los)).toBeLessThan(count * 8 + 1e-3);
          return;
        }
        expect(sentAt).toBeGreaterThanOrEqual(Math.max(from, contact.aos));
        expect(sentAt).toBeLessThanOrEqual(contact.los);
        const offered = bitsAvailable(contact, rate, instant(from), sentAt);
        expect(Math.abs(offered - count * 8)).toBeLessThan(1e-3);
      }),
    );
  });

  it("is the same for one long turn and for frames one after the other", () => {
    fc.assert(
      fc.property(anyRate, fc.integer({ min: 1, max: 400 }), (rate, frames) => {
        const contact = pass();
        let t: ReturnType<typeof timeToSend> = contact.aos;
        for (let n = 0; n < frames && t !== null; n++) t = timeToSend(contact, rate, t, bytes(1279 * 50));
        const whole = timeToSend(contact, rate, contact.aos, bytes(1279 * 50 * frames));
        if (t === null || whole === null) expect(t).toBe(whole);
        else expect(t).toBeCloseTo(whole, 6);
      }),
      { numRuns: 50 },
    );
  });
});
