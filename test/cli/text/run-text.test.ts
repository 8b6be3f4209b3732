import { describe, expect, test } from "vitest";
import { accuracyLines } from "../../../cli/text/accuracy-text.ts";
import { policyTableText, summaryText } from "../../../cli/text/run-text.ts";
import { summary } from "../../measure/report/fixture.ts";
import { policySummary } from "../../measure/report/policy-fixture.ts";

const single = {
  ...summary,
  policies: [policySummary("detect", { quality: null, agreementWithRaw: null, losses: [] })],
};

describe("the table of a comparison", () => {
  test("one line a policy, at most 100 columns, no escape sequences", () => {
    const lines = policyTableText(summary).split("\n");
    expect(lines).toHaveLength(7);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toContain("\u001b");
    }
    expect(lines[0]).toMatch(/^policy +on link +of raw +delivered +median +p90 +energy\/MP +found += raw$/);
    expect(lines[4]).toMatch(
      /^detect +41\.3 kB +0\.0032 % +100 % +37 min 01 s +1 h 25 min +6\.94 J +2,170 .*identical$/,
    );
  });

  test("colour adds escape sequences and changes nothing else", () => {
    const coloured = summaryText(summary, true);
    expect(coloured).toContain("\u001b[1m");
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(summaryText(summary));
  });
});

test("accuracy with its intervals, and what it was drawn over", () => {
  const text = summaryText(summary);
  expect(text).toMatch(
    /\ndetect: AP50 from 0\.3 on 0\.\d\d \(0\.\d\d … 0\.\d\d\) on 1 scene kept apart from training\.\n/,
  );
  const lines = accuracyLines(summary);
  expect(lines[0]).toMatch(
    /95 % of 2,000 draws over \d+ blocks of 256 px, as there are fewer than five scenes/,
  );
  expect(lines[1]).toMatch(/^policy +AP50 from 0\.3 +F1$/);
  expect(lines).toHaveLength(8);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

test("where the model was trained on some of the scenes, the others stand first", () => {
  const [first] = summary.policies;
  const quality = first?.quality;
  if (!first || !quality) throw new Error("the fixture is labelled");
  const { apart } = quality.byTraining;
  const mixed = { ...quality, byTraining: { apart, trainedOn: apart, unknown: null } };
  const told = { ...summary, policies: [{ ...first, quality: mixed }] };
  expect(accuracyLines(told)[1]).toMatch(/^policy +kept apart \(1\) +trained on \(1\) +all$/);
  expect(summaryText(told)).toMatch(/kept apart from training; 0\.\d\d \(.*\) on 1 that it was trained on\./);
  const seen = { ...quality, byTraining: { apart: null, trainedOn: apart, unknown: null } };
  expect(summaryText({ ...summary, policies: [{ ...first, quality: seen }] })).toContain(
    "of others it tells nothing",
  );
});

test("headline first, losses last", () => {
  const text = summaryText(summary);
  expect(text).toMatch(
    /^detect sends [\d.]+ GB in a full day instead of [\d.]+ TB raw; half of what it makes/,
  );
  expect(text).toMatch(/\nOf the scenes: detect sends 0\.0032 % of the lossless raw imagery/);
  expect(summaryText({ ...summary, day: null, noDay: "left out: --no-day" })).toMatch(
    /^detect sends 0\.0032 % of the lossless raw imagery[^]*No full day: left out: --no-day\./,
  );
  expect(text).toContain("  raw: 1,210 products store-full, 401 MB\n");
});

test("one policy without labels leaves the columns out that it cannot fill", () => {
  const text = summaryText(single);
  expect(text).not.toMatch(/AP50|= raw|Lost/);
  expect(text).toMatch(/; 2,170 detections reached the ground\. /);
});

test("verdicts come before the tables, with a sentence for each policy that does not fit", () => {
  const text = summaryText(summary);
  const at = (part: string): number => text.indexOf(part);
  expect(at("Does it fit?")).toBeGreaterThan(0);
  expect(at("Does it fit?")).toBeLessThan(at("The full day"));
  expect(at("The full day")).toBeLessThan(at("It rests on:"));
  expect(text).toMatch(/raw +✕ wants 1\.3 × +✓ 6\.1 × +✓ 9\.4 × +✓ at any work +✕ wants 1\.3 ×/);
  expect(text).toMatch(
    /raw does not fit: link wants 1\.3 ×: contact time \(SENTINEL-2A\); all contacts could carry/,
  );
  expect(text).toMatch(/detect fits all five limits; as work grows the computer gives way first, at 6\.1 ×/);
  for (const line of text.split("\n").slice(3, 10)) expect(line.length).toBeLessThanOrEqual(100);
});
