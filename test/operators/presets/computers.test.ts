import { describe, expect, it } from "vitest";
import { inferenceCost } from "../../../operators/platform/computer.ts";
import { computerOf, computerProfiles, findComputer } from "../../../operators/presets/computers.ts";
import { figuresOf } from "../../../operators/presets/figure.ts";
import { checkSpacecraft } from "../../../pipeline/mission/spacecraft-schema.ts";
import { watts } from "../../../pipeline/units.ts";
import { plainPower, plainSpacecraft } from "../platform/spacecraft.ts";

describe.each(computerProfiles.map((profile) => [profile.name, profile] as const))("%s", (_, profile) => {
  const computer = computerOf(profile);

  it("is a computer that a spacecraft may carry, every figure with a unit, a kind and a source", () => {
    const base = watts(computer.idlePower + 8);
    const power = { ...plainPower, loads: { base, contact: watts(1) } };
    expect(checkSpacecraft({ ...plainSpacecraft, computer, power }, profile.name).computer).toEqual(computer);
    const figures = figuresOf(profile.sheet);
    expect(figures.length).toBeGreaterThanOrEqual(7);
    for (const { path, source } of figures) expect(source.length, path).toBeGreaterThan(4);
  });

  it("takes a measured network's time within a factor of two and a half", () => {
    for (const { network, precision, operations, seconds } of profile.anchors) {
      const ratio = inferenceCost(computer, operations, precision).seconds / seconds;
      expect(ratio, network).toBeGreaterThan(0.4);
      expect(ratio, network).toBeLessThan(2.5);
    }
  });
});

it("names are found, and differ", () => {
  expect(new Set(computerProfiles.map(({ name }) => name)).size).toBe(computerProfiles.length);
  expect(findComputer("jetson-nano")?.title).toContain("Nano");
  expect(findComputer("abacus")).toBeNull();
});
