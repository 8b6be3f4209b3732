import { expect, it } from "vitest";
import { arrayCosine, arrayPower } from "../../../operators/platform/array.ts";
import { squareMetres } from "../../../pipeline/units.ts";
import { plainPower } from "./spacecraft.ts";

const light = { flux: 1361, share: 1, overhead: 0.6 };

it("gives S·η·A·cosθ in the share of sunlight that is left", () => {
  const power = { ...plainPower, arrayArea: squareMetres(0.1), arrayEfficiency: 0.3 };
  expect(arrayPower({ ...power, attitude: "sun-tracking" }, light)).toBeCloseTo(40.83, 9);
  expect(arrayPower({ ...power, attitude: "nadir" }, light)).toBeCloseTo(40.83 * 0.6, 9);
  expect(arrayPower({ ...power, attitude: "sun-tracking" }, { ...light, share: 0.25 })).toBeCloseTo(
    40.83 / 4,
    9,
  );
  expect(arrayPower(power, { ...light, share: 0 })).toBe(0);
});

it("tumbles to the mean of one side of a plate over all orientations", () => {
  // A Fibonacci sphere of normals.
  const count = 20_000;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.max(0, 1 - (2 * i + 1) / count);
  expect(arrayCosine("tumbling", 0.9)).toBeCloseTo(sum / count, 6);
});
