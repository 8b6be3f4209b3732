import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementsOf, floatsOf, halfBits, halfValue } from "../../../models/runtimes/element-types.ts";

describe("sixteen-bit floats", () => {
  test("every one of them is itself after a turn through float32", () => {
    for (let bits = 0; bits < 65_536; bits += 1) {
      const value = halfValue(bits);
      if (Number.isNaN(value)) expect(halfValue(halfBits(value))).toBeNaN();
      else expect(halfBits(value)).toBe(bits);
    }
  });

  test("any number becomes its nearest", () => {
    fc.assert(
      fc.property(fc.float({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
        const bits = halfBits(value);
        const apart = Math.abs(halfValue(bits) - value);
        for (const other of [bits - 1, bits + 1]) {
          const neighbour = halfValue(other & 0xffff);
          if (Number.isFinite(neighbour)) expect(apart).toBeLessThanOrEqual(Math.abs(neighbour - value));
        }
      }),
    );
  });

  // IEEE 754-2019, table 3.5: largest, smallest normal, smallest.
  test.each([
    [65_504, 0x7bff],
    [65_520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [-2, 0xc000],
    [1 / 3, 0x3555],
  ])("%d is 0x%s", (value, bits) => expect(halfBits(value)).toBe(bits));
});

test("whole numbers are rounded and held to their range", () => {
  const values = Float32Array.of(-3, 0.4, 1.6, 300);
  expect([...(elementsOf(values, "uint8") as Uint8Array)]).toEqual([0, 0, 2, 255]);
  expect([...(elementsOf(values, "int64") as BigInt64Array)]).toEqual([-3n, 0n, 2n, 300n]);
});

test("elements of every type come back as floats", () => {
  const values = Float32Array.of(0, 1, 2, 100);
  for (const type of [
    "float32",
    "float16",
    "float64",
    "uint8",
    "int8",
    "uint16",
    "int32",
    "int64",
  ] as const) {
    expect(floatsOf(elementsOf(values, type), type)).toEqual(values);
  }
  expect(floatsOf(["a"], "string")).toBeNull();
});
