import { existsSync, readFileSync } from "node:fs";
import { detectAll } from "../../detect-all.ts";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { shippedModels } from "../../../models/card/location.ts";
import { openModel } from "../../../models/model.ts";
import { openOnnxSession } from "../../../models/runtimes/onnx-session.ts";
import { boxIou, type BoxPx } from "../../../pipeline/detection/box.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import { mergeDetections, mergeTileDetections } from "../../../pipeline/detection/merge.ts";
import { placedIn } from "../../../pipeline/raster/placed.ts";
import type { PixelWindow, Raster } from "../../../pipeline/raster/raster.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";

const genoa = fileURLToPath(new URL("../../../../shared/datasets/sen2ships/genoa/", import.meta.url));
const model = new URL("../../../models/shipped/ships-s2/", import.meta.url);
const noModel = !existsSync(new URL("model.json", model));
const noScene = noModel || !existsSync(genoa);

/** The scene is one file a band; reflectance is sample / 65,535. */
const readGenoa = async (window: PixelWindow, bandNames: readonly string[]): Promise<Raster> => {
  const planes = await Promise.all(
    bandNames.map(async (name) => {
      await using file = await openGeoTiff(`${genoa}genoa_2023-07-10_${name}.tif`);
      const {
        planes: [plane],
      } = await file.readWindow(window, [0]);
      return plane as Uint16Array;
    }),
  );
  const bands = bandNames.map((name) => ({
    name,
    sampleType: "uint16" as const,
    scale: 1 / 65_535,
    offset: 0,
    unit: "reflectance" as const,
    nodata: null,
  }));
  return { width: window.width, height: window.height, bands, planes, valid: null };
};

/** `golden.json`, "formula". */
const made = Float32Array.from({ length: 4 * 64 * 64 }, (_, i) => {
  const [c, y, x] = [Math.floor(i / 4096), Math.floor(i / 64) % 64, i % 64];
  return ((c * 7919 + y * 104_729 + x * 1_299_709) % 1000) / 2000;
});

/** Square planes turned by a quarter, as `numpy.rot90` turns them. */
const quarterTurn = (planes: Float32Array, side: number): Float32Array =>
  planes.map((_, i) => {
    const [plane, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    return planes[plane * side ** 2 + x * side + side - 1 - y] ?? Number.NaN;
  });

describe.skipIf(noModel)(`the shipped ship detector${noModel ? " (skipped: not trained yet)" : ""}`, () => {
  test("is found by its name", async () => {
    expect(await shippedModels()).toContain("ships-s2");
    await using opened = await openModel("ships-s2", { threads: 1 });
    expect(opened.info).toMatchObject({
      classes: ["ship"],
      bands: ["B02", "B03", "B04", "B08"],
      precision: "fp32",
    });
  });

  test("costs four times as much where it looks four times", async () => {
    await using once = await openModel("ships-s2", { threads: 1 });
    await using steady = await openModel("ships-s2:steady", { threads: 1 });
    expect(steady.info.opsPerPixel).toBe(4 * once.info.opsPerPixel);
  });

  test("gives in this runtime what it gave where it was trained", async () => {
    const golden = JSON.parse(readFileSync(new URL("golden.json", model), "utf8")) as {
      readonly tolerance: number;
      readonly outputs: Record<
        string,
        { readonly shape: number[]; readonly samples: { readonly index: number[]; readonly value: number }[] }
      >;
    };
    const names = Object.keys(golden.outputs);
    const weights = await readFile(new URL("ships-s2.onnx", model));
    const session = await openOnnxSession(weights, { inputName: "input", outputNames: names }, "ships-s2");
    const outputs = await session.run(made, [1, 4, 64, 64]);
    for (const [name, { shape, samples }] of Object.entries(golden.outputs)) {
      const { shape: got = [], data = [] } = outputs.get(name) ?? {};
      expect(got).toEqual(shape);
      for (const { index, value } of samples) {
        const at = index.reduce((sum, i, axis) => sum * (shape[axis] ?? 0) + i, 0);
        expect(Math.abs((data[at] ?? Number.NaN) - value), `${name}[${index.join()}]`).toBeLessThan(
          golden.tolerance,
        );
      }
    }
    await session.release();
  });
});

describe.skipIf(noScene)(`ships in Genoa${noScene ? ` (skipped: no model or no ${genoa})` : ""}`, () => {
  /** Made by `test/golden/models/ships-genoa.py` with rasterio, OpenCV and NumPy. */
  const golden = JSON.parse(
    readFileSync(new URL("../../golden/models/ships-genoa.json", import.meta.url), "utf8"),
  ) as {
    readonly sha256: string;
    readonly cases: readonly {
      readonly window: PixelWindow;
      readonly threshold: number;
      readonly expected: readonly (readonly [number, number, number, number, number, number])[];
    }[];
  };
  const asDetection = ([
    classId,
    score,
    x0,
    y0,
    x1,
    y1,
  ]: (typeof golden.cases)[0]["expected"][0]): Detection => ({
    classId,
    score,
    boxPx: { x0, y0, x1, y1 },
  });
  const furthest = (a: BoxPx, b: BoxPx): number =>
    Math.max(...(["x0", "y0", "x1", "y1"] as const).map((side) => Math.abs(a[side] - b[side])));
  const [tile, oddTile, scene] = golden.cases;

  test.each([
    ["a whole tile", tile],
    ["a tile that is padded", oddTile],
  ])("%s: boxes within half a pixel of OpenCV's, scores within 0.001", async (_, wanted) => {
    const { window, threshold, expected } = wanted as (typeof golden.cases)[0];
    await using opened = await openModel("ships-s2", { threads: 1, threshold });
    expect(golden.sha256, "another model: run test/golden/models/ships-genoa.py").toBe(opened.info.sha256);
    const found = await opened.detect(await readGenoa(window, opened.info.bands));
    expect(expected.length).toBeGreaterThan(3);
    // At the threshold the last digits of a score decide.
    const margin = threshold + 0.001;
    const strangers = (a: readonly Detection[], b: readonly Detection[]): Detection[] =>
      a.filter(
        ({ score, boxPx }) =>
          score > margin &&
          !b.some((o) => furthest(o.boxPx, boxPx) < 0.5 && Math.abs(o.score - score) < 0.001),
      );
    expect(strangers(found, expected.map(asDetection))).toEqual([]);
    expect(strangers(expected.map(asDetection), found)).toEqual([]);
  });

  test("turns its answers with the picture", async () => {
    const weights = await readFile(new URL("ships-s2.onnx", model));
    const outputNames = ["heatmap", "size", "offset"];
    const session = await openOnnxSession(weights, { inputName: "input", outputNames }, "ships-s2");
    const planesOf = async (input: Float32Array) => {
      const outputs = await session.run(input, [1, 4, 64, 64]);
      return outputNames.map((name) => (outputs.get(name)?.data ?? new Float32Array()) as Float32Array);
    };
    const [heat, size, offset] = (await planesOf(made)).map((planes) => quarterTurn(planes, 32));
    const [heatOfTurned, sizeOfTurned, offsetOfTurned] = await planesOf(quarterTurn(made, 64));
    // Width becomes height; a vector (x, y) becomes (y, −x), and offsets are vectors from the middle of a cell.
    const swapped = (planes: Float32Array) => [...planes.subarray(1024), ...planes.subarray(0, 1024)];
    const expected = [
      [...heat!],
      swapped(size!),
      swapped(offset!).map((value, i) => (i < 1024 ? value : 1 - value)),
    ];
    const got = [heatOfTurned, sizeOfTurned, offsetOfTurned];
    for (const [k, tolerance] of [1e-5, 1e-3, 1e-4].entries()) {
      expect(got[k]).toHaveLength(expected[k]!.length);
      const worst = expected[k]!.reduce((most, value, i) => Math.max(most, Math.abs(value - got[k]![i]!)), 0);
      expect(worst, outputNames[k]).toBeLessThan(tolerance);
    }
    expect(Math.max(...heat!) - Math.min(...heat!)).toBeGreaterThan(1e-3);
  });

  /** The raster turned by a quarter, as `numpy.rot90` turns it: pixel (x, y) is (width − 1 − y, x) of the one before. */
  const turned = (raster: Raster): Raster => {
    const { width: height, height: width } = raster;
    const planes = raster.planes.map((plane) =>
      Uint16Array.from({ length: width * height }, (_, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        return plane[x * raster.width + raster.width - 1 - y] as number;
      }),
    );
    return { ...raster, width, height, planes };
  };
  const backFrom = ({ x0, y0, x1, y1 }: BoxPx, width: number): BoxPx => ({
    x0: width - y1,
    y0: x0,
    x1: width - y0,
    y1: x1,
  });

  test.each([
    ["ships-s2", 690, 714],
    ["ships-s2:steady", 690, 714],
    ["ships-s2:steady", 691, 713],
  ])(
    "%s finds the same ships in a scene of %i × %i that is turned by a quarter",
    async (name, width, height) => {
      await using opened = await openModel(name, { threads: 2, tileSizePx: 1024, threshold: 0.2 });
      const window = { x: 830, y: 60, width, height };
      const raster = await readGenoa(window, opened.info.bands);
      const whole = (one: Raster) => placedIn(one, { ...one, x: 0, y: 0 }, one);
      const [found = [], ofTurned = []] = await detectAll(opened, [whole(raster), whole(turned(raster))]);
      const boxes = ofTurned.map(({ boxPx }) => backFrom(boxPx, width));
      const again = found.filter(({ boxPx }) => boxes.some((box) => boxIou(box, boxPx) >= 0.9)).length;
      expect(found.length).toBeGreaterThan(5);
      expect(again / found.length).toBeGreaterThanOrEqual(0.95);
    },
  );

  test("tile by tile it finds what it finds in the whole scene at once", async () => {
    const { window, threshold, expected } = scene as (typeof golden.cases)[0];
    await using opened = await openModel("ships-s2", { threshold });
    const tiles = planTiles(window, opened.info.tile);
    const rasters = await Promise.all(tiles.map((t) => readGenoa(t.window, opened.info.bands)));
    const parts = await detectAll(opened, rasters);
    const { mergeIou } = opened.info;
    const found = mergeTileDetections(
      tiles.map((t, i) => ({ tile: t, detections: parts[i] ?? [] })),
      mergeIou,
    );
    const whole = mergeDetections(expected.map(asDetection), mergeIou);
    const shared = found.filter(({ boxPx }) => whole.some((w) => boxIou(w.boxPx, boxPx) > 0.5)).length;
    // Tiles end where the network would look further, so doubtful boxes may come and go.
    expect(whole.length).toBeGreaterThan(40);
    expect((2 * shared) / (found.length + whole.length)).toBeGreaterThan(0.9);
  });
});
