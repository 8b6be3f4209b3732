import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Governor } from "../../../operators/platform/governor.ts";
import { plainHeat, plainPower } from "./spacecraft.ts";

describe("the governor", () => {
  it("stops below the battery's floor and starts again five hundredths above it", () => {
    const governor = new Governor({ power: plainPower, heat: null });
    const speeds = [0.4, 0.31, 0.3, 0.299, 0.31, 0.349, 0.35, 0.31, 0.29].map((charge) =>
      governor.decide(charge, 0),
    );
    expect(speeds).toEqual([1, 1, 1, 0, 0, 0, 1, 1, 0]);
  });

  it("slows down linearly between its two temperatures", () => {
    const governor = new Governor({ power: null, heat: plainHeat });
    const speeds = [280, 333, 338, 343, 352.9, 353, 400].map((temperature) =>
      governor.decide(1, temperature),
    );
    for (const [i, expected] of [1, 1, 0.75, 0.5, 0.005, 0, 0].entries())
      expect(speeds[i]).toBeCloseTo(expected, 9);
  });

  it("never works below the floor, on an empty battery or at the upper limit, and is never faster than it can", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 200, max: 400, noNaN: true }),
          ),
          { maxLength: 50 },
        ),
        (floor, states) => {
          const governor = new Governor({
            power: { ...plainPower, battery: { ...plainPower.battery, floor } },
            heat: plainHeat,
          });
          for (const [charge, temperature] of states) {
            const speed = governor.decide(charge, temperature);
            expect(speed).toBeGreaterThanOrEqual(0);
            expect(speed).toBeLessThanOrEqual(1);
            if (charge < floor || charge === 0 || temperature >= plainHeat.stopAt) expect(speed).toBe(0);
          }
          expect(governor.decide(1, 280)).toBe(1);
        },
      ),
    );
  });
});
