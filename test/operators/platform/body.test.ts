import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBody, type Body } from "../../../operators/platform/body.ts";
import { WorkClock } from "../../../operators/work-clock.ts";
import type { Spacecraft } from "../../../pipeline/bus/spacecraft.ts";
import type { BodyLedger, Load } from "../../../pipeline/meter/body-ledger.ts";
import { eclipsesIn } from "../../../pipeline/orbit/eclipse.ts";
import { ephemerisOf } from "../../../pipeline/orbit/ephemeris.ts";
import {
  instant,
  type Instant,
  joules,
  joulesPerKelvin,
  kelvin,
  later,
  seconds,
  squareMetres,
  watts,
} from "../../../pipeline/units.ts";
import { lowOrbit, plainHeat, plainPower, plainSpacecraft, start } from "./spacecraft.ts";

const horizon = 6 * 3600;
const end = later(start, seconds(horizon));
const ephemeris = ephemerisOf(lowOrbit(), start, end);
const at = (t: number) => instant(start + t);

const clockOn = (
  body: Body,
  craft: Spacecraft,
  t: number,
  watch: (from: Instant, speed: number) => void = () => undefined,
): WorkClock =>
  new WorkClock(at(t), {
    from: start,
    cell: body.cell,
    speedIn: (cell) => Promise.resolve(body.speedIn(cell)),
    onWork: (from, to, speed) => {
      body.draw("compute", from, to, watts(craft.computer.power * speed));
      watch(from, speed);
    },
  });

const share = fc.double({ min: 0.05, max: 1, noNaN: true });
const craftOf = fc
  .record({
    area: fc.double({ min: 0, max: 0.4, noNaN: true }),
    efficiency: share,
    attitude: fc.constantFrom("nadir" as const, "sun-tracking" as const, "tumbling" as const),
    capacity: fc.double({ min: 1e3, max: 1e6, noNaN: true }),
    charge: share,
    discharge: share,
    floor: share,
    initial: share,
    base: fc.double({ min: 1.25, max: 30, noNaN: true }),
    hasHeat: fc.boolean(),
  })
  .map((one): Spacecraft => ({
    ...plainSpacecraft,
    heat: one.hasHeat ? plainHeat : null,
    power: {
      arrayArea: squareMetres(one.area),
      arrayEfficiency: one.efficiency,
      attitude: one.attitude,
      battery: {
        capacity: joules(one.capacity),
        chargeEfficiency: one.charge,
        dischargeEfficiency: one.discharge,
        floor: one.floor,
        initial: one.initial,
      },
      loads: { base: watts(one.base), contact: watts(4) },
    },
  }));
const loads = fc.array(
  fc.record({
    load: fc.constantFrom<Load>("contact", "camera", "transmit", "crosslink"),
    from: fc.double({ min: -600, max: horizon, noNaN: true }),
    length: fc.double({ min: 0, max: 2000, noNaN: true }),
    power: fc.double({ min: 0, max: 60, noNaN: true }),
  }),
  { maxLength: 30 },
);

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
      loads: { base: 0, contact: 0, camera: 10, compute: 50, transmit: 0, crosslink: 0 },
      eclipse: 0,
      waits: [],
      throttled: 0,
      series: { at: [], charge: null, temperature: null },
    });
  });
});

describe("energy", () => {
  it("is conserved to rounding, with every load in the books, for any spacecraft and any loads", () => {
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
          expect(Math.abs(ledger.loads.compute - 10 * done)).toBeLessThanOrEqual(1e-6 * (1 + done));
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

describe("the computer's speed", () => {
  it("rests on no load at or after the start of the cell before", () => {
    fc.assert(
      fc.property(
        craftOf,
        loads,
        fc.array(fc.integer({ min: 0, max: 2159 }), { maxLength: 30 }),
        (craft, draws, cells) => {
          const known = openBody(craft, ephemeris, start, end);
          const learning = openBody(craft, ephemeris, start, end);
          for (const { load, from, length, power } of draws)
            known.draw(load, at(from), at(from + length), watts(power));
          const coming = draws.toSorted((a, b) => a.from - b.from);
          for (const cell of cells.toSorted((a, b) => a - b)) {
            while (coming[0] !== undefined && coming[0].from < (cell - 1) * 10) {
              const { load, from, length, power } = coming.shift()!;
              learning.draw(load, at(from), at(from + length), watts(power));
            }
            expect(learning.speedIn(cell)).toBe(known.speedIn(cell));
          }
          for (const { load, from, length, power } of coming)
            learning.draw(load, at(from), at(from + length), watts(power));
          expect(learning.close().power).toEqual(known.close().power);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("makes work take as long in portions as in one piece, and more work longer", async () => {
    const craft: Spacecraft = {
      ...plainSpacecraft,
      power: {
        ...plainPower,
        arrayArea: squareMetres(0.04),
        battery: { ...plainPower.battery, capacity: joules(40_000) },
      },
    };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5000 }),
        fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 12 }),
        async (from, portions) => {
          const sliced = openBody(craft, ephemeris, start, end);
          const whole = openBody(craft, ephemeris, start, end);
          const clock = clockOn(sliced, craft, from);
          let work = 0;
          let last = start + from;
          for (const portion of portions) {
            work += portion;
            const ready = await clock.at(seconds(work));
            expect(ready).toBeGreaterThanOrEqual(last);
            expect(ready - start - from).toBeGreaterThanOrEqual(work - 1e-6);
            last = ready;
          }
          expect(await clockOn(whole, craft, from).at(seconds(work))).toBe(last);
          const [a, b] = [sliced.close(), whole.close()];
          expect(a.loads.compute).toBeCloseTo(b.loads.compute, 4);
          expect(a.waits).toEqual(b.waits);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("is 0 on a low battery until there is five hundredths more, and the wait is in the books", async () => {
    const craft: Spacecraft = {
      ...plainSpacecraft,
      heat: null,
      power: { ...plainPower, battery: { ...plainPower.battery, initial: 0.29 } },
    };
    const body = openBody(craft, ephemeris, start, end);
    const ready = await clockOn(body, craft, 100).at(seconds(60));
    const { waits, series, loads: drawn } = body.close();
    expect(waits).toEqual([{ from: at(100), to: later(ready, seconds(-60)), reason: "battery" }]);
    const charged = series.at.findIndex((t) => t >= ready - 80);
    expect(series.charge![charged]).toBeGreaterThan(0.33);
    expect(drawn.compute).toBeCloseTo(600, 6);
  });

  it("falls as the computer's node warms up, and holds it under its limit", async () => {
    const lump = { ...plainHeat.nodes[0]!, area: squareMetres(0.012), heatCapacity: joulesPerKelvin(900) };
    const hot = { ...plainHeat, nodes: [{ ...lump, initial: kelvin(325) }] };
    const craft: Spacecraft = { ...plainSpacecraft, power: null, heat: hot };
    const body = openBody(craft, ephemeris, start, end);
    const ready = await clockOn(body, craft, 0).at(seconds(15_000));
    expect(ready - start).toBeGreaterThan(15_500);
    const { heat, throttled, power, waits, series } = body.close();
    expect(power).toBeNull();
    expect(throttled).toBeGreaterThan(1000);
    expect(heat!.max).toBeGreaterThan(333);
    expect(heat!.max).toBeLessThan(353);
    expect(waits).toEqual([]);
    expect(series.charge).toBeNull();
    expect(series.temperature!.length).toBe(series.at.length);
  });

  it("cannot be asked for once its cell lies behind", () => {
    const body = openBody(plainSpacecraft, ephemeris, start, end);
    body.speedIn(100);
    expect(() => body.speedIn(98)).toThrow(/cell 98/);
    expect(body.speedIn(1e5)).toBe(1);
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
