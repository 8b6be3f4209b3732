import { boxIou, type BoxPx } from "../../pipeline/detection/box.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { DetectorInfo } from "../../pipeline/detection/detector.ts";
import { judge, type Verdict } from "../quality/matching.ts";
import { binnedBySize, type JudgedBin, precisionRecall } from "../quality/average-precision.ts";
import { accuracyIntervals, tallied } from "../quality/interval.ts";
import { summariseQuality, type TrainingOfScenes } from "../quality/quality-summary.ts";
import { type Interval, unitFor } from "../quality/resampling.ts";
import { type ProvenanceSummary, trainingOfScenes } from "../summary/provenance-summary.ts";
import type { QualitySummary } from "../summary/run-summary.ts";
import { excuse, excuseText, type Excuses } from "./excuse.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";
import type { CheckedScene, CheckRun } from "./checked-scene.ts";
import type { TilingTable } from "./tiling-table.ts";

/** A label that no detection at the threshold hit. */
export interface Miss {
  readonly scene: string;
  readonly className: string;
  readonly boxPx: BoxPx;
  /** What hit it below the threshold; `null`: nothing. */
  readonly score: number | null;
}

/** A detection at the threshold that hit no label. */
export interface FalseAlarm {
  readonly scene: string;
  readonly className: string;
  readonly boxPx: BoxPx;
  readonly score: number;
  /** The largest intersection over union with a label of its class: near 0.5, it is a matter of the outline. */
  readonly overlap: number;
  /** Where not everything is labelled. */
  readonly excused: boolean;
}

/** Quality for the labels whose long side is in one range; `toPx` is null where there is no upper bound. */
export interface SizeRow {
  readonly fromPx: number;
  readonly toPx: number | null;
  readonly labels: number;
  readonly ap50: number | null;
  /** Of AP50, drawn as that of all scenes; `null` where draws do not tell. */
  readonly interval: Interval | null;
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

/** AP50 over all scores from the floor on, as a model's card has it. */
export interface WholeAp50 {
  readonly ap50: number | null;
  readonly interval: Interval | null;
}

/** Accuracy at the threshold, and over all scores. */
export interface CheckQuality extends QualitySummary, WholeAp50 {
  /** By what is known of each scene; `null` where there is none of that kind. */
  readonly ap50ByTraining: {
    readonly apart: WholeAp50 | null;
    readonly trainedOn: WholeAp50 | null;
    readonly unknown: WholeAp50 | null;
  };
}

/** The same without the detections that are excused: where not everything is labelled. */
export interface ExcusedQuality {
  readonly rule: string;
  readonly quality: CheckQuality;
}

/** What `swath model check --json` prints. */
export interface CheckResult {
  readonly schema: "swath-check/2";
  readonly model: Pick<DetectorInfo, "name" | "version" | "sha256" | "precision" | "tile" | "opsPerPixel">;
  readonly dataset: string;
  /** From which score on detections were asked for: where the curve ends. */
  readonly floor: number;
  /** Which of the scenes the model was trained on. */
  readonly training: ProvenanceSummary["training"];
  /** Every detection off a label is a false alarm. */
  readonly quality: CheckQuality;
  /** `null`: nothing is to be excused. */
  readonly excusing: ExcusedQuality | null;
  /** `null`: not asked for. */
  readonly tiling: TilingTable | null;
  readonly bySize: readonly SizeRow[];
  readonly scenes: readonly {
    readonly id: string;
    /** What is known of the scene's part in training. */
    readonly training: "apart" | "trainedOn" | "unknown";
    readonly labels: number;
    readonly ap50: number | null;
    /** Of AP50, drawn over blocks of the scene; `null` where draws do not tell. */
    readonly interval: Interval | null;
    readonly found: number;
    readonly missed: number;
    readonly falseAlarms: number;
  }[];
  readonly speed: {
    readonly pixels: number;
    readonly modelPixels: number;
    readonly tiles: number;
    readonly threads: number;
    readonly seconds: number;
    readonly megapixelsPerSecond: number;
  };
  readonly energy: {
    readonly hardware: string;
    readonly seconds: number;
    readonly joules: number;
    readonly joulesPerMegapixel: number;
  };
  readonly misses: readonly Miss[];
  /** The surest first, those that are excused last. */
  readonly falseAlarms: readonly FalseAlarm[];
  readonly notes: readonly string[];
}

const longSide = ({ x0, y0, x1, y1 }: BoxPx): number => Math.max(x1 - x0, y1 - y0);

/** By how much a detection overlaps the best label of its class. */
const overlapOf = ({ className, boxPx }: NamedDetection, { labels }: CheckedScene): number =>
  labels.reduce(
    (best, label) => (label.className === className ? Math.max(best, boxIou(label.boxPx, boxPx)) : best),
    0,
  );

/** Labels without a hit at the threshold, largest first: what is plain to see and was not seen. */
const missesIn = (
  checked: CheckedScene,
  verdicts: readonly Verdict[],
  threshold: number,
): readonly Miss[] => {
  const scores = new Map<number, number>();
  for (const verdict of verdicts) {
    if (verdict.kind === "hit") scores.set(verdict.label, verdict.detection.score);
  }
  return checked.labels.flatMap(({ className, boxPx, ignore }, index) => {
    const score = scores.get(index) ?? null;
    if (ignore || (score !== null && score >= threshold)) return [];
    return [{ scene: checked.scene.id, className, boxPx, score }];
  });
};

const falseAlarmsIn = (
  checked: CheckedScene,
  verdicts: readonly Verdict[],
  threshold: number,
  isExcused: (detection: NamedDetection) => boolean,
): readonly FalseAlarm[] =>
  verdicts.flatMap(({ kind, detection }) => {
    if (kind !== "miss" || detection.score < threshold) return [];
    const { className, boxPx, score } = detection;
    const overlap = overlapOf(detection, checked);
    return [{ scene: checked.scene.id, className, boxPx, score, overlap, excused: isExcused(detection) }];
  });

const sizeRow = (
  { fromPx, toPx, quality, verdicts, counts }: JudgedBin,
  scenes: readonly CheckedScene[],
  threshold: number,
): SizeRow => {
  const tally = scenes.map((checked, n) =>
    tallied({ ...checked, id: checked.scene.id }, verdicts[n], counts),
  );
  const { truePositives, falseNegatives, falsePositives } = quality.at(threshold);
  return {
    fromPx,
    toPx,
    labels: quality.labels,
    ap50: quality.ap50,
    interval: accuracyIntervals(tally, unitFor(scenes.length), threshold).intervals.ap50,
    found: truePositives,
    missed: falseNegatives,
    falseAlarms: falsePositives,
  };
};

const wholeOf = (scenes: readonly CheckedScene[], threshold: number): WholeAp50 | null => {
  if (scenes.length === 0) return null;
  const tally = scenes.map((checked) => tallied({ ...checked, id: checked.scene.id }));
  return {
    ap50: precisionRecall(scenes).ap50,
    interval: accuracyIntervals(tally, unitFor(scenes.length), threshold).intervals.ap50,
  };
};

const summarise = (
  scenes: readonly CheckedScene[],
  threshold: number,
  training: TrainingOfScenes,
): CheckQuality => {
  const named = scenes.map((checked) => ({ ...checked, id: checked.scene.id }));
  const quality = summariseQuality(named, threshold, training);
  const whole = wholeOf(scenes, threshold);
  // Callers have made sure that there are labels.
  if (quality === null || whole === null) throw new RangeError("no labels to judge by");
  const ofKind = (kind: "apart" | "trainedOn" | "unknown") =>
    wholeOf(
      scenes.filter(({ scene }) => (training.get(scene.id) ?? "unknown") === kind),
      threshold,
    );
  return {
    ...quality,
    ...whole,
    ap50ByTraining: { apart: ofKind("apart"), trainedOn: ofKind("trainedOn"), unknown: ofKind("unknown") },
  };
};

/** Judges a run at the model's `threshold`; `edgesPx` split the sizes. */
export const resultOf = (
  { scenes, cost, notes }: CheckRun,
  info: DetectorInfo,
  about: {
    readonly dataset: string;
    readonly threshold: number;
    readonly edgesPx: readonly number[];
    readonly threads: number;
    readonly spacecraft: Pick<Spacecraft, "name">;
    readonly excuses: Excuses | null;
    readonly tiling: TilingTable | null;
    readonly training: ProvenanceSummary["training"];
  },
): CheckResult => {
  const { threshold } = about;
  const training = trainingOfScenes(
    scenes.map(({ scene }) => scene.id),
    about.training,
  );
  const quality = summarise(scenes, threshold, training);
  const { excuses } = about;
  const kept = excuses === null ? scenes : scenes.map((checked) => excuse(checked, excuses));
  const judged = scenes.map((checked) => ({ checked, verdicts: judge(checked) }));
  const misses = judged.flatMap(({ checked, verdicts }) => missesIn(checked, verdicts, threshold));
  const falseAlarms = judged.flatMap(({ checked, verdicts }, i) => {
    const counted = new Set(kept[i]?.detections);
    return falseAlarmsIn(checked, verdicts, threshold, (detection) => !counted.has(detection));
  });
  const megapixels = cost.pixels / 1e6;
  const { name, version, sha256, precision, tile, opsPerPixel } = info;
  return {
    schema: "swath-check/2",
    model: { name, version, sha256, precision, tile, opsPerPixel },
    dataset: about.dataset,
    floor: info.scoreThreshold,
    training: about.training,
    quality,
    excusing: excuses && { rule: excuseText(excuses), quality: summarise(kept, threshold, training) },
    tiling: about.tiling,
    bySize: binnedBySize(scenes, about.edgesPx).map((bin) => sizeRow(bin, scenes, threshold)),
    scenes: scenes.map((checked) => {
      const alone = precisionRecall([checked]);
      const { truePositives, falseNegatives, falsePositives } = alone.at(threshold);
      return {
        id: checked.scene.id,
        training: training.get(checked.scene.id) ?? "unknown",
        labels: alone.labels,
        ap50: alone.ap50,
        interval: wholeOf([checked], threshold)?.interval ?? null,
        found: truePositives,
        missed: falseNegatives,
        falseAlarms: falsePositives,
      };
    }),
    speed: {
      pixels: cost.pixels,
      modelPixels: cost.modelPixels,
      tiles: cost.tiles,
      threads: about.threads,
      seconds: cost.elapsed,
      megapixelsPerSecond: megapixels / cost.elapsed,
    },
    energy: {
      hardware: about.spacecraft.name,
      seconds: cost.onBoard,
      joules: cost.energy,
      joulesPerMegapixel: cost.energy / megapixels,
    },
    misses: misses.toSorted((a, b) => longSide(b.boxPx) - longSide(a.boxPx)),
    falseAlarms: falseAlarms.toSorted((a, b) => Number(a.excused) - Number(b.excused) || b.score - a.score),
    notes,
  };
};

/** The range of sizes of a row as people read it: `< 16 px`, `16–32 px`, `≥ 32 px`. */
export const sizeName = ({ fromPx, toPx }: Pick<SizeRow, "fromPx" | "toPx">): string =>
  toPx === null ? `≥ ${fromPx} px` : fromPx === 0 ? `< ${toPx} px` : `${fromPx}–${toPx} px`;
