import type { BoxPx } from "../../pipeline/detection/box.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { interpolatedQuantile } from "../statistics.ts";

/** Times that the data are drawn again. */
export const draws = 2000;
/** Share of the draws that an interval holds. */
export const level = 0.95;
/** From this number of scenes on, whole scenes are resampled: objects of one scene are not independent. */
export const fewestScenes = 5;
/** Side of the blocks that are drawn where scenes are too few; pixels. */
export const blockPx = 256;

/** What is drawn: whole scenes, or blocks of them. */
export type DrawnUnit = "scene" | "block";

/** Where 95 % of the draws lie. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What to draw of that many different scenes. */
export const unitFor = (scenes: number): DrawnUnit => (scenes >= fewestScenes ? "scene" : "block");

/** The unit that a box of a scene belongs to: the scene, or the block that its centre lies in. */
export const unitOf = (unit: DrawnUnit, scene: string, { x0, y0, x1, y1 }: BoxPx): string =>
  unit === "scene"
    ? scene
    : `${scene} ${Math.floor((x0 + x1) / 2 / blockPx)} ${Math.floor((y0 + y1) / 2 / blockPx)}`;

/**
 * How often each of `count` units is taken, draw after draw: as many as there are, with replacement (Efron 1979). The same for the
 * same count, so that two results drawn over the same units are drawn in pairs. One array for all draws: use it before the next.
 */
export function* drawnWeights(count: number): Generator<Float64Array> {
  const random = seeded("bootstrap", count);
  const weights = new Float64Array(count);
  for (let draw = 0; draw < draws; draw += 1) {
    weights.fill(0);
    for (let i = 0; i < count; i += 1) {
      const unit = random.integer(count);
      weights[unit] = (weights[unit] as number) + 1;
    }
    yield weights;
  }
}

/** The middle 95 % of what the draws came to (percentile method); `null` for none. */
export const intervalOf = (values: readonly number[]): Interval | null => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return {
    low: interpolatedQuantile(sorted, (1 - level) / 2),
    high: interpolatedQuantile(sorted, (1 + level) / 2),
  };
};

/** The same, but `null` where all draws are alike: such data do not tell how far a figure would move. */
export const tellingInterval = (values: readonly number[]): Interval | null => {
  const interval = intervalOf(values);
  return interval === null || interval.low === interval.high ? null : interval;
};

/** Whether one thing of a unit holds: a label found, a detection confirmed. */
export interface Outcome {
  readonly unit: string;
  readonly holds: boolean;
}

/** The interval of the share that holds; `null` with fewer than two units, or where all draws are alike. */
export const shareInterval = (outcomes: readonly Outcome[]): Interval | null => {
  const units = [...new Set(outcomes.map(({ unit }) => unit))];
  if (units.length < 2) return null;
  const at = new Map(units.map((unit, i) => [unit, i]));
  const [all, held] = [new Float64Array(units.length), new Float64Array(units.length)];
  for (const { unit, holds } of outcomes) {
    const i = at.get(unit) as number;
    all[i] = (all[i] as number) + 1;
    if (holds) held[i] = (held[i] as number) + 1;
  }
  const shares: number[] = [];
  for (const weights of drawnWeights(units.length)) {
    let [top, bottom] = [0, 0];
    for (let i = 0; i < units.length; i += 1) {
      top += (weights[i] as number) * (held[i] as number);
      bottom += (weights[i] as number) * (all[i] as number);
    }
    if (bottom > 0) shares.push(top / bottom);
  }
  return tellingInterval(shares);
};
