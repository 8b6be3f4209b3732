import type { QualitySummary } from "../summary/run-summary.ts";
import { binnedBySize, precisionRecall, sizeEdgesPx, thinCurve } from "./average-precision.ts";
import { accuracyIntervals, type NamedScene, tallied } from "./interval.ts";
import { unitFor } from "./resampling.ts";

/** What is known of each scene: the model was trained on it, or was not; scenes that are not named are not known. */
export type TrainingOfScenes = ReadonlyMap<string, "apart" | "trainedOn">;

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const f1Of = (precision: number | null, recall: number | null): number | null => {
  if (precision === null || recall === null) return null;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
};

const distinct = (scenes: readonly NamedScene[]): number => new Set(scenes.map(({ id }) => id)).size;

const sumLabels = (scenes: readonly NamedScene[]): number =>
  scenes.reduce((sum, { labels }) => sum + labels.filter(({ ignore }) => !ignore).length, 0);

const reported = (scenes: readonly NamedScene[], threshold: number): readonly NamedScene[] =>
  scenes.map((scene) => ({
    ...scene,
    detections: scene.detections.filter(({ score }) => score >= threshold),
  }));

/** Accuracy on the scenes of one kind; `null` without any. */
const groupOf = (scenes: readonly NamedScene[], threshold: number): QualitySummary["byTraining"]["apart"] => {
  if (scenes.length === 0) return null;
  const { labels, ap50, at } = precisionRecall(reported(scenes, threshold));
  const counts = at(threshold);
  const precision = ratio(counts.truePositives, counts.truePositives + counts.falsePositives);
  const recall = ratio(counts.truePositives, labels);
  const drawn = accuracyIntervals(
    scenes.map((scene) => tallied(scene)),
    unitFor(distinct(scenes)),
    threshold,
  );
  const { ap50FromThreshold, f1 } = drawn.intervals;
  return {
    scenes: distinct(scenes),
    labels,
    ap50FromThreshold: ap50,
    f1: f1Of(precision, recall),
    intervals: { unit: drawn.unit, units: drawn.units, ap50FromThreshold, f1 },
  };
};

/**
 * The quality part of a policy's summary at the model's own `threshold`, each figure with its interval; `null` when no scene has a
 * label. Several acquisitions of one scene have one name. Detections below the threshold serve the curve alone.
 */
export const summariseQuality = (
  scenes: readonly NamedScene[],
  threshold: number,
  training: TrainingOfScenes = new Map(),
): QualitySummary | null => {
  if (sumLabels(scenes) === 0 && scenes.every(({ labels }) => labels.length === 0)) return null;
  const { labels, points, bestF1, recallAtPrecision90, at } = precisionRecall(scenes);
  const counts = at(threshold);
  const precision = ratio(counts.truePositives, counts.truePositives + counts.falsePositives);
  const recall = ratio(counts.truePositives, labels);
  const unit = unitFor(distinct(scenes));
  const drawn = accuracyIntervals(
    scenes.map((scene) => tallied(scene)),
    unit,
    threshold,
  );
  const { ap50: _allScores, ...intervals } = drawn.intervals;
  const ofKind = (kind: "apart" | "trainedOn" | "unknown") =>
    groupOf(
      scenes.filter(({ id }) => (training.get(id) ?? "unknown") === kind),
      threshold,
    );
  return {
    labels,
    ap50FromThreshold: precisionRecall(reported(scenes, threshold)).ap50,
    threshold,
    precision,
    recall,
    f1: f1Of(precision, recall),
    counts,
    bestF1,
    recallAtPrecision90,
    intervals: { unit, units: drawn.units, ...intervals },
    byTraining: { apart: ofKind("apart"), trainedOn: ofKind("trainedOn"), unknown: ofKind("unknown") },
    againstRaw: null,
    bySize: binnedBySize(reported(scenes, threshold), sizeEdgesPx).map(
      ({ fromPx, toPx, quality, verdicts, counts: counted }) => ({
        fromPx,
        toPx,
        labels: quality.labels,
        ap50FromThreshold: quality.ap50,
        interval: accuracyIntervals(
          scenes.map((scene, i) => tallied(scene, verdicts[i], counted)),
          unit,
          threshold,
        ).intervals.ap50FromThreshold,
      }),
    ),
    prPoints: thinCurve(points, 200),
  };
};
