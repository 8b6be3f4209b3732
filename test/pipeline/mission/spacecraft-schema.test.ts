import { describe, expect, it } from "vitest";
import { checkSpacecraft } from "../../../pipeline/mission/spacecraft-schema.ts";
import { isSwathError } from "../../../pipeline/errors.ts";
import { plainSpacecraft } from "../../operators/platform/spacecraft.ts";

/** A copy with one field replaced; `undefined` takes it out. */
const having = (path: string, value: unknown): unknown => {
  const copy = structuredClone(plainSpacecraft) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop()!;
  const holder = keys.reduce((inner, key) => inner[key] as Record<string, unknown>, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
};

const refusal = (value: unknown): string => {
  try {
    checkSpacecraft(value, "spacecraft");
  } catch (error) {
    if (isSwathError(error, "config")) return error.message;
    throw error;
  }
  return "accepted";
};

const terminals = { terminals: 2, rate: 1e9, maxRange: 5e6, clearance: 1e5, pointingTime: 30, power: 60 };

describe("a spacecraft from outside", () => {
  it("is handed on unchanged when every figure is in its range", () => {
    expect(checkSpacecraft(plainSpacecraft, "x")).toEqual(plainSpacecraft);
    expect(refusal(having("power", null))).toBe("accepted");
    expect(refusal(having("heat", null))).toBe("accepted");
    expect(refusal(having("crosslink", terminals))).toBe("accepted");
  });

  it.each([
    ["power.arrayEfficiency", 1.2, "an efficiency, above 0 and at most 1", "1.2"],
    ["power.arrayArea", -0.1, "square metres, 0 or more", "-0.1"],
    ["power.battery.capacity", 0, "joules, above 0", "0"],
    ["power.battery.floor", 1.5, "a share, 0 … 1", "1.5"],
    ["power.battery.chargeEfficiency", 0, "an efficiency, above 0 and at most 1", "0"],
    ["power.attitude", "upside-down", "nadir, sun-tracking or tumbling", '"upside-down"'],
    ["power.loads.base", undefined, "watts, 0 or more", "nothing"],
    ["power.loads.base", 1, "watts, at least the computer's `idlePower`, which is part of it", "1"],
    ["heat.nodes.0.heatCapacity", -9000, "joules per kelvin, above 0", "-9000"],
    ["heat.nodes.0.emissivity", 1.01, "a share, 0 … 1", "1.01"],
    ["heat.stopAt", 300, "kelvin, at least `throttleFrom` (333)", "300"],
    ["heat.computerNode", "board", "the name of a node (body)", '"board"'],
    ["heat.conductors", [{ a: "body", b: "wing", conductance: 1 }], "", ""],
    ["computer.idlePower", 11, "watts, at most the computer's `power`", "11"],
    ["computer.peakOps", {}, "at least one of fp32, fp16, int8", "{}"],
    ["computer.utilisation", 40, "an efficiency, above 0 and at most 1", "40"],
    ["computer.chips", 1.5, "a whole number, 1 or more", "1.5"],
    ["computer.power", Number.NaN, "watts, above 0", "NaN"],
    ["computer.tileOverhead", "5 ms", "seconds, 0 or more", '"5 ms"'],
    ["store.capacity", undefined, "bytes, above 0", "nothing"],
    ["shielding", -1, "millimetres, 0 or more", "-1"],
    ["crosslink", { ...terminals, terminals: 0 }, "", ""],
    ["crosslink", undefined, "an object (`null` leaves out power, heat or crosslink)", "nothing"],
  ])("refuses %s = %j with the path and the range", (path, value, wanted, got) => {
    const message = refusal(having(path, value));
    expect(message).toContain(`spacecraft.${path}`);
    expect(message).toContain(`wanted ${wanted}`);
    expect(message).toContain(`got ${got}`);
  });

  it("refuses shares that do not sum to 1, and a body that cannot radiate", () => {
    expect(refusal(having("heat.nodes.0.busShare", 0.9))).toContain("`busShare` sum to 1");
    expect(refusal(having("heat.nodes.0.computerShare", 0.5))).toContain("`computerShare` sum to 1");
    expect(refusal(having("heat.nodes.0.area", 0))).toContain("a node that radiates");
  });

  it("names a field that does not exist", () => {
    expect(refusal(having("power.battery.floors", 0.2))).toContain(
      'spacecraft.power.battery: unknown field "floors"',
    );
  });
});
