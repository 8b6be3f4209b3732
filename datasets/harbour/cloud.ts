import type { Seeded } from "../../pipeline/seeded.ts";
import type { Canvas } from "./canvas.ts";
import { fractal, type Grid, grid, smoothstep } from "./noise-field.ts";
import { bandCount, spectra } from "./spectrum.ts";

/** The cloud cover of a scene. */
export interface Sky {
  /** Share of the scene under cloud, 0…1. */
  readonly cover: number;
  /** From a cloud to its shadow, in pixels. */
  readonly shadowX: number;
  readonly shadowY: number;
  /** Haze, as a multiple of a clear day's. */
  readonly haze: number;
}

/** The value that a share of the field's pixels exceeds. */
const threshold = ({ values }: Grid, share: number): number => {
  const sample = Float32Array.from(
    { length: 8192 },
    (_, i) => values[Math.floor((i * values.length) / 8192)]!,
  );
  sample.sort();
  return sample[Math.min(8191, Math.floor((1 - share) * 8192))]!;
};

/**
 * Paints shadows, clouds and haze over everything. Returns how opaque the sky is over each pixel, 0…1, so that labels
 * can tell what nobody could see.
 */
export const paintSky = (target: Canvas, sky: Sky, rng: Seeded): Grid => {
  const { width, height, planes } = target;
  const opacity = grid(width, height);
  const veil = fractal(width, height, rng.split("haze"), {
    from: 700,
    to: 80,
    persistence: 0.5,
    stretch: 1.4,
  });
  if (sky.cover > 0) {
    const towers = fractal(width, height, rng.split("cloud"), { from: 420, to: 3, persistence: 0.56 });
    const level = threshold(towers, sky.cover);
    for (let at = 0; at < opacity.values.length; at++) {
      const rise = towers.values[at]! - level;
      opacity.values[at] = smoothstep(-0.12, 0.42, rise);
    }
    shade(target, opacity, sky);
    for (let at = 0; at < opacity.values.length; at++) {
      const cover = opacity.values[at]!;
      if (cover <= 0) continue;
      const rise = Math.max(0, towers.values[at]! - level);
      const behind = at - 2 * width - 2;
      const lit = behind >= 0 && at % width >= 2 ? towers.values[at]! - towers.values[behind]! : 0;
      const white = Math.min(1.25, 0.58 + 0.36 * Math.min(1, rise * 0.8) + 0.55 * lit);
      for (let b = 0; b < bandCount; b++) {
        const plane = planes[b]!;
        plane[at] = plane[at]! + (spectra.cloud[b]! * white - plane[at]!) * cover;
      }
    }
  }
  for (let at = 0; at < opacity.values.length; at++) {
    const amount = Math.max(0, sky.haze * (1 + 0.3 * veil.values[at]!));
    for (let b = 0; b < bandCount; b++) {
      // Haze adds its own light and dims what lies below.
      planes[b]![at] = planes[b]![at]! * (1 - 0.04 * amount) + spectra.haze[b]! * amount;
    }
  }
  return opacity;
};

/** Darkens the ground where clouds stand between it and the sun; the blue sky still lights it a little. */
const shade = ({ width, height, planes }: Canvas, opacity: Grid, { shadowX, shadowY }: Sky): void => {
  const skyLight = [0.5, 0.42, 0.36, 0.3, 0.22] as const;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [cx, cy] = [x - shadowX, y - shadowY];
      // Beyond the edge nobody knows; the edge pixel stands for it.
      const [ex, ey] = [Math.min(width - 1, Math.max(0, cx)), Math.min(height - 1, Math.max(0, cy))];
      const dark = opacity.values[ey * width + ex]!;
      if (dark <= 0) continue;
      const at = y * width + x;
      for (let b = 0; b < bandCount; b++) planes[b]![at]! *= 1 - dark * (1 - skyLight[b]!);
    }
  }
};
