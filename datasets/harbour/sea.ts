import type { Seeded } from "../../pipeline/seeded.ts";
import type { Canvas } from "./canvas.ts";
import { isInRect } from "./canvas.ts";
import type { Coast } from "./coast.ts";
import { fractal, type Grid, grid, smoothstep } from "./noise-field.ts";
import { bandCount, spectra } from "./spectrum.ts";

export interface SeaState {
  /** Mean sun glint, as reflectance. */
  readonly glint: number;
  /** How much wind roughens the water, 0…1. */
  readonly wind: number;
  /** Height of the swell, as reflectance. */
  readonly swell: number;
  /** Wavelength of the swell, in pixels, and where it goes. */
  readonly swellLength: number;
  readonly swellAngle: number;
  /** How much silt rivers bring. */
  readonly silt: number;
}

/** Sun glint on each pixel, as reflectance: what wakes and slicks take away. */
export type Glint = Grid;

/** Glint is white light; in the short-wave infrared the facets of Sentinel-2 see less of it. */
const glintTint = [0.98, 0.98, 1, 1, 0.55] as const;

/** Slicks: films of oil and plankton calm the ripples along lines that currents draw out. */
const slickOf = (ridge: number): number => smoothstep(0.9, 1, 1 - Math.abs(ridge) * 0.75);

const glintField = (coast: Coast, sea: SeaState, rng: Seeded): Glint => {
  const { width, height } = coast.offshore;
  const shear = rng.uniform() * 1.2 - 0.6;
  const gusts = fractal(width, height, rng.split("gusts"), { from: 420, to: 24, persistence: 0.62, stretch: 1.7, shear });
  const ripples = fractal(width, height, rng.split("ripples"), { from: 14, to: 3, persistence: 0.75, stretch: 2.2, shear });
  const lines = fractal(width, height, rng.split("slicks"), { from: 310, to: 9, persistence: 0.5, stretch: 1.6, shear });
  const field = grid(width, height);
  const [kx, ky] = [Math.cos(sea.swellAngle), Math.sin(sea.swellAngle)].map((k) => (k * 2 * Math.PI) / sea.swellLength);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const offshore = coast.offshore.values[at]!;
      if (offshore < -2) continue;
      const gust = gusts.values[at]!;
      const exposed = Math.min(1, 0.35 + offshore / 260);
      const calm = slickOf(lines.values[at]!) * smoothstep(-1.2, 0.4, gust) * 0.75;
      const swell = sea.swell * exposed * (1 + 0.5 * gust) * Math.sin(kx! * x + ky! * y + 1.3 * lines.values[at]!);
      const rough = sea.wind * 0.0011 * ripples.values[at]! * (1 + 0.35 * gust);
      field.values[at] = Math.max(0, (sea.glint * Math.max(0.1, 1 + 0.42 * gust) * exposed + rough + swell) * (1 - calm));
    }
  }
  return field;
};

/** Paints all water and returns the glint on it. Land pixels are left as they are. */
export const paintSea = (target: Canvas, coast: Coast, sea: SeaState, rng: Seeded): Glint => {
  const { width, height, planes } = target;
  const glint = glintField(coast, sea, rng);
  const murk = fractal(width, height, rng.split("murk"), { from: 500, to: 30, persistence: 0.55, stretch: 1.3, shear: 0.3 });
  const { basin } = coast;
  const rows = planes.map((plane) => plane);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const offshore = coast.offshore.values[at]!;
      if (offshore < -2) continue;
      const cloudy = murk.values[at]!;
      const shelf = Math.exp(-Math.max(0, offshore) / (70 + 18 * cloudy)) * (1 + 0.25 * cloudy);
      const silt = sea.silt * Math.exp(-Math.max(0, offshore) / 160) * smoothstep(-0.4, 1.6, cloudy);
      const sheltered = basin && isInRect(basin, x, y) ? smoothstep(0, 30, offshore + 30) * 0.8 : 0;
      const shine = glint.values[at]! * (1 - 0.85 * sheltered);
      glint.values[at] = shine;
      for (let b = 0; b < bandCount; b++) {
        const open =
          spectra.deepWater[b]! * (1 + 0.05 * cloudy) + shelf * spectra.shelfWater[b]! + silt * spectra.silt[b]!;
        rows[b]![at] = open + (spectra.basinWater[b]! - open) * sheltered + shine * glintTint[b]!;
      }
    }
  }
  return glint;
};

/** Scatters breaking crests: a pixel or two of foam, more where gusts are. */
export const paintWhitecaps = (target: Canvas, glint: Glint, count: number, rng: Seeded): void => {
  for (let i = 0; i < count; i++) {
    const [x, y] = [rng.integer(target.width - 1), rng.integer(target.height)];
    const at = y * target.width + x;
    if (glint.values[at]! < 0.004) continue;
    const strength = 0.02 + 0.06 * rng.uniform() * rng.uniform();
    for (let b = 0; b < bandCount; b++) {
      target.planes[b]![at]! += strength * (spectra.foam[b]! / spectra.foam[0]);
      target.planes[b]![at + 1]! += 0.5 * strength * (spectra.foam[b]! / spectra.foam[0]);
    }
  }
};
