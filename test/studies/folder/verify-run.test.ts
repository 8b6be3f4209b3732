import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringifySummary } from "../../../measure/summary/run-summary.ts";
import { writeRunFolder } from "../../../pipeline/atomic-folder.ts";
import { changeTags } from "../../../studies/folder/run-tags.ts";
import { compareRuns, verifyRun } from "../../../studies/folder/verify-run.ts";
import { summary } from "../../measure/report/fixture.ts";

let out = "";
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "swath-verify-"));
});
afterEach(() => rm(out, { recursive: true }));

const write = async (name: string, detections = "[]"): Promise<string> => {
  await writeRunFolder(join(out, name), [
    { path: "summary.json", content: stringifySummary({ ...summary, runId: name }) },
    { path: "detect/detections.geojson", content: detections },
    { path: "detect/chips/1.webp", content: Uint8Array.of(1, 2, 3) },
  ]);
  return join(out, name);
};

describe("verifyRun", () => {
  test("finds nothing in a run as it was written, tags or not", async () => {
    const folder = await write("compare-1");
    await changeTags(folder, ["baseline"], []);
    expect(await verifyRun("compare-1", out)).toMatchObject({ run: "compare-1", sound: 3, findings: [] });
  });

  const changes: readonly (readonly [string, (folder: string) => Promise<void>, string, RegExp])[] = [
    [
      "longer",
      (at) => appendFile(join(at, "detect/chips/1.webp"), "x"),
      "detect/chips/1.webp",
      /wanted 3 bytes, got 4/,
    ],
    [
      "shorter",
      (at) => truncate(join(at, "detect/chips/1.webp"), 1),
      "detect/chips/1.webp",
      /wanted 3 bytes, got 1/,
    ],
    [
      "changed",
      (at) => writeFile(join(at, "detect/detections.geojson"), "{}"),
      "detect/detections.geojson",
      /other bytes/,
    ],
    ["gone", (at) => rm(join(at, "detect/detections.geojson")), "detect/detections.geojson", /missing/],
    [
      "new",
      (at) => writeFile(join(at, "detect/more.geojson"), ""),
      "detect/more.geojson",
      /was not written with this run/,
    ],
    [
      "a folder now",
      async (at) => {
        await rm(join(at, "detect/detections.geojson"));
        await mkdir(join(at, "detect/detections.geojson"));
      },
      "detect/detections.geojson",
      /no file any more/,
    ],
  ];
  test.each(changes)("names a file that is %s, and no other", async (_, change, path, what) => {
    await change(await write("compare-1"));
    const { findings } = await verifyRun("compare-1", out);
    expect(findings).toEqual([{ path, what: expect.stringMatching(what) as string }]);
  });

  test("a run without a manifest, or with half of one, cannot be verified and says so", async () => {
    const folder = await write("compare-1");
    await truncate(join(folder, "manifest.json"), 40);
    await expect(verifyRun("compare-1", out)).rejects.toThrow(/wanted a swath-manifest\/1, got no JSON/);
    await rm(join(folder, "manifest.json"));
    await expect(verifyRun("compare-1", out)).rejects.toThrow(/wanted a manifest.json, got none/);
  });
});

test("compareRuns names what came out otherwise, was not made again, and is new", async () => {
  const [a, b] = [await write("compare-1"), await write("compare-2", "[1]")];
  expect(await compareRuns(a, a)).toEqual([]);
  expect(await compareRuns(a, b)).toEqual([
    { path: "detect/detections.geojson", what: "came out otherwise" },
    // It names the run.
    { path: "summary.json", what: "came out otherwise" },
  ]);
});
