import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBody } from "../../../operators/platform/body.ts";
import type { BodyLedger } from "../../../pipeline/mission/body-ledger.ts";
import { eclipsesIn } from "../../../pipeline/orbit/eclipse.ts";
import { later, seconds, watts } from "../../../pipeline/units.ts";
import { at, clockOn, craftOf, end, ephemeris, horizon, loads } from "./body-fixture.ts";
import { lowOrbit, plainSpacecraft, start } from "./spacecraft.ts";

const expectBalance = ({ power, loads: byLoad }: BodyLedger): void => {
  const into = power!.generated + power!.unmet + power!.initialStored;
  const outOf = power!.demanded + power!.lost + power!.shed + power!.finalStored;
  expect(Math.abs(into - outOf)).toBeLessThanOrEqual(1e-10 * into);
  const drawn = Object.values(byLoad).reduce((sum, one) => sum + one, 0);
  expect(Math.abs(drawn - power!.demanded)).toBeLessThanOrEqual(1e-9 * drawn);
};

describe("a body without power and heat", () => {
  it("never slows the computer, and still counts what is drawn", () => {
    const body = openBody({ ...plainSpacecraft, power: null, heat: null }, lowOrbit(), start, end);
    expect([0, 5, 2159, 1e6].map((cell) => body.speedIn(cell))).toEqual([1, 1, 1, 1]);
    body.draw("camera", at(5), at(10), watts(2));
    body.draw("compute", at(horizon - 5), at(horizon + 5), watts(10));
    expect(body.close()).toEqual({
      power: null,
      heat: null,
      loads: { base: 0, contact: 0, camera: 10, compute: 43.75, transmit: 0, crosslink: 0 },
      eclipse: 0,
      waits: [],
      throttled: 0,
      series: { at: [], charge: null, temperature: null },
    });
  });
});

describe("energy", () => {
  it("is conserved to rounding, with every load in the ledger, for any spacecraft and any loads", () => {
    fc.assert(
      fc.property(craftOf, loads, (craft, draws) => {
        const body = openBody(craft, ephemeris, start, end);
        for (const { load, from, length, power } of draws)
          body.draw(load, at(from), at(from + length), watts(power));
        expectBalance(body.close());
      }),
      { numRuns: 60 },
    );
  });

  it("is conserved while a computer works as fast as the body lets it, and no work is done below the floor", async () => {
    await fc.assert(
      fc.asyncProperty(
        craftOf,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.double({ min: 0, max: 900, noNaN: true })), {
          maxLength: 12,
        }),
        async (craft, jobs) => {
          const body = openBody(craft, ephemeris, start, end);
          const worked = new Set<number>();
          let free = 0;
          let done = 0;
          for (const [gap, work] of jobs) {
            const clock = clockOn(body, craft, free + gap, (from, speed) => {
              if (speed > 0) worked.add(Math.floor((from - start) / 10));
            });
            const ready = await clock.at(seconds(work));
            if (ready > end) return; // the rest runs past the horizon, where nobody counts
            free = ready - start;
            done += work;
          }
          const ledger = body.close();
          expectBalance(ledger);
          // 10 W less 1.25 W idle, and instants of this century are rounded to 2⁻²² s where each job begins and ends.
          expect(Math.abs(ledger.loads.compute - 8.75 * done)).toBeLessThanOrEqual(
            1e-6 * done + 10 * 2 ** -22 * 2 * jobs.length,
          );
          // The state that a cell's speed rests on is that at the start of the cell before.
          const looks = ledger.series.at.map((t) => Math.round((t - start) / 10));
          for (const [i, cell] of looks.entries()) {
            if (worked.has(cell + 1))
              expect(ledger.series.charge![i]).toBeGreaterThanOrEqual(craft.power!.battery.floor);
          }
          const waited = ledger.waits.reduce((sum, { from, to }) => sum + to - from, 0);
          expect(waited).toBeLessThanOrEqual(horizon);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("leaves out what is drawn before and after the horizon", () => {
    const body = openBody(plainSpacecraft, ephemeris, start, end);
    body.draw("camera", at(-100), at(100), watts(5));
    body.draw("transmit", at(horizon - 10), at(horizon + 100), watts(12));
    body.draw("contact", at(-50), at(-10), watts(4));
    const ledger = body.close();
    expectBalance(ledger);
    expect([ledger.loads.camera, ledger.loads.transmit, ledger.loads.contact]).toEqual([500, 120, 0]);
  });

  it("counts what comes too late all the same", () => {
    const body = openBody(plainSpacecraft, ephemeris, start, end);
    body.speedIn(500);
    body.draw("camera", at(100), at(200), watts(5));
    body.draw("transmit", at(4000), at(6000), watts(12));
    const ledger = body.close();
    expectBalance(ledger);
    expect(ledger.loads.camera).toBe(500);
  });
});

describe("the ledger", () => {
  it("has the eclipses of the orbit, and the same for a satellite as for its ephemeris", () => {
    const ledger = openBody(plainSpacecraft, lowOrbit(), start, end).close();
    expect(ledger).toEqual(openBody(plainSpacecraft, ephemeris, start, end).close());
    const dark = eclipsesIn(ephemeris, start, end).reduce(
      (sum, one) => sum + (one.centreExit ?? 0) - (one.centreEntry ?? 0),
      0,
    );
    expect(Math.abs(ledger.eclipse - dark)).toBeLessThan(5);
    const sunlit = horizon - ledger.eclipse;
    expect(ledger.power!.generated).toBeCloseTo((1361 / 1.0133 ** 2) * 0.2 * 0.28 * sunlit, -4);
  });

  it("thins the series to a few hundred points, from the start to the end, for horizons that are no whole cells", () => {
    const odd = later(start, seconds(10_007.5));
    const { series, loads: drawn } = openBody(plainSpacecraft, lowOrbit(), start, odd).close();
    expect(series.at.length).toBeGreaterThan(200);
    expect(series.at.length).toBeLessThanOrEqual(302);
    expect(series.at[0]).toBe(start);
    expect(drawn.base).toBeCloseTo(8 * 10_007.5, 6);
  });
});
