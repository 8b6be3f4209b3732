import type { Seeded } from "../../pipeline/seeded.ts";
import type { Canvas } from "./canvas.ts";
import { frameOf, type TurnedRect } from "./canvas.ts";
import type { Coast } from "./coast.ts";
import { fractal, type Grid, grid, smoothstep } from "./noise-field.ts";
import { bandCount, spectra } from "./spectrum.ts";

/** What the sea surface looks like in a scene. */
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

/** Slicks: films of oil and plankton calm the ripples along lines that currents draw out, where wind lets them. */
const slickOf = (broad: number, fine: number, gust: number): number =>
  (0.55 * smoothstep(0.93, 1, 1 - Math.abs(broad) * 0.8) + 0.5 * smoothstep(0.86, 1, 1 - Math.abs(fine))) *
  smoothstep(-1.6, 0.2, -gust + 0.6 * broad);

/** How sheltered a place is, 0…1: full behind the breakwaters, fading where the basin opens. */
const shelterOf = (basin: TurnedRect | null) => {
  if (!basin) return () => 0;
  const frame = frameOf(basin);
  return (x: number, y: number, drift: number): number => {
    const inside = basin.width / 2 - Math.abs(frame.v(x, y));
    if (inside < -12) return 0;
    const ends = smoothstep(0, 130, basin.length / 2 - Math.abs(frame.u(x, y)) + 25 * drift);
    return ends * smoothstep(0, 24, inside + 6 * drift) * 0.85;
  };
};

const glintField = (coast: Coast, sea: SeaState, rng: Seeded): Glint => {
  const { width, height } = coast.offshore;
  const shear = rng.uniform() * 1.2 - 0.6;
  const gusts = fractal(width, height, rng.split("gusts"), {
    from: 420,
    to: 24,
    persistence: 0.62,
    stretch: 1.7,
    shear,
  });
  const ripples = fractal(width, height, rng.split("ripples"), {
    from: 14,
    to: 3,
    persistence: 0.75,
    stretch: 2.2,
    shear,
  });
  const lines = fractal(width, height, rng.split("slicks"), {
    from: 240,
    to: 5,
    persistence: 0.58,
    stretch: 2.2,
    shear,
  });
  const threads = fractal(width, height, rng.split("threads"), {
    from: 90,
    to: 5,
    persistence: 0.6,
    stretch: 3.2,
    shear,
  });
  const field = grid(width, height);
  const [kx, ky] = [Math.cos(sea.swellAngle), Math.sin(sea.swellAngle)].map(
    (k) => (k * 2 * Math.PI) / sea.swellLength,
  );
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const offshore = coast.offshore.values[at]!;
      if (offshore < -2) continue;
      const gust = gusts.values[at]!;
      const exposed = Math.min(1, 0.35 + offshore / 260);
      const calm = Math.min(0.85, slickOf(lines.values[at]!, threads.values[at]!, gust));
      const swell =
        sea.swell * exposed * (1 + 0.5 * gust) * Math.sin(kx! * x + ky! * y + 1.3 * lines.values[at]!);
      const rough = sea.wind * 0.0011 * ripples.values[at]! * (1 + 0.35 * gust);
      field.values[at] = Math.max(
        0,
        (sea.glint * Math.max(0.1, 1 + 0.42 * gust) * exposed + rough + swell) * (1 - calm),
      );
    }
  }
  return field;
};

/** Paints all water and returns the glint on it. Land pixels are left as they are. */
export const paintSea = (target: Canvas, coast: Coast, sea: SeaState, rng: Seeded): Glint => {
  const { width, height, planes } = target;
  const glint = glintField(coast, sea, rng);
  const murk = fractal(width, height, rng.split("murk"), {
    from: 500,
    to: 30,
    persistence: 0.55,
    stretch: 1.3,
    shear: 0.3,
  });
  const shelterAt = shelterOf(coast.basin);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const offshore = coast.offshore.values[at]!;
      if (offshore < -2) continue;
      const cloudy = murk.values[at]!;
      // Eight hundred pixels out nothing is left of the shore's green and brown.
      const near = offshore < 800 ? Math.max(0, offshore) : Infinity;
      const shelf = near < Infinity ? Math.exp(-near / (70 + 18 * cloudy)) * (1 + 0.25 * cloudy) : 0;
      const silt = near < Infinity ? sea.silt * Math.exp(-near / 160) * smoothstep(-0.4, 1.6, cloudy) : 0;
      const sheltered = shelterAt(x, y, cloudy);
      const shine = glint.values[at]! * (1 - 0.85 * sheltered);
      glint.values[at] = shine;
      for (let b = 0; b < bandCount; b++) {
        const open =
          spectra.deepWater[b]! * (1 + 0.05 * cloudy) +
          shelf * spectra.shelfWater[b]! +
          silt * spectra.silt[b]!;
        planes[b]![at] = open + (spectra.basinWater[b]! - open) * sheltered + shine * glintTint[b]!;
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
