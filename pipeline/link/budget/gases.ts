import type { Degrees, GramsPerCubicMetre, Hertz, Metres } from "../../units.ts";
import { oxygenLines, waterLines } from "./gas-lines.ts";
import { airAt, topOfAtmosphere, type Air } from "./reference-atmosphere.ts";

/** dB/km for each GHz and unit of N″. */
const perRefractivity = 0.182;

/** Attenuation by oxygen and pressure-broadened nitrogen, dB/km (ITU-R P.676-12, annex 1, equations 1–3, 6–9). 1 … 1000 GHz. */
export const dryAttenuation = (
  frequencyGHz: number,
  { dryPressure: p, vapourPressure: e, temperature }: Air,
): number => {
  const f = frequencyGHz;
  const theta = 300 / temperature;
  let n = 0;
  for (const [f0, a1, a2, a3, a4, a5, a6] of oxygenLines) {
    const strength = a1 * 1e-7 * p * theta ** 3 * Math.exp(a2 * (1 - theta));
    // Zeeman splitting keeps the line from becoming narrower than this.
    const width = Math.hypot(a3 * 1e-4 * (p * theta ** (0.8 - a4) + 1.1 * e * theta), Math.sqrt(2.25e-6));
    const shift = (a5 + a6 * theta) * 1e-4 * (p + e) * theta ** 0.8;
    n += strength * lineShape(f, f0, width, shift);
  }
  const d = 5.6e-4 * (p + e) * theta ** 0.8;
  const continuum =
    f *
    p *
    theta ** 2 *
    (6.14e-5 / (d * (1 + (f / d) ** 2)) + (1.4e-12 * p * theta ** 1.5) / (1 + 1.9e-5 * f ** 1.5));
  return perRefractivity * f * (n + continuum);
};

/** Attenuation by water vapour, dB/km (ITU-R P.676-12, annex 1, equations 1–7). 1 … 1000 GHz. */
export const vapourAttenuation = (
  frequencyGHz: number,
  { dryPressure: p, vapourPressure: e, temperature }: Air,
): number => {
  const f = frequencyGHz;
  const theta = 300 / temperature;
  let n = 0;
  for (const [f0, b1, b2, b3, b4, b5, b6] of waterLines) {
    const strength = b1 * 0.1 * e * theta ** 3.5 * Math.exp(b2 * (1 - theta));
    const pressure = b3 * 1e-4 * (p * theta ** b4 + b5 * e * theta ** b6);
    // Doppler broadening besides.
    const width = 0.535 * pressure + Math.sqrt(0.217 * pressure ** 2 + (2.1316e-12 * f0 ** 2) / theta);
    n += strength * lineShape(f, f0, width, 0);
  }
  return perRefractivity * f * n;
};

const lineShape = (f: number, f0: number, width: number, shift: number): number =>
  (f / f0) *
  ((width - shift * (f0 - f)) / ((f0 - f) ** 2 + width ** 2) +
    (width - shift * (f0 + f)) / ((f0 + f) ** 2 + width ** 2));

/** The air above a place, cut into spherical shells, for one frequency. */
export interface GasColumn {
  /** Radii of the shells' edges from the ground up, km. */
  readonly radii: Float64Array;
  /** dB/km within each shell. */
  readonly attenuation: Float64Array;
}

const earthRadius = 6371;
/** The lowest shell, and how much thicker each is than the one below: 60 shells from sea level up. */
const firstShell = 0.05;
const growth = 1.07;

/** The column over a place at `height` above the sea; `surfaceVapour` is the water vapour at sea level. */
export const gasColumn = (frequency: Hertz, height: Metres, surfaceVapour: GramsPerCubicMetre): GasColumn => {
  const frequencyGHz = frequency / 1e9;
  const radii = [earthRadius + Math.max(0, height / 1000)];
  const attenuation: number[] = [];
  for (let thickness = firstShell; ; thickness *= growth) {
    const bottom = radii.at(-1) as number;
    const top = Math.min(bottom + thickness, earthRadius + topOfAtmosphere);
    if (top <= bottom) break;
    const air = airAt((((bottom + top) / 2 - earthRadius) * 1000) as Metres, surfaceVapour);
    attenuation.push(dryAttenuation(frequencyGHz, air) + vapourAttenuation(frequencyGHz, air));
    radii.push(top);
  }
  return { radii: Float64Array.from(radii), attenuation: Float64Array.from(attenuation) };
};

/**
 * Attenuation by gases from the ground to space at an elevation, dB: each shell's attenuation times the length of a straight
 * ray in it. Bending is left out: from 5° up within 1.5 % of the ray that P.676-12 (annex 1 §2.2) traces, at 0° far above.
 */
export const gasAttenuation = ({ radii, attenuation }: GasColumn, elevation: Degrees): number => {
  const ground = radii[0] as number;
  const closest = (ground * Math.cos((elevation * Math.PI) / 180)) ** 2;
  let sum = 0;
  let inner = Math.sqrt(Math.max(0, ground ** 2 - closest));
  for (let i = 0; i < attenuation.length; i++) {
    const outer = Math.sqrt((radii[i + 1] as number) ** 2 - closest);
    sum += (attenuation[i] as number) * (outer - inner);
    inner = outer;
  }
  return sum;
};
