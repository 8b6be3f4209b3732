import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Dataset, openDataset } from "../../../datasets/dataset.ts";
import { ensureHarbour, parseHarbour } from "../../../datasets/harbour/harbour.ts";
import { boxIou } from "../../../pipeline/detection/box.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";

const root = mkdtempSync(join(tmpdir(), "swath-harbour-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const reference = "builtin:harbour?seed=3&scenes=4&size=704";
const opened: Promise<Dataset> = openDataset(reference, { cacheDir: join(root, "a"), strict: true });

const digest = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [
        path.slice(folder.length),
        createHash("sha256").update(readFileSync(path)).digest("hex"),
      ]),
  );

const wholeScene = async (id: string): Promise<Raster> => {
  const dataset = await opened;
  await using reader = await dataset.open(id);
  const { width, height, bands } = reader.scene;
  return await reader.readWindow(
    { x: 0, y: 0, width, height },
    bands.map(({ name }) => name),
  );
};

/** Median reflectance of each band over the pixels that `isIn` accepts. */
const medians = (
  { planes }: Raster,
  isIn: (blue: number, green: number, red: number, nir: number) => boolean,
) => {
  const at = Array.from({ length: planes[0]?.length ?? 0 }, (_, i) => i).filter((i) => {
    const [b = 0, g = 0, r = 0, n = 0] = planes.map((plane) => plane[i] ?? 0);
    return isIn(b, g, r, n);
  });
  return planes.map(
    (plane) => (at.map((i) => plane[i] ?? 0).sort((a, b) => a - b)[at.length >> 1] ?? 0) * 1e-4,
  );
};

describe("builtin:harbour", () => {
  it("reads its reference, and refuses what it does not know", () => {
    expect(parseHarbour("builtin:harbour")).toEqual({ seed: 7, scenes: 4, size: 1536 });
    expect(parseHarbour("builtin:harbour?scenes=6&seed=0")).toMatchObject({ seed: 0, scenes: 6 });
    expect(() => parseHarbour("builtin:harbour?ships=6")).toThrow(
      /unknown key: wanted seed, scenes, size, got ships/,
    );
    expect(() => parseHarbour("builtin:harbour?seed=x")).toThrow(/seed: wanted a whole number/);
    expect(() => parseHarbour("builtin:airport")).toThrow(/no such built-in dataset/);
  });

  it("is a dataset like any other: bands, place, time, labels", async () => {
    const { scenes, skipped, notes, name } = await opened;
    expect([name, skipped, notes]).toEqual([reference, [], []]);
    expect(scenes.map(({ id }) => id)).toEqual(["port-01", "bay-02", "overcast-03", "offshore-04"]);
    for (const scene of scenes) {
      expect(scene.bands.map(({ name: band }) => band)).toEqual(["B02", "B03", "B04", "B08", "B11"]);
      expect(scene.bands.every(({ unit, scale }) => unit === "reflectance" && scale === 1e-4)).toBe(true);
      expect(scene.georeference?.crs).toBe("EPSG:32631");
      expect(scene.acquiredAt).not.toBeNull();
    }
  });

  it("renders the same bytes from the same seed, others from another, and renders once", async () => {
    const small = "builtin:harbour?scenes=1&size=512";
    const first = await ensureHarbour(`${small}&seed=3`, join(root, "b"));
    const again = await ensureHarbour(`${small}&seed=3`, join(root, "c"));
    const other = await ensureHarbour(`${small}&seed=4`, join(root, "c"));
    expect(digest(again)).toEqual(digest(first));
    expect(digest(other)["/images/port-01.tif"]).not.toBe(digest(first)["/images/port-01.tif"]);
    expect(await ensureHarbour(`${small}&seed=3`, join(root, "b"))).toBe(first);
    expect(readdirSync(join(root, "b"))).toHaveLength(1);
  });

  it("labels ships that are there: bright on the water, apart from each other, inside the scene", async () => {
    const dataset = await opened;
    let count = 0;
    for (const { id, width, height } of dataset.scenes) {
      const labels = (await dataset.labels(id)) ?? [];
      const { planes } = await wholeScene(id);
      const red = planes[2] ?? [];
      for (const { boxPx, ignore } of labels) {
        const { x0, y0, x1, y1 } = boxPx;
        expect(Math.min(x0, y0, width - x1, height - y1)).toBeGreaterThanOrEqual(0);
        expect(labels.filter((other) => boxIou(other.boxPx, boxPx) > 0.1)).toHaveLength(1);
        expect(Math.max(x1 - x0, y1 - y0)).toBeLessThanOrEqual(42);
        if (ignore) continue;
        let brightest = 0;
        for (let y = y0; y < y1; y++)
          for (let x = x0; x < x1; x++) brightest = Math.max(brightest, red[y * width + x] ?? 0);
        // Water is at 0.02 … 0.03.
        expect(brightest * 1e-4).toBeGreaterThan(0.09);
        count++;
      }
    }
    expect(count).toBeGreaterThanOrEqual(12);
  });

  it("has the reflectances of Sentinel-2 over water and land", async () => {
    const raster = await wholeScene("port-01");
    // Medians of ten real ports lie within these (B02, B03, B04, B08, B11).
    const water = medians(raster, (_, green, __, nir) => green > 1.25 * nir);
    const range = [
      [0.028, 0.06],
      [0.021, 0.065],
      [0.009, 0.035],
      [0.006, 0.03],
      [0.004, 0.03],
    ] as const;
    water.forEach((value, b) => {
      expect(value).toBeGreaterThan(range[b]![0]);
      expect(value).toBeLessThan(range[b]![1]);
    });
    const [, , red = 0, nir = 0, swir = 0] = medians(raster, (_, green, __, n) => n > 1.5 * green);
    expect(nir).toBeGreaterThan(0.18);
    expect(nir).toBeGreaterThan(red);
    expect(swir).toBeGreaterThan(0.08);
  });

  it("hides most of the overcast scene and says which labels nobody can see", async () => {
    const { planes } = await wholeScene("overcast-03");
    const cloudy = [...(planes[0] ?? [])].filter((blue) => blue > 3000).length / (planes[0]?.length ?? 1);
    expect(cloudy).toBeGreaterThan(0.5);
    const labels = (await (await opened).labels("overcast-03")) ?? [];
    expect(labels.some(({ ignore }) => ignore)).toBe(true);
  });
});
