import { effectiveOps } from "../../operators/platform/computer.ts";
import type { Computer, Precision } from "../../pipeline/mission/spacecraft.ts";
import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";

/** What most of the computer's time goes into, in words. */
export const computerBoundOf = (
  entries: readonly WorkloadEntry[],
  computer: Computer,
  precision: Precision,
): string => {
  const sum = (of: (entry: WorkloadEntry) => number): number =>
    entries.reduce((total, entry) => total + of(entry), 0);
  const operations = sum((entry) => entry.operations);
  const parts = [
    ["operations of the model", operations === 0 ? 0 : operations / effectiveOps(computer, precision)],
    ["encoding of images", sum((entry) => entry.encodedSamples) / computer.samplesPerSecond],
    ["copies and scheduling of tiles", sum((entry) => entry.tiles) * computer.tileOverhead],
  ] as const;
  return parts.reduce((most, one) => (one[1] > most[1] ? one : most))[0];
};
