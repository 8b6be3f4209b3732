import { formatWithin } from "../../pipeline/format.ts";
import { leadingPolicy } from "./leading-policy.ts";
import type { PolicySummary, QualitySummary, RunSummary } from "./run-summary.ts";

/** Whether the model was trained on some of the labelled scenes and not on others: then only the others tell. */
export const isJudgedApart = ({ quality }: Pick<PolicySummary, "quality">): boolean =>
  quality !== null && quality.byTraining.apart !== null && quality.byTraining.trainedOn !== null;

/** `4 scenes`. */
const scenes = (count: number): string => `${count} scene${count === 1 ? "" : "s"}`;

type Group = NonNullable<QualitySummary["byTraining"]["apart"]>;

const figureOf = ({ ap50FromThreshold, intervals }: Group): string =>
  formatWithin(ap50FromThreshold, intervals.ap50FromThreshold);

/** What is drawn for the intervals, in words. */
export const drawnText = ({ unit, units }: QualitySummary["intervals"]): string =>
  `95 % of 2,000 draws over ${units} ${unit === "scene" ? "scenes" : "blocks of 256 px, as there are fewer than five scenes"}`;

/**
 * How accurate the leading policy is, in one sentence: on the scenes that the model was not trained on, with the others beside it.
 * `null` without labels.
 */
export const accuracyLine = (summary: RunSummary): string | null => {
  const { policy, quality } = leadingPolicy(summary);
  if (quality === null || quality.labels === 0) return null;
  const { apart, trainedOn, unknown } = quality.byTraining;
  const what = `${policy}: AP50 from ${quality.threshold} on`;
  if (apart === null && trainedOn !== null) {
    return `${what} ${figureOf(trainedOn)}, but the model was trained on these ${scenes(trainedOn.scenes)}: of others it tells nothing.`;
  }
  if (apart === null) {
    return `${what} ${formatWithin(quality.ap50FromThreshold, quality.intervals.ap50FromThreshold)}; whether the model was trained on these scenes is not known.`;
  }
  const beside = [
    ...(trainedOn === null ? [] : [`${figureOf(trainedOn)} on ${trainedOn.scenes} that it was trained on`]),
    ...(unknown === null ? [] : [`${figureOf(unknown)} on ${unknown.scenes} of which that is not known`]),
  ];
  return `${what} ${figureOf(apart)} on ${scenes(apart.scenes)} kept apart from training${beside.map((one) => `; ${one}`).join("")}.`;
};
