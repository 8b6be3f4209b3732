import { describe, expect, it } from "vitest";
import { lightTime, roundTrip } from "../../../../pipeline/link/rate/light-time.ts";
import { bitsPerSecond, bytes, instant, metres } from "../../../../pipeline/units.ts";
import { pass } from "../fixture.ts";

const contact = {
  ...pass(0),
  samples: [0, 10, 20].map((at, i) => ({
    ...pass(0).samples[0]!,
    at: instant(at),
    range: metres([2_997_924.58, 1_498_962.29, 2_997_924.58][i]!),
  })),
};

describe("lightTime", () => {
  it("follows the range between samples and keeps that of the nearer end outside", () => {
    const times = [-5, 0, 5, 10, 15, 20, 99].map((t) => lightTime(contact, instant(t)));
    [0.01, 0.01, 0.0075, 0.005, 0.0075, 0.01, 0.01].forEach((expected, i) => {
      expect(times[i]).toBeCloseTo(expected, 12);
    });
    expect(lightTime({ ...contact, samples: [] }, instant(0))).toBe(0);
  });

  it("there and back again takes twice that and the station's turnaround", () => {
    expect(roundTrip(contact, instant(10), bytes(26))).toBeCloseTo(0.06, 12);
    const slow = { ...contact, uplink: bitsPerSecond(1000) };
    expect(roundTrip(slow, instant(10), bytes(26))).toBeCloseTo(0.06 + 0.208, 12);
  });
});
