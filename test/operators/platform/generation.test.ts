import fc from "fast-check";
import { expect, test } from "vitest";
import { generationRate } from "../../../operators/platform/generation.ts";
import { spacecraftPresets } from "../../../operators/presets/registry.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import { bytes } from "../../../pipeline/units.ts";

const computerOf = (name: string) =>
  spacecraftOf(spacecraftPresets.find((one) => one.name === name)!).computer;
const qwen3 = { weights: bytes(8.19e9), operationsEach: 16.4e9, precision: "int8" as const };

test("eight billion parameters on Three-Body: bandwidth over bytes of weights", () => {
  const computer = computerOf("three-body");
  const { tokensPerSecond, boundBy } = generationRate(computer, qwen3);
  expect(boundBy).toBe("memory traffic");
  expect(tokensPerSecond).toBeCloseTo((computer.memoryBandwidth as number) / 8.19e9, 6);
});

test("never more than traffic allows, never more than operations allow, and half as fast with twice the weights", () => {
  const computer = { ...computerOf("three-body"), memory: bytes(1e15) };
  fc.assert(
    fc.property(
      fc.double({ min: 1e6, max: 1e12, noNaN: true }),
      fc.double({ min: 1e6, max: 1e15, noNaN: true }),
      (weights, operationsEach) => {
        const one = generationRate(computer, { ...qwen3, weights: bytes(weights), operationsEach });
        const two = generationRate(computer, { ...qwen3, weights: bytes(2 * weights), operationsEach });
        expect(one.tokensPerSecond * weights).toBeLessThanOrEqual(
          (computer.memoryBandwidth as number) * 1.000001,
        );
        if (two.boundBy === "memory traffic" && one.boundBy === "memory traffic")
          expect(two.tokensPerSecond * 2).toBeCloseTo(one.tokensPerSecond, 3);
      },
    ),
  );
});

test("what does not fit in memory is refused, and so is memory that nobody knows", () => {
  expect(() => generationRate(computerOf("cubesat-6u"), qwen3)).toThrow(
    /has no room for the weights: wanted at most 4 GB of memory, got 8\.19 GB/,
  );
  const { memory: _, ...unknown } = computerOf("three-body");
  expect(() => generationRate(unknown, qwen3)).toThrow(
    /wanted `memory` and `memoryBandwidth`.*got no `memory`/,
  );
});
