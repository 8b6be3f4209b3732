import Table from "cli-table3";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatPercent,
  formatSi,
} from "../../pipeline/format.ts";
import { printable } from "../../pipeline/printable.ts";
import type { ModelDiff, UploadWay } from "../../studies/updates/model-diff.ts";

const passesText = ({ passes }: UploadWay): readonly [string, string] => {
  if (passes === null) return ["–", "not within 32 d"];
  const text = ({ passes: count, after }: { readonly passes: number; readonly after: number }): string =>
    `${formatCount(count)} (${formatDuration(after)})`;
  return [text(passes.median), text(passes.last)];
};

/** What `swath model diff` prints. */
export const modelDiffText = (diff: ModelDiff): string => {
  const { old, next, wholeBytes, rate, ways, fraction, constellation, satellites, stations } = diff;
  const files = new Table({
    head: ["file", "bytes", "whole, compressed", "delta", "against"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right", "right", "left"],
  });
  const [whole, delta] = ways;
  whole.files.forEach((part, n) => {
    const apart = delta.files[n];
    files.push([
      printable(part.name),
      formatCount(part.wholeBytes),
      formatCount(part.upBytes),
      formatCount(apart?.upBytes ?? part.upBytes),
      printable(apart?.against ?? "nothing"),
    ]);
  });
  files.push(["signed metadata", "", formatCount(whole.metadataBytes), formatCount(delta.metadataBytes), ""]);
  const table = new Table({
    head: ["sent", "update", "on the uplink", "contact", "passes, median", "passes, last"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right", "right", "right", "right"],
  });
  for (const way of ways)
    table.push([
      way.way,
      formatBytes(way.updateBytes),
      formatBytes(way.onUplink),
      formatDuration(way.contactTime),
      ...passesText(way),
    ]);
  return [
    `${printable(next)} to satellites that have ${printable(old)}: a delta of ${formatPercent(fraction)} of its ${formatBytes(wholeBytes)}`,
    files.toString(),
    table.toString(),
    `at ${formatSi(rate, "bit/s")}, over ${stations}, to ${formatCountOf(satellites, "satellite")} of ${constellation}; passes: how many, and how long after the start`,
    "",
  ].join("\n");
};
