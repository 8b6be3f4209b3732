/** A corner of a ring: pixels or degrees. */
export type RingPoint = readonly [x: number, y: number];

interface Side {
  readonly index: number;
  readonly from: RingPoint;
  readonly to: RingPoint;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Whether two sides of a ring that are not neighbours meet, or two neighbours lie on one another. Sweeps from left to right:
 * only sides whose extents overlap are compared.
 */
export const crossesItself = (ring: readonly RingPoint[]): boolean => {
  const sides = ring.map((from, index): Side => {
    const to = ring[(index + 1) % ring.length] as RingPoint;
    return {
      index,
      from,
      to,
      left: Math.min(from[0], to[0]),
      right: Math.max(from[0], to[0]),
      top: Math.min(from[1], to[1]),
      bottom: Math.max(from[1], to[1]),
    };
  });
  let active: Side[] = [];
  for (const side of sides.toSorted((a, b) => a.left - b.left)) {
    active = active.filter(({ right }) => right >= side.left);
    for (const other of active) {
      if (other.top <= side.bottom && other.bottom >= side.top && collide(side, other, ring.length))
        return true;
    }
    active.push(side);
  }
  return false;
};

/** Twice the area of a triangle; positive when clockwise on a picture. */
const turn = ([ax, ay]: RingPoint, [bx, by]: RingPoint, [x, y]: RingPoint): number =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax);

const collide = (a: Side, b: Side, count: number): boolean => {
  const apart = Math.abs(a.index - b.index);
  if (apart === 1 || apart === count - 1) {
    const [first, second] = (a.index + 1) % count === b.index ? [a, b] : [b, a];
    const back =
      (first.from[0] - first.to[0]) * (second.to[0] - second.from[0]) +
      (first.from[1] - first.to[1]) * (second.to[1] - second.from[1]);
    return back > 0 && turn(first.from, first.to, second.to) === 0;
  }
  const [fromA, toA] = [turn(b.from, b.to, a.from), turn(b.from, b.to, a.to)];
  const [fromB, toB] = [turn(a.from, a.to, b.from), turn(a.from, a.to, b.to)];
  // Extents overlap: what does not lie strictly on one side of the other meets it.
  return fromA * toA <= 0 && fromB * toB <= 0;
};
