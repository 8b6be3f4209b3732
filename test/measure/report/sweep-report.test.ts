import { expect, test } from "vitest";
import { renderSweepReport } from "../../../measure/report/sweep-report.ts";
import { absolutePaths, csvOf, hasOneHeading, reachesOut, sectionTitles, unbalanced } from "./page.ts";
import { again, sweep } from "./sweep-fixture.ts";

const plain = (text: string): string => text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

test("says first how many runs fit, then where, then what it rests on", () => {
  const page = renderSweepReport(sweep, again);
  expect(plain(page)).toContain(
    "9 runs over policy × rate: 6 of 9 fit (raw in 1 of 3, compress in 2 of 3, detect in 3 of 3)",
  );
  expect(sectionTitles(page)).toEqual([
    "Does it fit?",
    "What it rests on",
    "What is sent, and how soon it is there",
    "All runs",
    "Run it again, and files",
  ]);
  // A cell of the grid a run, each with its glyph in words.
  expect(page.match(/>fits: <|>does not fit: </g)).toHaveLength(9);
  expect(unbalanced(page)).toEqual([]);
  expect(hasOneHeading(page)).toBe(true);
  expect(reachesOut(page)).toEqual([]);
  expect(absolutePaths(page)).toEqual([]);
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(renderSweepReport(sweep, again)).toBe(page);
});

test("keeps all runs inside as CSV, figures with their units", () => {
  const rows = csvOf(renderSweepReport(sweep, again)).get("runs.csv")!;
  expect(rows).toHaveLength(10);
  expect(rows[0]).toEqual(expect.arrayContaining(["policy", "rate", "run", "p90_s", "fits", "room"]));
  for (const row of rows) expect(row).toHaveLength(rows[0]!.length);
});

test("of three options has a grid for each value of the first, of one option none", () => {
  const three = {
    ...sweep,
    keys: ["seed", "policy", "rate"],
    rows: ["1", "2"].flatMap((seed) => sweep.rows.map((row) => ({ ...row, point: { seed, ...row.point } }))),
  };
  expect(renderSweepReport(three, again).match(/class="fit-grid"/g)).toHaveLength(2);
  expect(plain(renderSweepReport(three, again))).toContain("seed 2");
  const one = { ...sweep, keys: ["rate"], rows: sweep.rows.slice(0, 3) };
  expect(renderSweepReport(one, again)).not.toContain('class="fit-grid"');
  expect(plain(renderSweepReport(one, again))).toContain("3 runs over rate: 1 of 3 fit");
});

test("without verdicts says that they are not known", () => {
  const rows = sweep.rows.map((row) => ({ ...row, figures: { ...row.figures, fits: null, room: null } }));
  expect(plain(renderSweepReport({ ...sweep, rows }, again))).toContain("whether they fit is not known");
});
