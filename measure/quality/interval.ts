import type { Label } from "../../pipeline/detection/detection.ts";
import {
  type AccuracyFigures,
  type AccuracyTally,
  figureNames,
  type TalliedScene,
  tallyOf,
  unitsOf,
  weighed,
} from "./accuracy-tally.ts";
import { judge, type JudgedScene, type Verdict } from "./matching.ts";
import { drawnWeights, type DrawnUnit, type Interval, intervalOf, tellingInterval } from "./resampling.ts";

/** A judged scene with its name: acquisitions of one scene are resampled together. */
export interface NamedScene extends JudgedScene {
  readonly id: string;
}

/** Judges a scene for a tally; `verdicts` where they are known already, `counts` where not every label does. */
export const tallied = (
  { id, labels, detections }: NamedScene,
  verdicts: readonly Verdict[] = judge({ labels, detections }),
  counts: (label: Label) => boolean = () => true,
): TalliedScene => ({
  id,
  verdicts,
  labelBoxes: labels.map(({ boxPx }) => boxPx),
  countedBoxes: labels.filter((label) => !label.ignore && counts(label)).map(({ boxPx }) => boxPx),
});

/** An interval for each of `figureNames`; null where it cannot be computed. */
export type AccuracyIntervals = Readonly<Record<(typeof figureNames)[number], Interval | null>>;

/** 95 % intervals of accuracy, and over how many units they were drawn. */
export interface Drawn {
  readonly unit: DrawnUnit;
  readonly units: number;
  readonly intervals: AccuracyIntervals;
}

const eachDraw = (tally: AccuracyTally, threshold: number): readonly AccuracyFigures[] => {
  const figures: AccuracyFigures[] = [];
  for (const weights of drawnWeights(tally.units.length)) figures.push(weighed(tally, weights, threshold));
  return figures;
};

/**
 * How far accuracy would move with other scenes like these: the bootstrap over `unit`. An interval is `null` with fewer than two
 * units, or where all draws are alike.
 */
export const accuracyIntervals = (
  scenes: readonly TalliedScene[],
  unit: DrawnUnit,
  threshold: number,
): Drawn => {
  const units = unitsOf(scenes, unit);
  const figures = units.length < 2 ? [] : eachDraw(tallyOf(scenes, unit, units), threshold);
  const intervals = Object.fromEntries(
    figureNames.map((name) => [name, tellingInterval(figures.flatMap((one) => one[name] ?? []))]),
  ) as Record<(typeof figureNames)[number], Interval | null>;
  return { unit, units: units.length, intervals };
};

/** How much more accurate one result is than another. */
export interface PairedDifference {
  readonly difference: number;
  /** `null` with fewer than two units. */
  readonly interval: Interval | null;
}

/**
 * `a` less `b` in AP50 from the threshold on, drawn in pairs: each draw takes the same units of both, so that what scenes have in
 * common falls out. `null` where either has no AP50.
 */
export const pairedDifference = (
  a: readonly TalliedScene[],
  b: readonly TalliedScene[],
  unit: DrawnUnit,
  threshold: number,
): PairedDifference | null => {
  const units = [...new Set([...unitsOf(a, unit), ...unitsOf(b, unit)])].toSorted();
  const [left, right] = [tallyOf(a, unit, units), tallyOf(b, unit, units)];
  const once = new Float64Array(units.length).fill(1);
  const differenceOf = (weights: Float64Array): number | null => {
    const one = weighed(left, weights, threshold).ap50FromThreshold;
    const other = weighed(right, weights, threshold).ap50FromThreshold;
    return one === null || other === null ? null : one - other;
  };
  const difference = differenceOf(once);
  if (difference === null) return null;
  const values: number[] = [];
  if (units.length > 1) {
    for (const weights of drawnWeights(units.length)) values.push(...[differenceOf(weights) ?? []].flat());
  }
  return { difference, interval: intervalOf(values) };
};
