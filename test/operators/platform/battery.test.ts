import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Battery } from "../../../operators/platform/battery.ts";
import { joules } from "../../../pipeline/units.ts";

const share = fc.double({ min: 0.01, max: 1, noNaN: true });
const energy = fc.double({ min: 0, max: 5000, noNaN: true });

const batteryOf = (
  capacity: number,
  chargeEfficiency: number,
  dischargeEfficiency: number,
  initial: number,
) => new Battery({ capacity: joules(capacity), chargeEfficiency, dischargeEfficiency, floor: 0, initial });

describe("a battery", () => {
  it("loses no joule from its balance, whatever it is put through", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        share,
        share,
        share,
        fc.array(fc.tuple(energy, energy), { maxLength: 200 }),
        (capacity, up, down, initial, steps) => {
          const battery = batteryOf(capacity, up, down, initial);
          for (const [generated, demanded] of steps) battery.step(generated, demanded);
          const into = battery.generated + battery.unmet + battery.initial;
          const outOf = battery.demanded + battery.lost + battery.shed + battery.stored;
          expect(Math.abs(into - outOf)).toBeLessThanOrEqual(1e-11 * (into + outOf));
          expect(battery.stored).toBeGreaterThanOrEqual(0);
          expect(battery.stored).toBeLessThanOrEqual(capacity);
          for (const term of [battery.unmet, battery.lost, battery.shed])
            expect(term).toBeGreaterThanOrEqual(-1e-12 * into);
        },
      ),
    );
  });

  it("takes and gives with its efficiencies, sheds what it cannot hold, and says what it could not deliver", () => {
    const battery = batteryOf(100, 0.8, 0.5, 0.5);
    expect(battery.step(20, 10)).toBe(1); // 10 over: 8 stored
    expect(battery.stored).toBe(58);
    expect(battery.step(0, 9)).toBe(1); // 18 taken for 9
    expect(battery.stored).toBe(40);
    battery.step(100, 0); // room for 60, which takes 75
    expect([battery.stored, battery.shed]).toEqual([100, 25]);
    expect(battery.step(0, 80)).toBeCloseTo(50 / 80, 12);
    expect([battery.stored, battery.unmet]).toEqual([0, 30]);
  });
});
