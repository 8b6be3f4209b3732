import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "swath-examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** They import the built package by its name, as a user's program does. */
const run = async (program: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [join("examples", program), ...args])).stdout;

test("compare.mjs flies two policies and writes the run", async () => {
  const out = join(folder, "run");
  const text = await run("compare.mjs", out);
  expect(text).toMatch(/^raw: \d+ bytes on the link, \d+ detections on the ground\ndetect: \d+ bytes/);
  expect(text).toMatch(/the surest of \d+: ship 0\.\d\d, by SCS|the surest of \d+: ship 0\.\d\d, by /);
  expect(readdirSync(out)).toEqual(expect.arrayContaining(["report.html", "summary.json", "detect", "raw"]));
});

test("contacts.mjs lists contacts as rows", async () => {
  const [head, ...rows] = (await run("contacts.mjs")).trim().split("\n");
  expect(head).toBe("satellite,station,from,seconds,highest");
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(row).toMatch(/,(Svalbard|Troll),2026-06-01T0\d:.*Z,\d+,\d+\.\d$/);
});

test("check.mjs measures the shipped detector", async () => {
  expect(await run("check.mjs", "builtin:harbour?scenes=1&size=512")).toMatch(/AP50 0\.\d\d, F1 0\.\d\d/);
});
