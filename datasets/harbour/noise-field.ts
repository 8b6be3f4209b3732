import type { Seeded } from "../../pipeline/seeded.ts";

/** One value a pixel, row by row. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Sum of octaves of value noise: wavelengths and how fast the amplitude falls. */
export interface FractalShape {
  /** Longest and shortest wavelength, in pixels. */
  readonly from: number;
  readonly to: number;
  /** Amplitude of an octave over that of the next longer one; 0.5 is a smooth landscape, 0.7 a rough one. */
  readonly persistence: number;
  /** How much longer waves are along x than along y. */
  readonly stretch?: number;
  /** Columns that the pattern moves for each row: turns stretched patterns off the axis. */
  readonly shear?: number;
}

/** A grid of zeros, row by row. */
export const grid = (width: number, height: number): Grid => ({
  width,
  height,
  values: new Float32Array(width * height),
});

/** Adds one octave of value noise, interpolated by cubic B-splines: smooth to the second derivative, so ridges stay clean. */
const addOctave = (
  target: Grid,
  rng: Seeded,
  waveX: number,
  waveY: number,
  amplitude: number,
  shear: number,
): void => {
  const { width, height, values } = target;
  const reach = Math.abs(shear) * height;
  const columns = Math.ceil((width + reach) / waveX) + 4;
  const rows = Math.ceil(height / waveY) + 4;
  const lattice = Float32Array.from({ length: columns * rows }, () => 2 * rng.uniform() - 1);
  const blended = new Float32Array(columns);
  const [phaseX, phaseY] = [rng.uniform(), rng.uniform()];
  for (let y = 0; y < height; y++) {
    const fy = y / waveY + phaseY;
    const row = Math.floor(fy);
    const ty = fy - row;
    const uy = 1 - ty;
    const w0 = (uy * uy * uy) / 6;
    const w3 = (ty * ty * ty) / 6;
    const w1 = 2 / 3 - ty * ty * (1 - ty / 2);
    const w2 = 1 - w0 - w1 - w3;
    for (let c = 0; c < columns; c++) {
      const at = row * columns + c;
      blended[c] =
        w0 * lattice[at]! +
        w1 * lattice[at + columns]! +
        w2 * lattice[at + 2 * columns]! +
        w3 * (lattice[at + 3 * columns] ?? 0);
    }
    const start = (shear < 0 ? (height - y) * -shear : y * shear) / waveX + phaseX;
    const step = 1 / waveX;
    for (let x = 0; x < width; x++) {
      const fx = start + x * step;
      const c = fx | 0;
      const t = fx - c;
      const u = 1 - t;
      const a = (u * u * u) / 6;
      const d = (t * t * t) / 6;
      const b = 2 / 3 - t * t * (1 - t / 2);
      values[y * width + x]! +=
        amplitude *
        (a * blended[c]! +
          b * blended[c + 1]! +
          (1 - a - b - d) * blended[c + 2]! +
          d * (blended[c + 3] ?? 0));
    }
  }
};

/** Long waves are made on a grid this many times coarser and brought up: there they cost a sixteenth. */
const coarseness = 4;
/** In pixels; the shortest wave still has four samples on the coarse grid. */
const longWave = 16;

/** Fractal noise, mean 0, standard deviation 1 over the grid: octaves from the longest wavelength to the shortest. */
export const fractal = (width: number, height: number, rng: Seeded, shape: FractalShape): Grid => {
  const { from, to, persistence, stretch = 1, shear = 0 } = shape;
  const coarse = grid(Math.ceil(width / coarseness) + 1, Math.ceil(height / coarseness) + 1);
  const field = grid(width, height);
  let wave = from;
  let amplitude = 1;
  for (; wave >= Math.max(to, longWave); wave /= 2, amplitude *= persistence) {
    addOctave(coarse, rng, (wave / coarseness) * stretch, wave / coarseness, amplitude, shear);
  }
  enlarge(coarse, field);
  for (; wave >= to; wave /= 2, amplitude *= persistence) {
    addOctave(field, rng, wave * stretch, wave, amplitude, shear);
  }
  return standardise(field);
};

/** Fills `field` from a grid `coarseness` times coarser, bilinearly. */
const enlarge = (coarse: Grid, { width, height, values }: Grid): void => {
  const line = new Float32Array(coarse.width);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / coarseness);
    const ty = y / coarseness - row;
    for (let c = 0; c < coarse.width; c++) {
      const above = coarse.values[row * coarse.width + c]!;
      line[c] = above + (coarse.values[(row + 1) * coarse.width + c]! - above) * ty;
    }
    for (let x = 0; x < width; x++) {
      const c = Math.floor(x / coarseness);
      const left = line[c]!;
      values[y * width + x] = left + (line[c + 1]! - left) * (x / coarseness - c);
    }
  }
};

const standardise = (field: Grid): Grid => {
  const { values } = field;
  // Every eleventh value tells mean and deviation well enough.
  let [sum, squares, count] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 11) {
    const value = values[i]!;
    sum += value;
    squares += value * value;
    count++;
  }
  const mean = sum / count;
  const scale = 1 / Math.sqrt(Math.max(1e-12, squares / count - mean * mean));
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - mean) * scale;
  return field;
};

/** A hash of two whole numbers and a salt, in 0…1: the same for the same cell, unrelated for the next. */
export const cellNoise = (x: number, y: number, salt: number): number => {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(salt, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
};

/** 0 below `low`, 1 above `high`, smooth between. */
export const smoothstep = (low: number, high: number, value: number): number => {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
};
