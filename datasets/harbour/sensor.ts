import type { Seeded } from "../../pipeline/seeded.ts";
import type { Canvas } from "./canvas.ts";
import { bandCount } from "./spectrum.ts";

/** One count of the files written, as in Sentinel-2 L2A products. */
export const reflectanceScale = 1e-4;

/**
 * Noise of a 10 m band as reflectance, σ² = dark² + shot · ρ: signal-to-noise near 100 on dark water as measured over real
 * scenes (the local deviation there is 0.0006 on the calmest).
 */
const darkNoise = [0.0008, 0.0006, 0.00045, 0.00042, 0.00016] as const;
const shotNoise = 6e-6;

/**
 * Weights of the neighbours in the point spread. 1 − 4w is the modulation transfer at the Nyquist frequency: 0.32, after MSI's
 * optics and the resampling to the UTM grid. B11 is a 20 m band brought to the 10 m grid.
 */
const side = [0.17, 0.17, 0.17, 0.17, 0.24] as const;

const blurLine = (line: Float32Array, out: Float32Array, length: number, weight: number): void => {
  const centre = 1 - 2 * weight;
  for (let i = 0; i < length; i++) {
    const [before, after] = [line[Math.max(0, i - 1)]!, line[Math.min(length - 1, i + 1)]!];
    out[i] = centre * line[i]! + weight * (before + after);
  }
};

const blur = (plane: Float32Array, width: number, height: number, weight: number): void => {
  const [line, out] = [new Float32Array(width), new Float32Array(width)];
  for (let y = 0; y < height; y++) {
    line.set(plane.subarray(y * width, (y + 1) * width));
    blurLine(line, out, width, weight);
    plane.set(out, y * width);
  }
  // Columns, a row at a time, so that memory is walked in order.
  const centre = 1 - 2 * weight;
  let above = plane.slice(0, width);
  for (let y = 0; y < height; y++) {
    const row = plane.slice(y * width, (y + 1) * width);
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      plane[y * width + x] = centre * row[x]! + weight * (above[x]! + plane[below + x]!);
    }
    above = row;
  }
};

/** What the instrument makes of the scene: blur, noise, counts from 1 (0 is nodata). The canvas is used up. */
export const sense = ({ width, height, planes }: Canvas, rng: Seeded): readonly Uint16Array[] => {
  // Rows start at random places of a table of normal deviates: drawing 12 million of them one by one takes seconds.
  const deviates = Float32Array.from({ length: 65_536 + width }, () => rng.gaussian());
  return Array.from({ length: bandCount }, (_, b) => {
    const plane = planes[b]!;
    blur(plane, width, height, side[b]!);
    const counts = new Uint16Array(width * height);
    const dark2 = darkNoise[b]! * darkNoise[b]!;
    for (let y = 0; y < height; y++) {
      const start = rng.integer(65_536);
      for (let x = 0; x < width; x++) {
        const value = plane[y * width + x]!;
        const noise = deviates[start + x]! * Math.sqrt(dark2 + shotNoise * (value > 0 ? value : 0));
        const count = (value + noise) / reflectanceScale + 0.5;
        counts[y * width + x] = count < 1 ? 1 : count > 65_535 ? 65_535 : count;
      }
    }
    return counts;
  });
};
