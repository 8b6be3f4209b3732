import type { Seeded } from "../../pipeline/seeded.ts";
import { type Berth, type Coast, isOpenWater } from "./coast.ts";
import type { Ship, ShipKind } from "./ship.ts";

/** How many ships lie at berths, lie at anchor and are under way. */
export interface FleetSize {
  readonly moored: number;
  readonly anchored: number;
  readonly moving: number;
}

/** Length over beam of the kinds, and their usual lengths in pixels of 10 m. */
const builds: Readonly<
  Record<ShipKind, { readonly ratio: number; readonly from: number; readonly to: number }>
> = {
  container: { ratio: 6.4, from: 17, to: 38 },
  tanker: { ratio: 5.7, from: 13, to: 32 },
  bulk: { ratio: 5.9, from: 13, to: 30 },
  ferry: { ratio: 5.8, from: 11, to: 26 },
  small: { ratio: 3.4, from: 5.5, to: 9 },
};

const build = (kind: ShipKind, rng: Seeded) => {
  const { ratio, from, to } = builds[kind];
  const length = from + (to - from) * rng.uniform();
  return { kind, length, width: Math.max(1.3, length / ratio), salt: rng.integer(1_000_000) };
};

const pickKind = (kinds: readonly ShipKind[], rng: Seeded): ShipKind =>
  kinds[rng.integer(kinds.length)] ?? "bulk";

const isFree = (ships: readonly Ship[], x: number, y: number, length: number): boolean =>
  ships.every((other) => Math.hypot(other.x - x, other.y - y) > (other.length + length) / 2 + 6);

const mooredShip = (berth: Berth, ships: readonly Ship[], rng: Seeded): Ship | null => {
  const kind = pickKind(["container", "container", "bulk", "tanker", "ferry"], rng);
  const built = build(kind, rng);
  if (built.length > berth.length - 4) return null;
  const slide = (rng.uniform() - 0.5) * (berth.length - built.length - 2);
  const gap = built.width / 2 + 0.5;
  const x = berth.x + slide * Math.cos(berth.angle) + gap * berth.outX;
  const y = berth.y + slide * Math.sin(berth.angle) + gap * berth.outY;
  const heading = berth.angle + (rng.uniform() < 0.5 ? 0 : Math.PI);
  return isFree(ships, x, y, built.length) ? { ...built, x, y, heading, speed: 0 } : null;
};

const freeShip = (coast: Coast, ships: readonly Ship[], built: ReturnType<typeof build>, rng: Seeded) => {
  const { width, height } = coast.offshore;
  const [x, y] = [rng.uniform() * width, rng.uniform() * height];
  const clear = built.length / 2 + 12;
  return isOpenWater(coast, x, y, clear) && isFree(ships, x, y, built.length + 30) ? { x, y } : null;
};

/** Tries `attempt` until it has given `count` ships or has failed often enough to show that there is no room. */
const muster = (ships: Ship[], count: number, attempt: () => Ship | null): void => {
  let placed = 0;
  for (let tries = 0; placed < count && tries < 60 * count; tries++) {
    const ship = attempt();
    if (!ship) continue;
    ships.push(ship);
    placed++;
  }
};

/**
 * Where ships are. At berths they lie along the quay; at anchor they all swing to the same wind; under way they hold their
 * own course and have sea room. No two overlap.
 */
export const planFleet = (coast: Coast, size: FleetSize, rng: Seeded): readonly Ship[] => {
  const ships: Ship[] = [];
  const { berths } = coast;
  if (berths.length > 0) {
    muster(ships, size.moored, () => mooredShip(berths[rng.integer(berths.length)]!, ships, rng));
  }
  const wind = rng.uniform() * 2 * Math.PI;
  muster(ships, size.anchored, () => {
    const built = build(pickKind(["bulk", "tanker", "container", "tanker"], rng), rng);
    const place = freeShip(coast, ships, built, rng);
    return place && { ...built, ...place, heading: wind + 0.18 * rng.gaussian(), speed: 0 };
  });
  muster(ships, size.moving, () => {
    const built = build(pickKind(["small", "ferry", "container", "bulk"], rng), rng);
    const place = freeShip(coast, ships, built, rng);
    const knots = built.kind === "small" ? 14 + 14 * rng.uniform() : 10 + 9 * rng.uniform();
    return (
      place && { ...built, ...place, heading: rng.uniform() * 2 * Math.PI, speed: (knots * 0.5144) / 10 }
    );
  });
  return ships;
};
