import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pathLossOver } from "../../../../pipeline/link/budget/atmosphere.ts";
import {
  dryAttenuation,
  gasAttenuation,
  gasColumn,
  vapourAttenuation,
} from "../../../../pipeline/link/budget/gases.ts";
import {
  rainAttenuation,
  rainCoefficients,
  specificRainAttenuation,
} from "../../../../pipeline/link/budget/rain.ts";
import {
  degrees,
  gramsPerCubicMetre,
  hertz,
  metres,
  millimetresPerHour,
} from "../../../../pipeline/units.ts";

interface Table {
  readonly rows: readonly (readonly number[])[];
}
const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../golden/link/${name}`, import.meta.url), "utf8")) as T;
const itu = golden<{ specificGases: Table; specificRain: Table; slantRain: Table }>("itu-validation.json");
const { gases } = golden<{
  gases: readonly { readonly frequency: number; readonly elevation: number; readonly attenuation: number }[];
}>("pass.json");

/** The digits that published figures carry. */
const expectClose = (value: number, published: number, relative: number): void =>
  expect(Math.abs(value / published - 1), `${value} against ${published}`).toBeLessThan(relative);

describe("air", () => {
  it("absorbs as the examples of ITU-R Study Group 3 have it, line by line (P.676-12)", () => {
    const air = { dryPressure: 1013.25, temperature: 288.15, vapourPressure: (7.5 * 288.15) / 216.7 };
    for (const [frequency, dry, vapour] of itu.specificGases.rows as [number, number, number][]) {
      expectClose(dryAttenuation(frequency, air), dry, 1e-6);
      expectClose(vapourAttenuation(frequency, air), vapour, frequency === 1 ? 1e-3 : 1e-5);
    }
  });

  it("on a slant path follows the bent ray of P.676-12 within 1.5 % from 5° up", () => {
    for (const { frequency, elevation, attenuation } of gases) {
      const column = gasColumn(hertz(frequency * 1e9), metres(0), gramsPerCubicMetre(7.5));
      expectClose(gasAttenuation(column, degrees(elevation)), attenuation, 0.015);
    }
  });

  it("takes less the higher the station and the steeper the ray", () => {
    const at = (height: number, elevation: number): number =>
      gasAttenuation(gasColumn(hertz(26e9), metres(height), gramsPerCubicMetre(7.5)), degrees(elevation));
    expect(at(2500, 10)).toBeLessThan(0.6 * at(0, 10));
    const falling = [0, 1, 5, 20, 60, 90].map((elevation) => at(0, elevation));
    expect(falling).toEqual(falling.toSorted((a, b) => b - a));
    expect(falling.every(Number.isFinite)).toBe(true);
  });
});

describe("rain", () => {
  it("weakens as the examples of ITU-R Study Group 3 have it, per kilometre (P.838-3)", () => {
    for (const [ghz, rate, elevation, tilt, expected] of itu.specificRain.rows as number[][]) {
      const coefficients = rainCoefficients(hertz(ghz! * 1e9));
      const value = specificRainAttenuation(
        coefficients,
        millimetresPerHour(rate!),
        degrees(elevation!),
        degrees(tilt!),
      );
      expectClose(value, expected!, 1e-6);
    }
  });

  it("and on a slant path, for a share of the year (P.618-13)", () => {
    for (const row of itu.slantRain.rows) {
      const [latitude, station, ghz, elevation, tilt, exceeded, rate, slant, expected] = row as number[];
      const rainHeight = station! + slant! * Math.sin((elevation! * Math.PI) / 180);
      const value = rainAttenuation(
        rainCoefficients(hertz(ghz! * 1e9)),
        hertz(ghz! * 1e9),
        degrees(elevation!),
        {
          rate: millimetresPerHour(rate!),
          rainHeight: metres(rainHeight * 1000),
          stationHeight: metres(station! * 1000),
          latitude: degrees(latitude!),
          tilt: degrees(tilt!),
          exceeded: exceeded!,
        },
      );
      expectClose(value, expected!, 1e-6);
    }
  });

  it("is nothing above its height, and finite from the horizon to the zenith", () => {
    const rain = {
      rate: millimetresPerHour(50),
      rainHeight: metres(3000),
      exceeded: 0.01,
      tilt: degrees(45),
    };
    const place = { latitude: degrees(20), altitude: metres(0) };
    const loss = pathLossOver({ gases: null, rain }, hertz(20e9), place);
    for (const elevation of [0, 0.1, 4.99, 5, 45, 90]) {
      expect(loss(degrees(elevation)).rain, `${elevation}°`).toBeGreaterThan(0);
      expect(loss(degrees(elevation)).rain, `${elevation}°`).toBeLessThan(1000);
    }
    const high = pathLossOver({ gases: null, rain }, hertz(20e9), { ...place, altitude: metres(3000) });
    expect(high(degrees(10))).toEqual({ gases: 0, rain: 0 });
  });
});
