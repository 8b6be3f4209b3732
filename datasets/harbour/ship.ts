import type { BoxPx } from "../../pipeline/detection/box.ts";
import { type Canvas, pixelsAround } from "./canvas.ts";
import { cellNoise } from "./noise-field.ts";
import { bandCount, paints, type Spectrum } from "./spectrum.ts";

/** The kinds of ships that are rendered; each has its own proportions and superstructure. */
export type ShipKind = "container" | "tanker" | "bulk" | "ferry" | "small";

/** One ship in a scene. Lengths are in pixels. */
export interface Ship {
  readonly kind: ShipKind;
  /** Middle of the hull, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Bow direction, radians from the x axis towards the y axis. */
  readonly heading: number;
  /** In pixels of 10 m. */
  readonly length: number;
  readonly width: number;
  /** Pixels a second; 0 when moored or at anchor. */
  readonly speed: number;
  readonly salt: number;
}

/**
 * Seconds after B02 at which the other bands see the same place: the detectors of Sentinel-2 look along the orbit one after
 * the other (S2 MSI technical guide: B08 0.264, B03 0.527, B04 1.005, B11 1.468). Fast ships get coloured edges from it.
 */
const bandDelay = [0, 0.527, 1.005, 0.264, 1.468] as const;

const hullPaints: readonly Spectrum[] = [
  paints.red,
  paints.red,
  paints.green,
  paints.blue,
  paints.oxide,
  paints.ochre,
];
const boxes: readonly Spectrum[] = [
  paints.red,
  paints.oxide,
  paints.white,
  paints.blue,
  paints.grey,
  paints.ochre,
  paints.red,
];

const choose = (from: readonly Spectrum[], noise: number): Spectrum => from[Math.floor(noise * from.length)]!;

/** Half the beam at `t` of the length, 0 the stern and 1 the bow, over half the greatest beam. */
const beam = (t: number): number => {
  if (t < 0 || t > 1) return 0;
  if (t < 0.07) return 0.82 + 2.5 * t;
  return t < 0.78 ? 1 : Math.sqrt(Math.max(0, 1 - ((t - 0.78) / 0.22) ** 2));
};

/** Colour of the deck at `t` of the length and `side` of the beam (−1…1), and how much brighter it is than its paint. */
const deck = (ship: Ship, t: number, side: number): Spectrum => {
  const { kind, salt, length } = ship;
  const isBridge =
    kind === "ferry" ? t > 0.12 && t < 0.9 : t > 0.06 && t < 0.06 + Math.max(0.1, 2.4 / length);
  if (kind === "small") return t > 0.25 && t < 0.7 ? paints.white : paints.grey;
  if (isBridge && Math.abs(side) < 0.85) return paints.white;
  const hull = choose(hullPaints, cellNoise(salt, 1, 2));
  if (Math.abs(side) > 0.8 || t > 0.92) return hull;
  if (kind === "container") {
    const row = Math.floor(t * length * 0.7);
    return t % 0.12 < 0.012 ? paints.dark : choose(boxes, cellNoise(row, Math.floor((side + 1) * 2.2), salt));
  }
  if (kind === "bulk") return (t * 7) % 1 < 0.62 && Math.abs(side) < 0.55 ? paints.grey : hull;
  if (kind === "tanker") return Math.abs(side) < 0.14 ? paints.grey : hull;
  return paints.white;
};

const subsamples = 4;

/**
 * Draws a ship by 4 × 4 samples a pixel, each band where the ship is when that band sees it, and its shadow on the side
 * away from the sun. Returns the box round the pixels of which the hull covers two fifths or more, as a person would
 * draw it; `null` when it lies outside the canvas.
 */
export const paintShip = (target: Canvas, ship: Ship, sun: readonly [number, number]): BoxPx | null => {
  const { heading, length, width, speed } = ship;
  const bounds = pixelsAround({ ...ship, angle: heading }, target, 3);
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  const height = ship.kind === "small" ? 0.25 : Math.min(1.3, width * 0.28);
  const sample = (x: number, y: number) => {
    const along = (x - ship.x) * cos + (y - ship.y) * sin;
    const across = (y - ship.y) * cos - (x - ship.x) * sin;
    const t = along / length + 0.5;
    const half = (beam(t) * width) / 2;
    return { t, side: half > 0 ? across / half : 2 };
  };
  for (let y = bounds.y0; y < bounds.y1; y++) {
    for (let x = bounds.x0; x < bounds.x1; x++) {
      const at = y * target.width + x;
      for (let b = 0; b < bandCount; b++) {
        const moved = speed * bandDelay[b]!;
        const plane = target.planes[b]!;
        const under = plane[at]!;
        let [sum, covered] = [0, 0];
        for (let k = 0; k < subsamples * subsamples; k++) {
          const px = x + ((k % subsamples) + 0.5) / subsamples - moved * cos;
          const py = y + (Math.floor(k / subsamples) + 0.5) / subsamples - moved * sin;
          const { t, side } = sample(px, py);
          if (Math.abs(side) <= 1) {
            sum += deck(ship, t, side)[b]!;
            covered++;
            continue;
          }
          const shade = sample(px + sun[0] * height, py + sun[1] * height);
          sum += Math.abs(shade.side) <= 1 ? under * 0.55 : under;
        }
        plane[at] = sum / (subsamples * subsamples);
        if (b === 0 && covered >= 0.4 * subsamples * subsamples) {
          box.x0 = Math.min(box.x0, x);
          box.y0 = Math.min(box.y0, y);
          box.x1 = Math.max(box.x1, x + 1);
          box.y1 = Math.max(box.y1, y + 1);
        }
      }
    }
  }
  return box.x1 > box.x0 ? box : null;
};

/** The rectangle behind a ship that its wake can reach, for placing others out of it. */
export const wakeRect = ({ x, y, heading, length }: Ship, reach: number) => ({
  x: x - (Math.cos(heading) * (reach + length)) / 2,
  y: y - (Math.sin(heading) * (reach + length)) / 2,
  length: reach,
  width: reach * 0.5,
  angle: heading,
});
