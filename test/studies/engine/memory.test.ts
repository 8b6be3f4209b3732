import { expect, test } from "vitest";
import { bytes, seconds } from "../../../pipeline/units.ts";
import { passMemory, requireMemory, simulationMemory } from "../../../studies/engine/memory.ts";

const room = { free: bytes(8e9), heap: bytes(4e9) };
const plan = { what: "a plan", hint: "take less" };

test("what fits goes on in silence", () => {
  expect(() => requireMemory({ ...plan, bytes: bytes(7e9), onHeap: bytes(3e9) }, room)).not.toThrow();
});

test("what does not fit is said in one line, with the estimate and how to go on", () => {
  const refusal = (need: Parameters<typeof requireMemory>[0]): string => {
    try {
      requireMemory(need, room);
    } catch (error) {
      return String(error);
    }
    return "";
  };
  expect(refusal({ ...plan, bytes: bytes(9e9) })).toMatch(
    /a plan.*about 9 GB of memory.*8 GB free.*take less/s,
  );
  expect(refusal({ ...plan, bytes: bytes(6e9), onHeap: bytes(6e9) })).toMatch(
    /about 6 GB on the heap.*4 GB.*--max-old-space-size=8000, or take less/s,
  );
});

test("estimates grow with satellites, stations, time and pictures", () => {
  expect(passMemory(1_000_000, 36, seconds(86_400))).toBeGreaterThan(20e9);
  expect(passMemory(250, 100, seconds(86_400))).toBeLessThan(1e9);
  const small = simulationMemory({ satellites: 2800, acquisitions: 170_000, isMesh: true });
  const large = simulationMemory({ satellites: 28_000, acquisitions: 1_700_000, isMesh: true });
  expect(large).toBeGreaterThan(5 * small);
  expect(large).toBeLessThan(10 * small);
  expect(simulationMemory({ satellites: 2800, acquisitions: 170_000, isMesh: false })).toBeLessThan(small);
});
