import { expect, test } from "vitest";
import { checked, page } from "./check-fixture.ts";
import { absolutePaths, csvOf, hasOneHeading, reachesOut, sectionTitles, unbalanced } from "./page.ts";

const plain = (text: string): string => text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

test("speaks first of the scenes that the model never saw, then of what it rests on", async () => {
  const text = await page();
  const apart = checked.scenes.filter(({ training }) => training === "apart");
  const found = apart.reduce((sum, one) => sum + one.found, 0);
  expect(apart).toHaveLength(4);
  expect(plain(text)).toContain(`toy finds ${found} of 32 ships that it never saw, with`);
  expect(sectionTitles(text)).toEqual([
    "What it rests on",
    "Precision and recall",
    "Scene by scene",
    "Worst misses",
    "Worst false alarms",
    "Tables",
  ]);
  expect(plain(text)).toContain("on 2 scenes of these: east, west; 4 scenes kept apart");
  expect(unbalanced(text)).toEqual([]);
  expect(hasOneHeading(text)).toBe(true);
  expect(reachesOut(text)).toEqual([]);
  expect(absolutePaths(text)).toEqual([]);
});

test("every AP50 of its tables has an interval that holds it, or says that there is none", async () => {
  const rows = [...checked.bySize, ...checked.scenes];
  const told = rows.flatMap(({ ap50, interval }) => (interval === null ? [] : [{ ap50: ap50!, interval }]));
  expect(told.length).toBeGreaterThan(0);
  for (const { ap50, interval } of told) {
    expect(interval.low).toBeLessThanOrEqual(ap50 + 1e-9);
    expect(interval.high).toBeGreaterThanOrEqual(ap50 - 1e-9);
  }
  // All labels are of one size: the others have no figure and so no interval.
  expect(checked.bySize.map(({ labels, interval }) => [labels, interval !== null])).toEqual([
    [0, false],
    [48, true],
    [0, false],
  ]);
  const { low, high } = checked.bySize[1]!.interval!;
  expect(plain(await page())).toContain(`${low.toFixed(2)} … ${high.toFixed(2)}`);
});

test("hands out its tables: scenes, sizes, the curve and every error", async () => {
  const tables = csvOf(await page());
  expect([...tables.keys()]).toEqual(["scenes.csv", "sizes.csv", "curve.csv", "errors.csv"]);
  expect(tables.get("scenes.csv")).toHaveLength(7);
  expect(tables.get("errors.csv")).toHaveLength(1 + checked.misses.length + checked.falseAlarms.length);
});
