import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { openDataset, type Dataset } from "../../datasets/dataset.ts";
import { writeGeoTiff } from "../../datasets/geotiff/geotiff-writer.ts";
import { cropRaster } from "../../pipeline/raster/crop.ts";
import { limitedSource } from "../../pipeline/raster/limited-source.ts";
import type { SceneSource } from "../../pipeline/raster/scene.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { instant } from "../../pipeline/units.ts";

/** Odd sizes, so that no tile or strip fits. */
const [width, height] = [611, 547];

const noise = (seed: number): Uint16Array => {
  const random = seeded(seed);
  return Uint16Array.from({ length: width * height }, () => random.integer(9000));
};

const folder = await mkdtemp(join(tmpdir(), "swath-conformance-"));
const inFolder = async (name: string): Promise<string> => {
  await mkdir(join(folder, name), { recursive: true });
  return join(folder, name);
};

const writeBands = (path: string, bandNames: readonly string[]): Promise<void> =>
  writeGeoTiff(path, {
    width,
    height,
    planes: bandNames.map((_, b) => noise(b)),
    bandNames,
    scale: 1e-4,
    nodata: 0,
    epsg: 32631,
    transform: [10, 0, 500_000, 0, -10, 4_600_000],
    acquiredAt: instant(1.7e9),
    software: "conformance",
  });

/** Every way in which a scene reaches the pipeline. */
const sources: Readonly<Record<string, () => Promise<SceneSource>>> = {
  "one GeoTIFF with several bands": async () => {
    const at = await inFolder("multi");
    await writeBands(join(at, "port.tif"), ["B02", "B03", "B04", "B08"]);
    return openDataset(at);
  },
  "one GeoTIFF a band": async () => {
    const at = await inFolder("single");
    for (const band of ["B02", "B03", "B04", "B08"]) await writeBands(join(at, `port_${band}.tif`), [band]);
    return openDataset(at);
  },
  "a PNG": async () => {
    const at = await inFolder("png");
    const pixels = Uint8Array.from(noise(3), (value) => value & 255).subarray(0, width * height);
    const rgb = Buffer.concat([pixels, pixels, pixels]);
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(at, "picture.png"));
    return openDataset(at);
  },
  "the built-in generator": () => openDataset("builtin:harbour?scenes=1&size=512", { cacheDir: folder }),
  "a source that opens one scene at a time": async () =>
    limitedSource((await sources["one GeoTIFF with several bands"]?.()) as Dataset, 1),
};

describe.each(Object.entries(sources))("a scene source: %s", (_name, make) => {
  it("reads any window as the same part of the whole", async () => {
    const source = await make();
    const [scene] = source.scenes;
    if (scene === undefined) throw new Error("no scene");
    await using reader = await source.open(scene.id);
    const names = scene.bands.map(({ name }) => name);
    const whole = await reader.readWindow({ x: 0, y: 0, width: scene.width, height: scene.height }, names);
    expect(whole.planes.map((plane) => plane.length)).toEqual(names.map(() => scene.width * scene.height));
    expect(new Set(whole.planes[0]).size).toBeGreaterThan(10);
    const windows = fc
      .record({ x: fc.nat(scene.width - 1), y: fc.nat(scene.height - 1), w: fc.nat(300), h: fc.nat(300) })
      .map(({ x, y, w, h }) => ({
        x,
        y,
        width: Math.min(w + 1, scene.width - x),
        height: Math.min(h + 1, scene.height - y),
      }));
    await fc.assert(
      fc.asyncProperty(windows, fc.shuffledSubarray(names, { minLength: 1 }), async (window, bands) => {
        const part = await reader.readWindow(window, bands);
        const expected = cropRaster(whole, window);
        expect(part.bands.map(({ name }) => name)).toEqual(bands);
        bands.forEach((band, b) => expect(part.planes[b]).toEqual(expected.planes[names.indexOf(band)]));
      }),
      { numRuns: 20, seed: 5 },
    );
  });

  it("says what it does not have", async () => {
    const source = await make();
    const [scene] = source.scenes;
    if (scene === undefined) throw new Error("no scene");
    await expect(source.open("nowhere")).rejects.toThrow(/nowhere/);
    await using reader = await source.open(scene.id);
    const inside = { x: 0, y: 0, width: 8, height: 8 };
    await expect(reader.readWindow(inside, ["B99"])).rejects.toThrow(
      /band "B99" not in scene .*wanted one of/,
    );
    const outside = { x: scene.width - 4, y: 0, width: 8, height: 8 };
    await expect(reader.readWindow(outside, [scene.bands[0]?.name ?? ""])).rejects.toMatchObject({
      tag: "raster",
    });
  });
});

describe("limitedSource", () => {
  it("lets the next one in when a scene closes, also when opening fails", async () => {
    const source = limitedSource((await sources["one GeoTIFF with several bands"]?.()) as Dataset, 1);
    const id = source.scenes[0]?.id ?? "";
    const first = await source.open(id);
    let second = false;
    const waiting = source.open(id).then((reader) => {
      second = true;
      return reader;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(second).toBe(false);
    await first[Symbol.asyncDispose]();
    await (await waiting)[Symbol.asyncDispose]();
    await expect(source.open("nowhere")).rejects.toThrow();
    await (await source.open(id))[Symbol.asyncDispose]();
  });
});
