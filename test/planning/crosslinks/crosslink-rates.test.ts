import fc from "fast-check";
import { expect, test } from "vitest";
import { crosslinkHops } from "../../../operators/mesh/routing-hops.ts";
import { openRouter } from "../../../operators/mesh/routing.ts";
import { opticalRate, type OpticalLink } from "../../../pipeline/link/budget/optical-link.ts";
import { ephemerisOf, stateInto } from "../../../pipeline/orbit/ephemeris.ts";
import { bitsPerSecond, bytes, decibels, instant, metres, seconds, watts } from "../../../pipeline/units.ts";
import { planCrosslinks } from "../../../planning/crosslinks/crosslink-plan.ts";
import { ratedByRange } from "../../../planning/crosslinks/crosslink-rates.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";

const from = walkerEpoch;
const to = instant(from + 3 * 3600);
const satellites = walkerSatellites(parseWalker("walker:12/3/1@600km"), from);
const terminals = {
  terminals: 3,
  maxRange: metres(5e6),
  clearance: metres(100e3),
  pointingTime: seconds(15),
};
const plan = planCrosslinks({ satellites, terminals, from, to, topology: "all" });
const reference: OpticalLink = {
  kind: "reference",
  rate: bitsPerSecond(25e9),
  range: metres(4e6),
  maxRate: bitsPerSecond(100e9),
};
const telescopes: OpticalLink = {
  kind: "telescopes",
  wavelength: metres(1.55e-6),
  power: watts(1),
  transmitAperture: metres(0.08),
  receiveAperture: metres(0.08),
  divergence: null,
  transmitEfficiency: 0.5,
  receiveEfficiency: 0.5,
  losses: decibels(6),
  photonsPerBit: 50,
  maxRate: bitsPerSecond(10e9),
};

const distanceAt = (a: string, b: string, t: number): number => {
  const [x, y] = [a, b].map((id) => {
    const state = new Float64Array(6);
    stateInto(
      ephemerisOf(
        satellites.find((one) => one.id === id)!,
        from,
        to,
      ),
      t - from,
      state,
    );
    return state;
  }) as [Float64Array, Float64Array];
  return Math.hypot(x[0]! - y[0]!, x[1]! - y[1]!, x[2]! - y[2]!);
};

test("at no moment faster than the budget, at most a step of two digits slower; stretches fill the link in order", () => {
  let [slower, changing] = [0, 0];
  for (const budget of [reference, telescopes]) {
    const { links } = ratedByRange(plan, satellites, budget);
    expect(links.map(({ rates: _rates, ...rest }) => rest)).toEqual(plan.links);
    fc.assert(
      fc.property(fc.nat(links.length - 1), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const { a, b, from: start, to: end, rates } = links[n]!;
        expect(rates![0]!.from).toBe(start);
        expect(rates!.at(-1)!.to).toBe(end);
        for (const [k, span] of rates!.slice(1).entries()) expect(span.from).toBe(rates![k]!.to);
        if (rates!.length > 3) changing++;
        const t = start + share * (end - start);
        const span = rates!.find((one) => t >= one.from && t <= one.to)!;
        const allowed = opticalRate(budget, metres(distanceAt(a, b, t)));
        expect(span.rate).toBeLessThanOrEqual(allowed);
        // A step is 10 % at most, and in ten seconds they part by 150 km.
        expect(span.rate).toBeGreaterThan(0.6 * allowed);
        if (span.rate < budget.maxRate) slower++;
      }),
      { numRuns: 60 },
    );
  }
  expect(slower).toBeGreaterThan(20);
  expect(changing).toBeGreaterThan(20);
});

test("routes send as fast as the link is at that moment; without a budget as before", () => {
  const rated = ratedByRange(plan, satellites, reference).links.find(
    ({ rates }) => (rates?.length ?? 0) > 4,
  )!;
  const plain = plan.links.find(({ id }) => id === rated.id)!;
  const size = bytes(20e9);
  const sendOver = (link: typeof rated) => {
    const hops = crosslinkHops({ from, to, links: [link] }, bitsPerSecond(100e9));
    const router = openRouter({
      hops,
      stations: [link.b],
      epochs: null,
      lookAhead: seconds(86_400),
      shares: [1],
    });
    return router.find({ source: link.a, readyAt: link.from, bytes: size, priority: 0 })!.hops[0]!;
  };
  const fixed = sendOver(plain);
  expect(fixed.end - fixed.start).toBeCloseTo((size * 8) / 100e9, 5);
  const { start, end } = sendOver(rated);
  const carried = rated.rates!.reduce(
    (sum, span) => sum + span.rate * Math.max(0, Math.min(span.to, end) - Math.max(span.from, start)),
    0,
  );
  expect(carried / (size * 8)).toBeCloseTo(1, 6);
  expect(end - start).toBeGreaterThan(fixed.end - fixed.start);
});
