import type { Seeded } from "../../pipeline/seeded.ts";
import { type TurnedRect, isInRect } from "./canvas.ts";
import { fractal, type Grid, grid } from "./noise-field.ts";

/** A berth: a straight edge of quay or pier with water on one side. Angles as in `TurnedRect`. */
export interface Berth {
  /** Middle of the edge. */
  readonly x: number;
  readonly y: number;
  /** Along the edge. */
  readonly angle: number;
  /** Towards the water, a unit vector. */
  readonly outX: number;
  readonly outY: number;
  readonly length: number;
}

/** Where land, port and water are. */
export interface Coast {
  /** Distance to the shore in pixels, positive at sea. */
  readonly offshore: Grid;
  readonly platforms: readonly TurnedRect[];
  readonly yards: readonly TurnedRect[];
  readonly breakwaters: readonly TurnedRect[];
  readonly marina: readonly TurnedRect[];
  readonly berths: readonly Berth[];
  /** The water behind the breakwaters. */
  readonly basin: TurnedRect | null;
  /** Middle of the port; the town lies round it. */
  readonly portX: number;
  readonly portY: number;
}

/** The shape of a coast in a square scene of `size` × `size` pixels. */
export interface CoastShape {
  readonly size: number;
  /** Direction from land to sea, radians. */
  readonly seaward: number;
  /** Share of the way across the scene at which the shore lies, −1 (no sea) … 1 (no land). */
  readonly shift: number;
  /** Height of capes and depth of bays, in pixels. */
  readonly roughness: number;
}

/** An open sea: no land, no port. */
export const openSea = (size: number): Coast => {
  const offshore = grid(size, size);
  offshore.values.fill(4000);
  const none = { platforms: [], yards: [], breakwaters: [], marina: [], berths: [] };
  return { offshore, ...none, basin: null, portX: -4000, portY: -4000 };
};

/** A fractal shore with a port in its middle. */
export const coastWithPort = (shape: CoastShape, rng: Seeded): Coast => {
  const { size, seaward, shift, roughness } = shape;
  const [nx, ny] = [Math.cos(seaward), Math.sin(seaward)];
  const [tx, ty] = [-ny, nx];
  const originX = size / 2 + shift * (size / 2) * nx;
  const originY = size / 2 + shift * (size / 2) * ny;
  const along = (rng.uniform() - 0.5) * size * 0.25;
  const mirror = rng.uniform() < 0.5 ? -1 : 1;
  const [portX, portY] = [originX + along * tx, originY + along * ty];
  /** From port coordinates (along the shore, seaward) to pixels. */
  const place = (s: number, d: number) =>
    [portX + mirror * s * tx + d * nx, portY + mirror * s * ty + d * ny] as const;
  const alongAngle = Math.atan2(ty, tx);
  const rect = (s: number, d: number, length: number, width: number, isSeaward = false): TurnedRect => {
    const [x, y] = place(s, d);
    return { x, y, length, width, angle: isSeaward ? seaward : alongAngle };
  };
  const line = (s0: number, d0: number, s1: number, d1: number, width: number): TurnedRect => {
    const [[xa, ya], [xb, yb]] = [place(s0, d0), place(s1, d1)];
    const length = Math.hypot(xb - xa, yb - ya);
    return { x: (xa + xb) / 2, y: (ya + yb) / 2, length, width, angle: Math.atan2(yb - ya, xb - xa) };
  };
  const berth = (s: number, d: number, length: number, outS: number, outD: number): Berth => {
    const [x, y] = place(s, d);
    return {
      x,
      y,
      length,
      angle: outS === 0 ? alongAngle : seaward,
      outX: mirror * outS * tx + outD * nx,
      outY: mirror * outS * ty + outD * ny,
    };
  };

  const terminalDepth = 60 + rng.integer(25);
  const platforms = [rect(0, -22, 640, 80), rect(-205, terminalDepth / 2, 230, terminalDepth)];
  const yards = [rect(-205, terminalDepth / 2 - 4, 214, terminalDepth - 16), rect(-20, -20, 150, 40)];
  const berths: Berth[] = [berth(-205, terminalDepth, 220, 0, 1), berth(-90, 38, 56, 1, 0)];
  const pierCount = 3 + rng.integer(2);
  for (let i = 0; i < pierCount; i++) {
    const width = 22 + rng.integer(12);
    const length = 66 + rng.integer(44);
    const s = -30 + i * (230 / pierCount) + rng.integer(8);
    platforms.push(rect(s, 10 + length / 2, length, width, true));
    if (width > 26) yards.push(rect(s, 8 + length / 2, length - 14, width - 12, true));
    berths.push(berth(s - width / 2, 18 + length / 2, length - 8, -1, 0));
    berths.push(berth(s + width / 2, 18 + length / 2, length - 8, 1, 0));
  }
  const far = 176 + rng.integer(30);
  const breakwaters = [
    line(-380, -45, -344, far, 3.2),
    line(-344, far, 96 + rng.integer(60), far + 14, 3.2),
    line(322, -12, 232, far - 40, 3),
  ];
  berths.push(berth(-140, far + 6, 120, 0, -1));
  const marina = Array.from({ length: 11 }, (_, i) => line(218 + i * 8, 16, 218 + i * 8, 34, 1));
  const bend = (rng.uniform() - 0.5) * 260;

  const noise = fractal(size, size, rng.split("shore"), { from: size / 1.7, to: 5, persistence: 0.48 });
  const offshore = grid(size, size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const s = ((x - portX) * tx + (y - portY) * ty) / size;
      const d = (x - originX) * nx + (y - originY) * ny;
      const r2 = ((x - portX) * (x - portX) + (y - portY) * (y - portY)) / (size * size * 0.06);
      const wild = 1 - 0.95 / (1 + r2 * r2 * r2 * r2);
      offshore.values[at] = d + bend * s * s * 4 * wild + noise.values[at]! * roughness * wild;
    }
  }
  const basin = rect(-20, far / 2, 700, far + 4);
  return { offshore, platforms, yards, breakwaters, marina, berths, basin, portX, portY };
};

/** True when all of a circle round (x, y) is open water: off the shore and clear of the port. */
export const isOpenWater = (coast: Coast, x: number, y: number, radius: number): boolean => {
  const { width, height, values } = coast.offshore;
  if (x < radius || y < radius || x >= width - radius || y >= height - radius) return false;
  for (let k = 0; k < 8; k++) {
    const px = Math.floor(x + radius * Math.cos((k * Math.PI) / 4));
    const py = Math.floor(y + radius * Math.sin((k * Math.PI) / 4));
    if (values[py * width + px]! < 6) return false;
  }
  const built = [...coast.platforms, ...coast.breakwaters, ...coast.marina];
  return (
    !built.some((rect) => isInRect(rect, x, y, radius)) &&
    values[Math.floor(y) * width + Math.floor(x)]! > radius
  );
};
