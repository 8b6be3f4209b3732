/** What an answer is to whoever reads it: the formats of summaries, and the sentences made from them. */
export type { CheckQuality, CheckResult } from "../measure/check/check-result.ts";
export { sizeName } from "../measure/check/check-result.ts";
export type { Area, Excuses, Margin } from "../measure/check/excuse.ts";
export { referenceText, type TilingTable, tilingVerdict } from "../measure/check/tiling-table.ts";
export type { FleetRecord, FlightName } from "../measure/fleet/fleet-record.ts";
export { sizeEdgesPx, thinCurve } from "../measure/quality/average-precision.ts";
export {
  delayText,
  deliveredProducts,
  foundOnBoard,
  fleetHeadline,
  fleetSubline,
  flightName,
  leadingDelays,
  sentFractionOf,
} from "../measure/summary/fleet-headline.ts";
export {
  type FleetSummary,
  type FlightSummary,
  stringifyFleetSummary,
} from "../measure/summary/fleet-summary.ts";
export { diagnoses, hasNothing, nothingToCompare } from "../measure/summary/diagnosis.ts";
export { leadingPolicy, rawDayBytes } from "../measure/summary/leading-policy.ts";
export {
  headline,
  loadTestWarning,
  productsFraction,
  sentFraction,
  subline,
} from "../measure/summary/run-headline.ts";
export { accuracyLine, drawnText, isJudgedApart } from "../measure/summary/accuracy-headline.ts";
export { softwareText, spacecraftText, trainingText } from "../measure/summary/provenance-summary.ts";
export type { DaySummary } from "../measure/summary/day-summary.ts";
export type { Verdict, Verdicts } from "../measure/summary/verdict-summary.ts";
export { sharedBenefitText, sharedWorkText } from "../measure/summary/offload-text.ts";
export { largestDutyText, verdictCell, verdictSentence } from "../measure/summary/verdict-text.ts";
export { scheduleText } from "../measure/summary/schedule-summary.ts";
export {
  type PolicySummary,
  type QualitySummary,
  type RunSummary,
  stringifySummary,
} from "../measure/summary/run-summary.ts";
export { type SweepTable, usedColumns } from "../measure/summary/sweep-table.ts";
export type { UpsetSummary } from "../measure/summary/upset-summary.ts";
