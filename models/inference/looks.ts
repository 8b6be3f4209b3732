import { boxIou } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { compareDetections } from "../../pipeline/detection/merge.ts";
import type { InputTile } from "./tile-input.ts";
import { type Inset, noInset } from "./tile-placement.ts";

/** Lines of the first of four grids, right of and below the scene's middle, in pixels: the four differ at all strides from 2 to 16. */
const firstLine = { x: 1, y: 4 } as const;

/** Whole pixels from a border of the tile to the nearest line before it of a grid with a line at `line`; 0 … multipleOf − 1. */
const before = (line: number, multipleOf: number): number =>
  ((-Math.floor(line) % multipleOf) + multipleOf) % multipleOf;

/**
 * Where a tile lies on the grid of a network with strides, in each look. Another grid gives a somewhat other answer, so grids lie by the
 * middle of the scene: a quarter turn about it takes a grid to itself, and a network that turns with the picture gives the same answer.
 *
 * One look has a line in the middle. Scenes of an odd side have their middle in a pixel, where no line can be: there one look begins its grid
 * with the scene, whose tiles begin on it, and only four looks, which a quarter turn takes to each other, turn with the scene. The mean of
 * four depends less on where the scene begins, too.
 */
export const insetsOf = (
  { width, height, sceneMiddlePx }: Pick<InputTile, "width" | "height" | "sceneMiddlePx">,
  multipleOfPx: number,
  looks: 1 | 4,
): readonly Inset[] => {
  if (looks === 1 && sceneMiddlePx === undefined) return [noInset];
  const { x, y } = sceneMiddlePx ?? { x: width / 2, y: height / 2 };
  const [halfX, halfY] = [x - Math.floor(x), y - Math.floor(y)];
  if (looks === 1)
    return [{ left: halfX > 0 ? 0 : before(x, multipleOfPx), top: halfY > 0 ? 0 : before(y, multipleOfPx) }];
  const [near, far] = [firstLine.x, firstLine.y];
  const lines: readonly (readonly [across: number, down: number])[] = [
    [near + halfX, far + halfY],
    [-far - halfX, near + halfY],
    [-near - halfX, -far - halfY],
    [far + halfX, -near - halfY],
  ];
  return lines.map(([across, down]) => ({
    left: before(x + across, multipleOfPx),
    top: before(y + down, multipleOfPx),
  }));
};

/**
 * One answer of several looks: detections of a class that overlap the best of them by at least `iou` are one object, its box the mean of
 * theirs by score, its score their sum over the number of looks, so that what only one look saw counts for little. At most one of each look.
 */
export const mergeLooks = (looks: readonly (readonly Detection[])[], iou: number): readonly Detection[] => {
  const all = looks.flatMap((found, look) => found.map((detection) => ({ look, detection })));
  all.sort((a, b) => compareDetections(a.detection, b.detection));
  const isTaken = new Uint8Array(all.length);
  const merged: Detection[] = [];
  all.forEach(({ detection: best, look: first }, i) => {
    if (isTaken[i] === 1) return;
    const seenBy = new Set([first]);
    const same = [best];
    for (let j = i + 1; j < all.length; j += 1) {
      const { look, detection } = all[j] as (typeof all)[number];
      if (isTaken[j] === 1 || detection.classId !== best.classId) continue;
      if (boxIou(best.boxPx, detection.boxPx) < iou) continue;
      isTaken[j] = 1;
      if (seenBy.has(look)) continue;
      seenBy.add(look);
      same.push(detection);
    }
    merged.push(meanOf(same, looks.length));
  });
  return merged.sort(compareDetections);
};

const meanOf = (same: readonly Detection[], looks: number): Detection => {
  const total = same.reduce((sum, { score }) => sum + score, 0);
  const mean = (pick: (box: Detection["boxPx"]) => number): number =>
    same.reduce((sum, { score, boxPx }) => sum + score * pick(boxPx), 0) / total;
  const boxPx = {
    x0: mean((b) => b.x0),
    y0: mean((b) => b.y0),
    x1: mean((b) => b.x1),
    y1: mean((b) => b.y1),
  };
  return { classId: (same[0] as Detection).classId, score: Math.fround(total / looks), boxPx };
};
