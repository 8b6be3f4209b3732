import { describe, expect, it } from "vitest";
import { effectiveOps, inferenceCost } from "../../../operators/platform/computer.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { watts } from "../../../pipeline/units.ts";
import { plainSpacecraft } from "./spacecraft.ts";

const computer = {
  ...plainSpacecraft.computer,
  peakOps: { fp16: 2e12, int8: 4e12 },
  utilisation: 0.25,
  chips: 2,
  power: watts(15),
};

describe("a computer's operations a second", () => {
  it("are peak × utilisation × chips of the precision, or of the next wider one", () => {
    expect(effectiveOps(computer, "int8")).toBe(2e12);
    expect(effectiveOps(computer, "fp16")).toBe(1e12);
    expect(effectiveOps({ ...computer, peakOps: { fp32: 1e12 } }, "int8")).toBe(0.5e12);
  });

  it("cost seconds, and joules at the computer's power", () => {
    expect(inferenceCost(computer, 5e11, "fp16")).toEqual({ seconds: 0.5, joules: 7.5 });
  });

  it("are refused for a precision that the chip is too narrow for", () => {
    let caught: unknown;
    try {
      effectiveOps(computer, "fp32");
    } catch (error) {
      caught = error;
    }
    expect(isSwathError(caught, "config")).toBe(true);
    expect(String(caught)).toContain("one of int8, fp16");
  });
});
