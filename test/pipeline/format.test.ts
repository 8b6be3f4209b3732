import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatJoules,
  formatPercent,
  formatScore,
} from "../../pipeline/format.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [999.7, "1 kB"],
  [1000, "1 kB"],
  [12_345, "12.3 kB"],
  [999_600, "1 MB"],
  [4_560_000_000, "4.56 GB"],
  [2e18, "2,000 PB"],
])("%d octets read %s", (value, text) => expect(formatBytes(value)).toBe(text));

test.each([
  [0, "0 s"],
  [0.0123, "12.3 ms"],
  [0.9999, "1 s"],
  [3.21, "3.21 s"],
  [59.97, "1 min 00 s"],
  [245, "4 min 05 s"],
  [3599.6, "1 h 00 min"],
  [8040, "2 h 14 min"],
  [86_399, "1 d 00 h"],
  [273_600, "3 d 04 h"],
  [-5, "−5 s"],
])("%d seconds read %s", (value, text) => expect(formatDuration(value)).toBe(text));

test.each([
  [0, "0 %"],
  [1, "100 %"],
  [0.5, "50 %"],
  [0.123, "12 %"],
  [0.99982, "99.982 %"],
  [0.999_999, "99.9999 %"],
  [0.999_999_9, "> 99.9999 %"],
  [0.000_000_3, "< 0.0001 %"],
  [1.56, "156 %"],
  [1.004, "100.40 %"],
  [0.000_18, "0.018 %"],
  [-0.056, "−5.6 %"],
])("a fraction of %d reads %s", (value, text) => expect(formatPercent(value)).toBe(text));

test("energies, scores and counts", () => {
  expect([formatJoules(0.012), formatJoules(0), formatJoules(3600)]).toEqual(["12 mJ", "0 J", "3.6 kJ"]);
  expect([formatScore(0.87345), formatScore(null)]).toEqual(["0.873", "–"]);
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect([0, 1, 2, 1200].map((count) => formatCountOf(count, "station"))).toEqual([
    "0 stations",
    "1 station",
    "2 stations",
    "1,200 stations",
  ]);
  expect([1, 2].map((count) => formatCountOf(count, "pass", "passes"))).toEqual(["1 pass", "2 passes"]);
});
