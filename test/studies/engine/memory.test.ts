import { expect, test } from "vitest";
import { bytes, seconds } from "../../../pipeline/units.ts";
import { constellationCount } from "../../../planning/orbits/constellation.ts";
import {
  passMemory,
  requireMemory,
  requireSatelliteMemory,
  simulationMemory,
} from "../../../studies/engine/memory.ts";

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

test("a million satellites are refused before one of them is made, where they do not fit", () => {
  const million = constellationCount("filing-1m") ?? 0;
  expect(million).toBe(1_000_000);
  expect(constellationCount("walker:2800")).toBe(2800);
  expect(constellationCount("orbits.tle")).toBeNull();
  expect(() => requireSatelliteMemory(million, room)).not.toThrow();
  expect(() => requireSatelliteMemory(million, { ...room, free: bytes(5e8) })).toThrow(
    /a contact plan of 1,000,000 satellites.*about 1 GB of memory.*500 MB free.*plan a part/s,
  );
  expect(() => requireSatelliteMemory(million, { ...room, heap: bytes(2e8) })).toThrow(
    /about 700 MB on the heap.*room for 200 MB.*--max-old-space-size=1000/s,
  );
});
