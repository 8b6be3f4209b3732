import type { Seeded } from "../../pipeline/seeded.ts";
import { blend, type Canvas, fillRect } from "./canvas.ts";
import type { Coast } from "./coast.ts";
import { cellNoise, fractal, smoothstep } from "./noise-field.ts";
import { bandCount, paints, spectra, type Spectrum } from "./spectrum.ts";

/** How the land of a scene is used. */
export interface LandShape {
  /** Radius of the town in pixels. */
  readonly town: number;
  /** Share of the country that is wooded hills, 0…1. */
  readonly hills: number;
}

const crops: readonly Spectrum[] = [
  spectra.crop,
  spectra.youngCrop,
  spectra.stubble,
  spectra.soil,
  spectra.crop,
  spectra.stubble,
  spectra.scrub,
];

/** Roofs by quarter: the old town is tiled, the works are grey and white, the suburbs green between the houses. */
const quarters: readonly (readonly Spectrum[])[] = [
  [spectra.redRoof, spectra.redRoof, spectra.greyRoof, spectra.street, spectra.redRoof, spectra.darkRoof],
  [spectra.greyRoof, spectra.street, spectra.redRoof, spectra.darkRoof, spectra.greyRoof, spectra.scrub],
  [spectra.scrub, spectra.redRoof, spectra.youngCrop, spectra.greyRoof, spectra.street, spectra.forest],
  [spectra.greyRoof, spectra.quay, spectra.street, spectra.concrete, spectra.greyRoof, spectra.darkRoof],
];

const pick = <T>(from: readonly T[], noise: number): T => from[Math.floor(noise * from.length)]!;

/** Brick-like parcels: rows of unequal width, each cut at places of its own. */
const parcel = (u: number, v: number, across: number, long: number, salt: number) => {
  const row = Math.floor(v / across);
  const shifted = u + cellNoise(row, salt, 11) * long;
  const column = Math.floor(shifted / long);
  const edge = Math.min(v - row * across, shifted - column * long);
  return { column, row, edge };
};

const fieldColour = (u: number, v: number, salt: number): { colour: Spectrum; gain: number } => {
  const across = 9 + 9 * cellNoise(salt, 3, 5);
  const { column, row, edge } = parcel(u, v, across, 22 + 26 * cellNoise(salt, 4, 6), salt);
  const kind = cellNoise(column, row, salt + 17);
  if (edge < 1 && cellNoise(row, salt, 19) < 0.45) return { colour: spectra.scrub, gain: 1 };
  const rows = cellNoise(column, row, 23) < 0.4 ? 0.06 * Math.sin(v * 2.1) : 0;
  return { colour: pick(crops, kind), gain: 0.78 + 0.3 * cellNoise(column, row, salt + 29) + rows };
};

const woodColour = (cover: number, hill: number, x: number, y: number, salt: number) => {
  const crown = 0.8 + 0.4 * cellNoise(x, y, salt + 41);
  if (cover > 1.35) return { colour: spectra.stubble, gain: 0.75 * crown };
  return { colour: cover > 0.55 ? spectra.scrub : spectra.forest, gain: crown * (0.95 + 0.12 * hill) };
};

const townColour = (u: number, v: number, salt: number): { colour: Spectrum; gain: number } => {
  const { column, row, edge } = parcel(
    u,
    v,
    7 + 4 * cellNoise(salt, 7, 1),
    11 + 8 * cellNoise(salt, 8, 2),
    salt,
  );
  const house = cellNoise(Math.floor(u / 2.3), Math.floor(v / 1.9), salt);
  const use = cellNoise(column, row, salt + 3);
  if (edge < 1) return { colour: use < 0.25 ? spectra.scrub : spectra.street, gain: 0.72 + 0.2 * use };
  const detail = 0.84 + 0.22 * cellNoise(Math.floor(u), Math.floor(v), salt + 31);
  if (use < 0.06) return { colour: use < 0.03 ? spectra.youngCrop : spectra.forest, gain: detail };
  if (use < 0.1)
    return { colour: pick([spectra.whiteRoof, spectra.greyRoof, spectra.concrete], use * 10), gain: detail };
  const quarter = 0.7 * cellNoise(salt, 1, 9) + 0.3 * cellNoise(column, row, salt + 7);
  return { colour: pick(pick(quarters, quarter), house), gain: detail * (0.72 + 0.3 * use) };
};

/**
 * Paints all land: town round the port, fields in the plain, woods on the hills, sand and rock along the shore.
 * `sunX`, `sunY` point to the sun.
 */
export const paintLand = (
  target: Canvas,
  coast: Coast,
  shape: LandShape,
  sun: readonly [number, number],
  rng: Seeded,
): void => {
  const { width, height } = target;
  const relief = fractal(width, height, rng.split("relief"), { from: 380, to: 6, persistence: 0.6 });
  const warp = fractal(width, height, rng.split("warp"), { from: 260, to: 16, persistence: 0.5 });
  const cover = fractal(width, height, rng.split("cover"), { from: 300, to: 5, persistence: 0.6 });
  const salt = rng.integer(100_000);
  const hillLine = 2.2 - 3.2 * shape.hills;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const offshore = coast.offshore.values[at]!;
      if (offshore > 2) continue;
      const inland = -offshore;
      const bent = warp.values[at]!;
      const toPort = Math.hypot(x - coast.portX, y - coast.portY) / shape.town;
      // Districts: patches with wavy borders, in each of which streets or furrows run one way.
      const [dx, dy] = [Math.floor((x + 38 * bent) / 150), Math.floor((y - 33 * bent) / 130)];
      const district = salt + dx * 131 + dy * 7919;
      const angle = cellNoise(dx, dy, salt) * Math.PI;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const [u, v] = [x * c + y * s + 2 * bent, y * c - x * s + 2 * bent];
      const grown = toPort + 0.28 * cover.values[at]! + 0.25 * bent;
      const hill = relief.values[at]! + inland / 420 - hillLine;
      const slope = relief.values[at]! - relief.values[Math.max(0, at - 1)]!;
      const slopeY = relief.values[at]! - relief.values[Math.max(0, at - width)]!;
      const steep = smoothstep(-0.2, 0.6, hill);
      const light = Math.min(1.7, Math.max(0.4, 1 - (0.1 + steep) * 9 * (slope * sun[0] + slopeY * sun[1])));
      // Thresholds that waver from pixel to pixel: towns and woods fray, they do not end.
      const fray = 0.34 * (cellNoise(x, y, salt) - 0.5);
      const isTown = grown + fray * 0.5 < 1 && hill < 0.55;
      const { colour, gain } = isTown
        ? townColour(u, v, district)
        : hill + fray > 0
          ? woodColour(cover.values[at]! + 1.6 * fray, hill, x, y, salt)
          : fieldColour(u, v, district);
      const shore = inland < 3 + 2 * bent ? (toPort < 0.7 ? spectra.rock : spectra.sand) : null;
      // Mixed with the water below where the shore cuts the pixel.
      blend(target, at, shore ?? colour, smoothstep(1.2, -0.6, offshore), gain * light);
    }
  }
};

const boxPaints: readonly Spectrum[] = [
  paints.oxide,
  spectra.street,
  paints.grey,
  paints.blue,
  paints.ochre,
  paints.oxide,
  spectra.quay,
];

/** Stacks of containers between lanes. */
const yardColour = (u: number, v: number, salt: number): Spectrum => {
  const lane = ((v % 6) + 6) % 6;
  if (lane < 1.3 || ((u % 34) + 34) % 34 < 2) return spectra.street;
  const stack = cellNoise(Math.floor(u / 3.6), Math.floor(v / 1.8), salt);
  return stack < 0.4 ? spectra.quay : pick(boxPaints, (stack - 0.4) / 0.6);
};

/** Paints the port over shore and water: quays, yards, breakwaters, jetties with small craft. */
export const paintPort = (target: Canvas, coast: Coast, rng: Seeded): void => {
  const salt = rng.integer(100_000);
  const speckle = (at: number): number => 0.92 + 0.16 * cellNoise(at, 1, salt);
  for (const rect of coast.platforms) {
    const apron = (u: number, v: number): Spectrum => {
      const row = Math.floor(v / 8);
      const along = u + 40 * cellNoise(row, 2, salt);
      const shed = cellNoise(Math.floor(along / 17), row, salt + 1);
      const inside = Math.abs(v) < rect.width / 2 - 4 && Math.abs(u) < rect.length / 2 - 4;
      const isGap = ((v % 8) + 8) % 8 < 3.2 || ((along % 17) + 17) % 17 < 3;
      if (inside && !isGap && shed < 0.13) return spectra.whiteRoof;
      if (inside && !isGap && shed < 0.4) return spectra.greyRoof;
      if (inside && !isGap && shed < 0.5) return spectra.redRoof;
      return cellNoise(Math.floor(along / 37), Math.floor(v / 21), salt + 2) < 0.5
        ? spectra.street
        : spectra.quay;
    };
    fillRect(target, rect, apron, speckle);
  }
  for (const rect of coast.yards) fillRect(target, rect, (u, v) => yardColour(u, v, salt), speckle);
  for (const rect of coast.breakwaters) fillRect(target, rect, () => spectra.concrete, speckle);
  for (const rect of coast.marina) {
    fillRect(target, rect, () => spectra.rock);
    for (let u = -rect.length / 2 + 1; u < rect.length / 2; u += 1.7) {
      for (const side of [-1, 1]) {
        if (rng.uniform() < 0.3) continue;
        const [c, s] = [Math.cos(rect.angle), Math.sin(rect.angle)];
        const [x, y] = [rect.x + u * c - side * 1.6 * s, rect.y + u * s + side * 1.6 * c];
        const boat = { x, y, length: 1.1, width: 0.5, angle: rect.angle + Math.PI / 2 };
        fillRect(
          target,
          boat,
          () => paints.white,
          () => 0.5 + 0.4 * rng.uniform(),
        );
      }
    }
  }
};

/** Roads: gently winding lines across the land, drawn where there is land. */
export const paintRoads = (target: Canvas, coast: Coast, count: number, rng: Seeded): void => {
  const { width, height } = target;
  for (let road = 0; road < count; road++) {
    let angle = rng.uniform() * 2 * Math.PI;
    let [x, y] = [coast.portX + (rng.uniform() - 0.5) * 500, coast.portY + (rng.uniform() - 0.5) * 500];
    const breadth = road < 2 ? 1.6 : 0.9;
    for (let step = 0; step < 260; step++) {
      angle += 0.09 * rng.gaussian();
      const length = 7;
      const next = [x + length * Math.cos(angle), y + length * Math.sin(angle)] as const;
      const [mx, my] = [(x + next[0]) / 2, (y + next[1]) / 2];
      [x, y] = next;
      const at = Math.floor(my) * width + Math.floor(mx);
      if (mx < 8 || my < 8 || mx > width - 8 || my > height - 8) break;
      if (coast.offshore.values[at]! > -6) {
        angle += 0.5;
        continue;
      }
      fillRect(target, { x: mx, y: my, length: length + 0.6, width: breadth, angle }, () => spectra.street);
    }
  }
};

/** How bright the surface is, for tests and for shadows: mean over the visible bands. */
export const surfaceBrightness = ({ planes }: Canvas, at: number): number => {
  let sum = 0;
  for (let b = 0; b < bandCount - 2; b++) sum += planes[b]![at]!;
  return sum / (bandCount - 2);
};
