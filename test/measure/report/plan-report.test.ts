import { describe, expect, test } from "vitest";
import { renderPlanReport, type PlanReportInput } from "../../../measure/report/plan-report.ts";
import { degrees, instant, metres, parseInstant, seconds } from "../../../pipeline/units.ts";
import { absolutePaths, csvOf, hasOneHeading, reachesOut, sectionTitles, unbalanced } from "./page.ts";

const from = parseInstant("2026-01-01T00:00:00Z")!;
const input: PlanReportInput = {
  constellation: "/home/somebody/planes.tle",
  from,
  to: instant(from + 72 * 3600),
  satellites: ["DOVE-1", "DOVE-2"],
  stations: [{ id: "matera", name: "Matera <Italy>", longitude: degrees(16.7), latitude: degrees(40.6) }],
  contacts: [
    {
      satellite: "DOVE-1",
      station: "matera",
      aos: instant(from + 600),
      los: instant(from + 1200),
      capacityBytes: 3e9,
    },
  ],
  link: "fixed 40 Mbit/s",
  targets: {
    dataset: "ships",
    seen: [
      {
        scene: "genoa",
        place: { longitude: degrees(8.9), latitude: degrees(44.4) },
        satellite: "DOVE-1",
        at: instant(from + 500),
        sun: degrees(31),
        offTrack: metres(61_000),
        heard: { station: "matera", after: seconds(100) },
      },
    ],
    unseen: [{ scene: "hedland", reason: "no satellite's swath of 20 km covers it in 3 days" }],
    assumed: ["a swath of 20 km"],
  },
  tracks: [
    {
      points: [
        [8, 50],
        [8, 44],
        [7, 38],
      ],
    },
  ],
  software: "0.1.0",
  command: "swath plan --constellation /home/somebody/planes.tle --map plan.html",
};

describe("the page of a plan", () => {
  const page = renderPlanReport(input);

  test("says who sees what when, who hears it, and what nobody sees", () => {
    expect(page).toContain("1 of 2 scenes are seen");
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
