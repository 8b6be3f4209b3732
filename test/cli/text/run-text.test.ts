import { describe, expect, test } from "vitest";
import { policyTable, summaryText } from "../../../cli/text/run-text.ts";
import { summary } from "../../measure/report/fixture.ts";
import { policySummary } from "../../measure/report/policy-fixture.ts";

const single = {
  ...summary,
  policies: [policySummary("detect", { quality: null, agreementWithRaw: null, losses: [] })],
};

describe("the table of a comparison", () => {
  test("one line a policy, at most 100 columns, no escape sequences", () => {
    const lines = policyTable(summary).split("\n");
    expect(lines).toHaveLength(7);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toContain("\u001b");
    }
    expect(lines[0]).toMatch(
      /^policy +on link +of raw +delivered +latency +energy\/MP +found +AP50 +F1 += raw$/,
    );
    expect(lines[4]).toMatch(/^detect +41\.3 kB +0\.0032 % +100 % +37 min 01 s +6\.94 J +2,170 .*identical$/);
  });

  test("colour adds escape sequences and changes nothing else", () => {
    const coloured = summaryText(summary, true);
    expect(coloured).toContain("\u001b[1m");
    // oxlint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(summaryText(summary));
  });
});

test("headline first, losses last", () => {
  const text = summaryText(summary);
  expect(text).toMatch(/^detect sends 0\.0032 % of the lossless raw imagery/);
  expect(text).toContain("  raw: 1,210 products store-full, 401 MB\n");
});

test("one policy without labels leaves the columns out that it cannot fill", () => {
  const text = summaryText(single);
  expect(text).not.toMatch(/AP50|= raw|Lost/);
  expect(text).toMatch(/; 2,170 detections reached the ground\.\n/);
});
