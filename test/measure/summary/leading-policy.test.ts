import { describe, expect, test } from "vitest";
import { summaryText } from "../../../cli/text/run-text.ts";
import { leadingPolicy, rawDayBytes } from "../../../measure/summary/leading-policy.ts";
import { headline } from "../../../measure/summary/run-headline.ts";
import { renderReport } from "../../../measure/report/run-report.ts";
import type { PolicySummary, RunSummary } from "../../../measure/summary/run-summary.ts";
import { formatBytes } from "../../../pipeline/format.ts";
import { fixture, summary } from "../report/fixture.ts";

const changed = (change: (one: PolicySummary) => Partial<PolicySummary>): RunSummary => ({
  ...summary,
  policies: summary.policies.map((one) => ({ ...one, ...change(one) })),
});

const withFits = (fits: Readonly<Record<string, boolean | null>>): RunSummary =>
  changed(({ policy, verdicts }) => ({
    verdicts: { ...verdicts, fits: policy in fits ? (fits[policy] ?? null) : false },
  }));

describe("the leading policy", () => {
  test("is the one that sends least of those that fit", () => {
    expect(leadingPolicy(summary).policy).toBe("detect");
    expect(leadingPolicy(withFits({ chips: true, screen: true })).policy).toBe("chips");
  });

  test("is not one that loses what another finds", () => {
    expect(leadingPolicy(withFits({ compress: true, screen: true })).policy).toBe("screen");
    expect(leadingPolicy(withFits({ compress: true })).policy).toBe("compress");
  });

  test("is raw where nothing else fits or ran; with nothing that fits, the headline says so", () => {
    expect(leadingPolicy(withFits({ raw: true })).policy).toBe("raw");
    const [raw] = summary.policies.filter(({ policy }) => policy === "raw");
    expect(leadingPolicy({ ...summary, policies: [raw!] }).policy).toBe("raw");
    expect(leadingPolicy(withFits({})).policy).toBe("detect");
    expect(headline(withFits({}))).toMatch(/^No policy fits a full day/);
  });

  test("what is not known to fail counts as fitting", () => {
    expect(leadingPolicy(withFits({ adaptive: null, screen: true })).policy).toBe("adaptive");
  });
});

test("what a day stands against is one figure: headline, table and report", async () => {
  const baseline = formatBytes(rawDayBytes(summary.day!)!);
  const input = await fixture();
  const page = renderReport(input).replaceAll(/\s+/g, " ");
  expect(headline(summary)).toContain(`instead of ${baseline} raw`);
  expect(summaryText(summary)).toContain(`all of raw, framed, is ${baseline}:`);
  expect(page).toContain(`>${baseline.replace(" ", " ")}</em>. Half has`);
  expect(page).toContain(`framed, ${baseline.replace(" ", " ")} and`);
});
