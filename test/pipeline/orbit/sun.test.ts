import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sunAt, sunDistance } from "../../../pipeline/orbit/sun.ts";
import { instant } from "../../../pipeline/units.ts";

/** Made by test/golden/orbit/sun.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../golden/orbit/sun.json", import.meta.url), "utf8"),
) as (readonly [at: number, x: number, y: number, z: number, distance: number])[];

it("the Sun stands within 0.005° of ERFA's from 2000 to 2050, within 0.002° on average, at its distance", () => {
  let [worst, sum, farthest] = [0, 0, 0];
  for (const [at, x, y, z, distance] of golden) {
    const { rightAscension, declination } = sunAt(instant(at));
    const cos = Math.cos(declination);
    const chord = Math.hypot(
      cos * Math.cos(rightAscension) - x,
      cos * Math.sin(rightAscension) - y,
      Math.sin(declination) - z,
    );
    const apart = (chord * 180) / Math.PI;
    worst = Math.max(worst, apart);
    sum += apart;
    farthest = Math.max(farthest, Math.abs(sunDistance(instant(at)) / 149_597_870_700 / distance - 1));
  }
  expect(golden.length).toBe(60);
  expect(worst).toBeLessThan(0.005);
  expect(sum / golden.length).toBeLessThan(0.002);
  expect(farthest).toBeLessThan(1e-4);
});
