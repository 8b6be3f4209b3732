import type { Detection } from "../detection/detection.ts";
import type { OutlinePx, PointPx } from "../detection/outline.ts";
import { ByteReader, ByteWriter } from "./byte-cursor.ts";

/** Bounds what a hostile payload can make a station allocate. */
const maxPoints = 1 << 22;
/** Of the section before compression: a point takes 2 to 16 bytes. */
export const maxOutlineBytes = 1 << 25;
/** In steps; far past the largest scene. */
const farthest = 2 ** 40;

/** Small numbers of either sign as small whole numbers: 0, −1, 1, −2, 2 … become 0, 1, 2, 3, 4 … */
const folded = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unfolded = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/**
 * Where the next point is to be expected, in steps: at the box's corner to begin with, then at the point before. The last
 * of four closes a parallelogram: so oriented boxes send three corners and next to nothing.
 */
const expected = (count: number, before: readonly PointPx[], corner: PointPx): PointPx => {
  const [a, b, c] = before;
  if (count === 4 && a && b && c) return [a[0] + c[0] - b[0], a[1] + c[1] - b[1]];
  return before.at(-1) ?? corner;
};

/**
 * The outlines of a batch: for each detection a varint, how many points it has (0: no outline); then of all points the distances
 * in x to where they were expected, then those in y, folded to varints. `steps` a pixel hold every point exactly.
 */
export const writeOutlines = (detections: readonly Detection[], steps: number): Uint8Array => {
  const out = new ByteWriter();
  const ys: number[] = [];
  const xs: number[] = [];
  for (const { outlinePx = [], boxPx } of detections) {
    out.varint(outlinePx.length);
    const before: PointPx[] = [];
    for (const [x, y] of outlinePx) {
      const [byX, byY] = expected(outlinePx.length, before, [boxPx.x0 * steps, boxPx.y0 * steps]);
      xs.push(x * steps - byX);
      ys.push(y * steps - byY);
      before.push([x * steps, y * steps]);
    }
  }
  for (const distance of [...xs, ...ys]) out.varint(folded(distance));
  return out.finish();
};

/** What `writeOutlines` was given, for boxes in their order. Throws `SwathError("link")` for bytes that nobody wrote. */
export const readOutlines = (
  bytes: Uint8Array,
  boxes: readonly Detection["boxPx"][],
  steps: number,
): readonly (OutlinePx | null)[] => {
  const input = new ByteReader("detections", bytes);
  const counts = boxes.map(() => input.varint("points of an outline", maxPoints));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > maxPoints) throw input.corrupt(`at most ${maxPoints} points`, `${total}`);
  const short = counts.find((count) => count === 1 || count === 2);
  if (short !== undefined) throw input.corrupt("three points or more an outline", `${short}`);
  const distances = () => Array.from({ length: total }, () => unfolded(input.varint("distance", farthest)));
  const [xs, ys] = [distances(), distances()];
  input.end();
  let at = 0;
  return counts.map((count, i) => {
    const corner: PointPx = [boxes[i]!.x0 * steps, boxes[i]!.y0 * steps];
    const points: PointPx[] = [];
    for (const last = at + count; at < last; at += 1) {
      const [byX, byY] = expected(count, points, corner);
      points.push([byX + xs[at]!, byY + ys[at]!]);
    }
    return count === 0 ? null : points.map(([x, y]): PointPx => [x / steps, y / steps]);
  });
};
