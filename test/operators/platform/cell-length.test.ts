import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openBody } from "../../../operators/platform/body.ts";
import { cellLengthOf } from "../../../operators/platform/cell-length.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import type { Spacecraft } from "../../../pipeline/mission/spacecraft.ts";
import { joules, joulesPerKelvin, later, seconds, watts } from "../../../pipeline/units.ts";
import { clockOn, end, ephemeris } from "./body-fixture.ts";
import { lowOrbit, plainHeat, plainPower, plainSpacecraft, start } from "./spacecraft.ts";
import { workingPower } from "../../../pipeline/mission/working-power.ts";

const storing = (capacity: number): Spacecraft => ({
  ...plainSpacecraft,
  heat: null,
  power: { ...plainPower, battery: { ...plainPower.battery, capacity: joules(capacity) } },
});

describe("the length of a cell", () => {
  it("is ten seconds for batteries, halves of it for less, and no less than 0.16 s", () => {
    expect([1e6, 6800, 6700, 1000, 1].map((capacity) => cellLengthOf(storing(capacity)))).toEqual([
      10, 10, 5, 1.25, 0.15625,
    ]);
    const chip = { ...plainHeat, nodes: [{ ...plainHeat.nodes[0]!, heatCapacity: joulesPerKelvin(20) }] };
    expect(cellLengthOf({ ...plainSpacecraft, heat: chip })).toBe(1.25);
    expect(cellLengthOf({ ...plainSpacecraft, power: null, heat: null })).toBe(10);
  });

  it("keeps a computer that never rests at the floor, not far under it, on anything from a capacitor up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 100, max: 30_000, noNaN: true }), async (capacity) => {
        const { power, computer } = storing(capacity);
        const nothing = { base: watts(0), contact: watts(0) };
        const craft: Spacecraft = {
          ...storing(capacity),
          computer: { ...computer, idlePower: watts(0) },
          power: { ...power!, loads: nothing },
        };
        const body = openBody(craft, ephemeris, start, later(start, seconds(5000)));
        await clockOn(body, craft, 0).at(seconds(10_000));
        const ledger = body.close();
        expect(ledger.power!.minCharge).toBeGreaterThan(plainPower.battery.floor - 0.1);
        expect(ledger.loads.compute).toBeGreaterThan(10_000);
      }),
      { numRuns: 15 },
    );
  });
});

it("a capacitor of 118 J lets a computer work in sunlight, and goes empty in the dark", async () => {
  const oec = spacecraftOf(findSpacecraftPreset("oec")!);
  const body = openBody(oec, lowOrbit(), start, end);
  expect(body.cell).toBeLessThan(1);
  const clock = clockOn(body, oec, 0);
  const ready = await clock.at(seconds(2000));
  expect(ready).toBeLessThan(end);
  const { power, waits, loads } = body.close();
  expect(loads.compute).toBeCloseTo(2000 * workingPower(oec.computer), 3);
  expect(power!.minCharge).toBe(0);
  expect(waits.length).toBeGreaterThan(10);
});
