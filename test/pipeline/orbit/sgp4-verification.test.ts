import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { propagate } from "../../../pipeline/orbit/propagator.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { parseTle } from "../../../pipeline/orbit/tle.ts";
import { instant } from "../../../pipeline/units.ts";

/**
 * Vallado, Crawford, Hujsak, Kelso, "Revisiting Spacetrack Report #3" (AIAA 2006-6753): the test cases and the states
 * that the authors' C++ gives for them, to 1e-8 km and 1e-9 km/s.
 */
const folder = "../shared/datasets/orbits/sgp4-verification";
const absent = !existsSync(folder);
if (absent) console.log(`SGP4 verification skipped: ${folder} is not there`);

/**
 * satellite.js itself is within 0.2 mm of all cases. We are not, in two ways, both far below what elements are good for:
 * it takes epochs in milliseconds, which shifts Sun and Moon in deep-space orbits (*), and an `Instant` of today has a
 * grain of 0.24 µs, which is a millimetre of flight (†).
 */
const exceptions: Readonly<Record<string, readonly [metres: number, metresPerSecond: number]>> = {
  "20413": [5e-3, 4e-6], // *, † six years after the epoch
  "22312": [1e-3, 2e-6], // † at minute 54.2028672
  "22674": [2e-3, 2e-6], // *
  "23333": [4e-2, 2e-5], // * 300 000 km out
  "26900": [2e-3, 1e-6], // *
};
/** The C++ prints a state for it although it reports error 3, as we do by throwing. */
const noOrbit = "33334";

type StateLine = readonly [
  minutes: number,
  x: number,
  y: number,
  z: number,
  vx: number,
  vy: number,
  vz: number,
];

interface Case {
  readonly satellite: Satellite;
  readonly states: readonly StateLine[];
}

/** The authors altered some lines and left their checksums. */
const mended = (line: string): string => {
  const sum = Array.from(line.slice(0, 68)).reduce((s, c) => s + (c === "-" ? 1 : Number(c) || 0), 0);
  return line.slice(0, 68) + (sum % 10);
};

const readCases = (): readonly Case[] => {
  const lines = readFileSync(`${folder}/SGP4-VER.TLE`, "utf8")
    .split(/\r?\n/)
    .filter((line) => /^[12] /.test(line))
    .map(mended);
  const blocks = readFileSync(`${folder}/tcppver.out`, "utf8")
    .split(/^\d+ xx\s*$/m)
    .slice(1);
  return blocks.map((block, index): Case => {
    const [set] = parseTle(lines.slice(index * 2, index * 2 + 2).join("\n"), "SGP4-VER.TLE");
    const states = block
      .split("\n")
      .map((line) => line.trim().split(/\s+/).slice(0, 7).map(Number))
      .filter((state) => state.length === 7) as unknown as readonly StateLine[];
    return { satellite: { id: `${set!.catalogNumber}`, ...set! }, states };
  });
};

describe.skipIf(absent)("SGP4 against Vallado's verification cases", () => {
  const cases = absent ? [] : readCases();

  test("all cases of the file are read", () => {
    expect(cases.length).toBe(33);
    expect(cases.reduce((sum, { states }) => sum + states.length, 0)).toBeGreaterThan(600);
  });

  test("states agree to 1 mm and 1 µm/s, the named exceptions to their bounds", () => {
    let [worstPosition, worstVelocity] = [0, 0];
    for (const { satellite, states } of cases) {
      if (satellite.id === noOrbit) continue;
      const [metres, metresPerSecond] = exceptions[satellite.id] ?? [1e-3, 1e-6];
      for (const [minutes, x, y, z, vx, vy, vz] of states) {
        const { position: p, velocity: v } = propagate(satellite, instant(satellite.epoch + minutes * 60));
        const positionError = Math.hypot(p[0] - x * 1000, p[1] - y * 1000, p[2] - z * 1000);
        const velocityError = Math.hypot(v[0] - vx * 1000, v[1] - vy * 1000, v[2] - vz * 1000);
        expect(positionError, `${satellite.id} at ${minutes} min`).toBeLessThan(metres);
        expect(velocityError, `${satellite.id} at ${minutes} min`).toBeLessThan(metresPerSecond);
        if (exceptions[satellite.id] === undefined) {
          worstPosition = Math.max(worstPosition, positionError);
          worstVelocity = Math.max(worstVelocity, velocityError);
        }
      }
    }
    console.log(
      `SGP4, 26 cases without exceptions: ${(worstPosition * 1000).toFixed(3)} mm, ${(worstVelocity * 1e6).toFixed(3)} µm/s at most`,
    );
  });

  test("elements that make no orbit are refused", () => {
    const { satellite } = cases.find(({ satellite: { id } }) => id === noOrbit)!;
    expect(() => propagate(satellite, satellite.epoch)).toThrow(/perturbed eccentricity/);
  });

  test("what was asked before does not change a state, in resonance neither", () => {
    for (const id of ["9880", "25954", "26975"]) {
      const { satellite } = cases.find((one) => one.satellite.id === id)!;
      const at = instant(satellite.epoch + 1000 * 60);
      const fresh = propagate({ ...satellite }, at);
      propagate(satellite, instant(satellite.epoch + 200_000 * 60));
      propagate(satellite, instant(satellite.epoch - 3000 * 60));
      expect(propagate(satellite, at)).toEqual(fresh);
    }
  });
});
