import { describe, expect, test } from "vitest";
import { renderPlanReport } from "../../../measure/report/plan-report.ts";
import { input } from "./plan-fixture.ts";
import { absolutePaths, csvOf, hasOneHeading, reachesOut, sectionTitles, unbalanced } from "./page.ts";

describe("the page of a plan", () => {
  const page = renderPlanReport(input);

  test("says who sees what when, who hears it, and what nobody sees", () => {
    expect(page).toContain("1 of 2 scenes is seen");
    for (const words of ["Matera &lt;Italy&gt;", "40\u202fs</small>", "hedland (no satellite"])
      expect(page).toContain(words);
    expect(sectionTitles(page)).toHaveLength(4);
  });

  test("keeps the promises of every page", () => {
    expect(reachesOut(page)).toEqual([]);
    expect(absolutePaths(page)).toEqual([]);
    expect(unbalanced(page)).toEqual([]);
    expect(hasOneHeading(page)).toBe(true);
    expect(page.length).toBeLessThan(5e5);
    expect(renderPlanReport(input)).toBe(page);
  });

  test("hands out its tables", () => {
    const tables = csvOf(page);
    expect(tables.get("targets.csv")?.[1]?.slice(0, 5)).toEqual([
      "genoa",
      "8.9",
      "44.4",
      "2026-01-01T00:08:20.000Z",
      "DOVE-1",
    ]);
    expect(tables.get("satellites.csv")).toHaveLength(3);
  });

  test("does without targets and without a rate", () => {
    const contacts = input.contacts.map((contact) => ({ ...contact, capacityBytes: null }));
    const text = renderPlanReport({ ...input, targets: null, link: null, contacts });
    expect(text).toContain("--targets DATASET");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
