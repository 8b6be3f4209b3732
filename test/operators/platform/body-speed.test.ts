import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBody } from "../../../operators/platform/body.ts";
import type { Spacecraft } from "../../../pipeline/mission/spacecraft.ts";
import {
  joules,
  joulesPerKelvin,
  kelvin,
  later,
  seconds,
  squareMetres,
  watts,
} from "../../../pipeline/units.ts";
import { at, clockOn, craftOf, end, ephemeris, loads } from "./body-fixture.ts";
import { plainHeat, plainPower, plainSpacecraft, start } from "./spacecraft.ts";

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

  it("is 0 on a low battery until there is five hundredths more, and the wait is in the ledger", async () => {
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
    expect(drawn.compute).toBeCloseTo(60 * 8.75, 6);
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
