import Table from "cli-table3";
import {
  formatCountOf,
  formatDuration,
  formatJoules,
  formatNumber,
  formatScore,
  formatWithin,
} from "../../pipeline/format.ts";
import {
  type CheckQuality,
  type CheckResult,
  drawnText,
  referenceText,
  sizeName,
  thinCurve,
  type TilingTable,
  tilingVerdict,
  trainingText,
} from "../../studies/answer.ts";

/** The table of `swath model check --tiling`, for a terminal. */
export const tilingText = (tiling: TilingTable): string => {
  const table = new Table({
    head: ["tile", "overlap", "lost", "added", "moved", "AP50", "compute", "here"],
    style: { head: [], border: [] },
    colAligns: Array.from({ length: 8 }, () => "right" as const),
  });
  for (const row of tiling.rows) {
    table.push([
      row.sizePx,
      row.isChosen ? `in use: ${row.overlapPx}` : row.overlapPx,
      row.lost,
      row.added,
      row.moved,
      formatScore(row.ap50),
      `× ${row.compute.toFixed(2)}`,
      `× ${row.computeHere.toFixed(2)}`,
    ]);
  }
  return [
    `tiles against ${referenceText(tiling)}:`,
    `${formatCountOf(tiling.detections, "detection")} from ${tiling.same.threshold} on, AP50 ${formatScore(tiling.ap50)}; moved: IoU below ${tiling.same.iou} or the score by more than ${tiling.same.score}`,
    table.toString(),
    tilingVerdict(tiling),
  ].join("\n");
};

const plain = {
  head: [] as string[],
  border: [] as string[],
};

/** What people compare models by, a row each; with and without what is excused. */
const excusedTable = ({ quality, excusing }: CheckResult): string => {
  if (excusing === null) return "";
  const both = [quality, excusing.quality];
  const table = new Table({
    head: ["off every label", "all count", "excused"],
    style: plain,
    colAligns: ["left", "right", "right"],
  });
  const score = (name: string, of: (one: CheckQuality) => number | null) =>
    table.push([name, ...both.map((one) => formatScore(of(one)))]);
  score("AP50", ({ ap50 }) => ap50);
  score("best F1", ({ bestF1 }) => bestF1?.f1 ?? null);
  score("recall at precision 0.9", ({ recallAtPrecision90 }) => recallAtPrecision90);
  score(`precision at ${quality.threshold}`, ({ precision }) => precision);
  score(`recall at ${quality.threshold}`, ({ recall }) => recall);
  table.push([`false at ${quality.threshold}`, ...both.map(({ counts }) => counts.falsePositives)]);
  return `${table.toString()}\nexcused: detections off every label ${excusing.rule}`;
};

const columns = ["left", "right", "right", "right", "right", "right"] as const;

/** AP50 by what the model was trained on, where that differs from scene to scene. */
const apartText = ({ ap50ByTraining }: CheckQuality): string => {
  const { apart, trainedOn, unknown } = ap50ByTraining;
  if (trainedOn === null) return "";
  const parts = [
    [apart, "on scenes kept apart from training"],
    [trainedOn, "on scenes that it was trained on"],
    [unknown, "on scenes of which that is not known"],
  ] as const;
  const told = parts.flatMap(([group, where]) =>
    group === null ? [] : [`${formatWithin(group.ap50, group.interval)} ${where}`],
  );
  return `; ${told.join(", ")}`;
};

/** Points of the curve that a terminal has room for. */
const shownPoints = 9;

/** What `swath model check` prints, newline at the end. */
export const checkText = (result: CheckResult): string => {
  const { model, quality, bySize, scenes, speed, energy, notes, floor } = result;
  const { bestF1, counts } = quality;
  const sizes = new Table({
    head: ["long side", "labels", "AP50", "found", "missed", "false"],
    style: plain,
    colAligns: [...columns],
  });
  for (const row of bySize) {
    sizes.push([
      sizeName(row),
      row.labels,
      formatWithin(row.ap50, row.interval),
      row.found,
      row.missed,
      row.falseAlarms,
    ]);
  }
  const places = new Table({
    head: ["scene", "labels", "AP50", "found", "missed", "false"],
    style: plain,
    colAligns: [...columns],
  });
  for (const { id, labels, ap50, interval, found, missed, falseAlarms } of scenes) {
    places.push([id, labels, formatWithin(ap50, interval), found, missed, falseAlarms]);
  }
  const curve = thinCurve(quality.prPoints, shownPoints)
    .map(
      ({ score, precision, recall }) =>
        `  ${score.toFixed(2)}   ${precision.toFixed(3)}      ${recall.toFixed(3)}`,
    )
    .join("\n");
  const best =
    bestF1 === null
      ? "none: nothing was hit"
      : `${formatWithin(bestF1.f1, quality.intervals.bestF1)} at ${bestF1.threshold.toFixed(2)} (precision ${formatScore(bestF1.precision)}, recall ${formatScore(bestF1.recall)})`;
  return [
    `${model.name} ${model.version} on ${result.dataset}: ${scenes.length} scene${scenes.length === 1 ? "" : "s"}, ${formatCountOf(quality.labels, "label")}, IoU ≥ 0.5`,
    "",
    `AP50      ${formatWithin(quality.ap50, quality.interval)} over all scores from ${floor} on${apartText(quality)}`,
    `          ${formatWithin(quality.ap50FromThreshold, quality.intervals.ap50FromThreshold)} from ${quality.threshold} on, as a run with this threshold states it`,
    `best F1   ${best}`,
    `recall    ${formatWithin(quality.recallAtPrecision90, quality.intervals.recallAtPrecision90)} at a precision of 0.9`,
    `at ${quality.threshold}`.padEnd(10) +
      `precision ${formatWithin(quality.precision, quality.intervals.precision)}, recall ${formatWithin(quality.recall, quality.intervals.recall)}: ${counts.truePositives} found, ${counts.falseNegatives} missed, ${counts.falsePositives} false`,
    `speed     ${formatNumber(speed.megapixelsPerSecond)} MP/s on this machine, ${speed.threads} thread${speed.threads === 1 ? "" : "s"}, reading included (${formatDuration(speed.seconds)} for ${formatNumber(speed.pixels / 1e6)} MP)`,
    `trained   ${trainingText(result.training)}`,
    `interval  ${drawnText(quality.intervals)}`,
    `energy    ${formatJoules(energy.joulesPerMegapixel)}/MP on ${energy.hardware} (${formatDuration(energy.seconds)}, ${formatJoules(energy.joules)})`,
    "",
    ...(result.excusing === null ? [] : [excusedTable(result), ""]),
    sizes.toString(),
    places.toString(),
    ...(result.tiling === null ? [] : ["", tilingText(result.tiling)]),
    "",
    `  score  precision  recall   (from ${floor} on)`,
    curve,
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `note: ${note}`)]),
    "",
  ].join("\n");
};
