import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Dataset, openDataset } from "../../datasets/dataset.ts";
import { importDataset } from "../../datasets/import.ts";
import { hasSharedData, sharedData, whySkipped } from "./shared-data.ts";

const root = mkdtempSync(join(tmpdir(), "swath-real-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const labelCounts = async (dataset: Dataset): Promise<Readonly<Record<string, number | undefined>>> =>
  Object.fromEntries(
    await Promise.all(
      dataset.scenes.map(async ({ id }) => [id, (await dataset.labels(id))?.length] as const),
    ),
  );
const total = (counts: Readonly<Record<string, number | undefined>>): number =>
  Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);

describe.skipIf(!hasSharedData)(`real data${whySkipped}`, () => {
  it("finds 217 ships in ten ports, whose bands come in two styles of file name", async () => {
    const out = join(root, "ships");
    await importDataset(sharedData("sen2ships"), { labels: "coco_annotations.json", out, strict: true });
    const dataset = await openDataset(out, { strict: true });
    const counts = await labelCounts(dataset);
    expect(counts).toEqual({
      algiers: 27,
      athens: 48,
      cartagena: 19,
      casablanca: 15,
      gdynia: 20,
      genoa: 29,
      hedland: 18,
      honolulu: 12,
      klang: 17,
      valencia: 12,
    });
    expect(total(counts)).toBe(217);
    for (const { bands } of dataset.scenes) {
      expect(bands.map(({ name }) => name)).toEqual(["B02", "B03", "B04", "B08", "B11"]);
      expect(bands.every(({ scale, unit }) => scale === 1 / 65_535 && unit === "reflectance")).toBe(true);
    }
    // By hand from the file: the first annotation, [267, 156, 8, 7] on honolulu.
    expect((await dataset.labels("honolulu"))?.[0]).toEqual({
      className: "ship",
      boxPx: { x0: 267, y0: 156, x1: 275, y1: 163 },
    });
  });

  it("names every image that the label file knows and the folder does not", async () => {
    const labels = sharedData("sen2ships/coco_annotations.json");
    const { skipped } = await openDataset(sharedData("sen2ships/genoa"), { labels });
    expect(skipped).toHaveLength(1);
    expect(skipped[0]?.error.message).toMatch(
      /not in the dataset \(9\): honolulu_rgb\.tiff, klang_rgb\.tiff/,
    );
    await expect(openDataset(sharedData("planetscope-ships"), { labels })).rejects.toThrow(
      /not in the dataset \(10\)/,
    );
  });

  it("finds 325 aircraft in a table of polygons", async () => {
    const dataset = await openDataset(sharedData("airbus-aircraft"), { strict: true });
    const counts = await labelCounts(dataset);
    expect([dataset.scenes.length, total(counts)]).toEqual([9, 325]);
    const [first] = (await dataset.labels("72fa2a77-cf8e-44a2-9ab2-f11ca63b4b72")) ?? [];
    expect(first).toEqual({ className: "Airplane", boxPx: { x0: 8, y0: 332, x1: 180, y1: 516 } });
  });

  it("finds YOLO files beside PNGs, and the time in their names", async () => {
    const dataset = await openDataset(sharedData("planetscope-ships"), {
      strict: true,
      classNames: ["ship"],
    });
    const counts = await labelCounts(dataset);
    expect([dataset.scenes.length, total(counts)]).toEqual([11, 39]);
    expect(await dataset.labels("20181030_023205_1018_3B_Visual_0")).toEqual([
      { className: "ship", boxPx: { x0: 206, y0: 233.5, x1: 306, y1: 278.5 } },
    ]);
    expect(dataset.scenes[0]?.acquiredAt).toBe(Date.UTC(2018, 9, 30, 2, 32, 5) / 1000);
  });
});
