import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  opticalRate,
  opticalReach,
  type OpticalLink,
} from "../../../../pipeline/link/budget/optical-link.ts";
import { rateSpans } from "../../../../pipeline/link/rate/link-rate.ts";
import { bitsPerSecond, decibels, metres, radians, watts } from "../../../../pipeline/units.ts";
import { pass } from "../fixture.ts";

type Telescopes = Extract<OpticalLink, { readonly kind: "telescopes" }>;

const telescopes: Telescopes = {
  kind: "telescopes",
  wavelength: metres(1550e-9),
  power: watts(1),
  transmitAperture: metres(0.08),
  receiveAperture: metres(0.08),
  divergence: radians(15e-6),
  transmitEfficiency: 0.8,
  receiveEfficiency: 0.7,
  losses: decibels(3),
  photonsPerBit: 100,
  maxRate: bitsPerSecond(10e9),
};
const reference: OpticalLink = {
  kind: "reference",
  rate: bitsPerSecond(100e9),
  range: metres(1e6),
  maxRate: bitsPerSecond(100e9),
};

describe("an optical link", () => {
  it("is counted in photons: 1 W, 15 µrad, two 8 cm telescopes, 2,000 km", () => {
    // By hand: 8·1 W·0.8 / (π·(15e-6·2e6)²) = 2.264e-3 W/m²; · π/4·0.08² · 0.7 / 1.995 = 3.992e-6 W.
    // A photon of 1,550 nm has 1.28158e-19 J: 3.115e13 a second, over 100 a bit 311.5 Gbit/s.
    const free = { ...telescopes, maxRate: bitsPerSecond(1e15) };
    expect(opticalRate(free, metres(2e6)) / 311.5e9).toBeCloseTo(1, 3);
    expect(opticalRate(telescopes, metres(2e6))).toBe(10e9);
  });

  it("by diffraction an 8 cm aperture has a gain of (πD/λ)², 104.2 dB", () => {
    const limited = { ...telescopes, divergence: null, maxRate: bitsPerSecond(1e18) };
    const same = {
      ...limited,
      divergence: radians(Math.sqrt(32) / ((Math.PI * 0.08) / 1550e-9)),
    };
    expect(opticalRate(limited, metres(1e6)) / opticalRate(same, metres(1e6))).toBeCloseTo(1, 9);
    expect(20 * Math.log10((Math.PI * 0.08) / 1550e-9)).toBeCloseTo(104.2, 1);
  });

  it("runs at its known rate at its known distance, at a quarter of it twice as far", () => {
    expect(opticalRate(reference, metres(1e6))).toBe(100e9);
    expect(opticalRate(reference, metres(2e6))).toBe(25e9);
    expect(opticalRate(reference, metres(1e5))).toBe(100e9);
  });

  it("reaches just as far as it says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<OpticalLink>(reference, telescopes),
        fc.double({ min: 1e6, max: 9e9, noNaN: true }),
        (link, rate) => {
          const reach = opticalReach(link, bitsPerSecond(rate));
          expect(opticalRate(link, metres(reach * 0.9999))).toBeGreaterThanOrEqual(Math.floor(rate));
          expect(opticalRate(link, metres(reach * 1.001))).toBeLessThan(rate);
        },
      ),
    );
    expect(opticalReach(reference, bitsPerSecond(101e9))).toBe(0);
  });

  it("serves a contact at the rate of the farther end of each second", () => {
    const contact = {
      ...pass(),
      samples: pass().samples.map((s, i) => ({ ...s, range: metres(1e6 + i * 1e4) })),
    };
    const slow = { ...reference, maxRate: bitsPerSecond(50e9) };
    const spans = rateSpans(contact, { kind: "optical", link: slow });
    expect(spans[0]).toMatchObject({ from: contact.aos, rate: 50e9 });
    const last = spans.at(-1)!;
    expect(last.to).toBe(contact.los);
    expect(Math.abs(last.rate / opticalRate(slow, metres(1.6e6)) - 1)).toBeLessThan(1e-9);
  });
});
