import { existsSync, readFileSync } from "node:fs";
import { detectAll } from "../detect-all.ts";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { bandsFor } from "../../models/card/bands.ts";
import { openModel, readModelCard } from "../../models/model.ts";
import { boxIou, type BoxPx } from "../../pipeline/detection/box.ts";
import { mergeTileDetections } from "../../pipeline/detection/merge.ts";
import type { PixelWindow, Raster } from "../../pipeline/raster/raster.ts";
import { planTiles } from "../../pipeline/raster/tile-plan.ts";
import { modelError, rasterOf } from "./toys.ts";

const datasets = fileURLToPath(new URL("../../../shared/datasets/", import.meta.url));
const absent = !existsSync(datasets);
const why = absent ? ` (skipped: no ${datasets})` : "";
const modelPath = (name: string): string => `${datasets}models-foreign/${name}.onnx`;
const yolov8 = modelPath("yolov8n-coco-int8dyn_lamri");
const aircraft = `${datasets}airbus-aircraft/`;
const AIRPLANE = 4;

const readPicture = async (name: string, window: PixelWindow): Promise<Raster> => {
  const { x, y, width, height } = window;
  const image = sharp(`${aircraft}images/${name}`).extract({ left: x, top: y, width, height }).removeAlpha();
  const samples = await image.raw().toBuffer();
  const planes = [0, 1, 2].map((c) =>
    Uint8Array.from({ length: width * height }, (_, i) => samples[3 * i + c] ?? 0),
  );
  return rasterOf(width, height, planes);
};

/** Outlines of the labels of one image. */
const labelsOf = (name: string): BoxPx[] =>
  readFileSync(`${aircraft}annotations.csv`, "utf8")
    .split("\n")
    .filter((line) => line.includes(name))
    .map((line) => {
      const points = [...line.matchAll(/\((\d+), (\d+)\)/g)].map(
        ([, x, y]) => [Number(x), Number(y)] as const,
      );
      const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
      return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
    });

describe.skipIf(absent)(`a bare YOLOv8 export${why}`, () => {
  /** Made by `test/golden/models/yolov8-tile.py`: the same network evaluated operator by operator in PyTorch. */
  const golden = JSON.parse(
    readFileSync(new URL("../golden/models/yolov8-tile.json", import.meta.url), "utf8"),
  ) as {
    readonly image: string;
    readonly x: number;
    readonly y: number;
    readonly side: number;
    readonly threshold: number;
    readonly expected: readonly (readonly [number, number, number, number, number, number])[];
  };

  test("says what it is", async () => {
    const card = await readModelCard(yolov8);
    expect(card).toMatchObject({
      units: "uint8",
      precision: "int8",
      tile: { sizePx: 640 },
      licence: /AGPL-3.0/,
    });
    expect(card.classes).toHaveLength(80);
    expect(card.classes[AIRPLANE]).toBe("airplane");
    // Ultralytics states 8.7 GFLOPs at 640² and 3.2 M parameters.
    expect((card.opsPerPixel * 640 * 640) / 1e9).toBeCloseTo(8.7, 0);
    expect((card.parameters ?? 0) / 1e6).toBeCloseTo(3.2, 1);
  });

  test("finds what an independent evaluation of it finds", async () => {
    const { image, x, y, side, threshold, expected } = golden;
    await using model = await openModel(yolov8, { threads: 1, threshold });
    const found = await model.detect(await readPicture(image, { x, y, width: side, height: side }));
    // Activations are quantised on the way, by ranges measured there: a last bit that differs moves a whole step of it.
    const tolerance = { score: 0.03, px: 3 };
    expect(found).toHaveLength(expected.length);
    for (const [classId, score, ...box] of expected) {
      const match = found.find(
        ({ classId: c, boxPx: { x0, y0, x1, y1 } }) =>
          c === classId &&
          [x0, y0, x1, y1].every((v, i) => Math.abs(v - (box[i] ?? Number.NaN)) < tolerance.px),
      );
      expect(Math.abs((match?.score ?? Number.NaN) - score), box.join(", ")).toBeLessThan(tolerance.score);
    }
  });

  test("finds aircraft, each once, in a scene of many tiles", async () => {
    const side = 2560;
    const labels = labelsOf(golden.image);
    expect(labels).toHaveLength(28);
    await using model = await openModel(yolov8, { threshold: 0.1 });
    const tiles = planTiles({ x: 0, y: 0, width: side, height: side }, model.info.tile);
    const rasters = await Promise.all(tiles.map(({ window }) => readPicture(golden.image, window)));
    expect(bandsFor(model.info, { id: "x", bands: rasters[0]?.bands ?? [] })).toEqual(["b1", "b2", "b3"]);
    const parts = await detectAll(model, rasters);
    const merged = mergeTileDetections(
      tiles.map((tile, i) => ({ tile, detections: parts[i] ?? [] })),
      model.info.mergeIou,
    ).filter(({ classId }) => classId === AIRPLANE);
    const hits = labels.map((label) => merged.filter(({ boxPx }) => boxIou(boxPx, label) > 0.5).length);
    // The network learnt aircraft from the side; 19 of 28 was measured.
    expect(hits.filter((n) => n > 0).length).toBeGreaterThanOrEqual(16);
    expect(hits.filter((n) => n > 1).length).toBe(0);
  });
});

describe.skipIf(absent)(`models that cannot be used${why}`, () => {
  test.each([
    [
      "qonnx-unsupported-op",
      /unsupported operator.*got onnx\.brevitas:Quant; export it with standard operators/,
    ],
    ["yolox_nano-coco_bigisland1729", /does not say how it is used.*model\.json/],
    ["shipsnet80-quantqdq_azizbelkhiria", /does not say how it is used.*model\.json/],
  ])("%s", async (name, message) => {
    await expect(openModel(modelPath(name))).rejects.toThrow(modelError(message));
  });

  test("a scene whose bands are not those of the model", async () => {
    const card = await readModelCard(yolov8);
    const bands = rasterOf(
      1,
      1,
      [0, 1].map(() => new Uint16Array(1)),
    ).bands;
    expect(() => bandsFor(card, { id: "genoa", bands })).toThrow(
      modelError(/wanted 3 bands \(red, green, blue\), got 2 \(b1, b2\)/),
    );
  });

  test("a file of a few megabytes, cut off", async () => {
    const { readOnnxFile } = await import("../../models/runtimes/onnx-file.ts");
    const whole = await readFile(yolov8);
    for (const share of [0.1, 0.5, 0.99, 0.9999]) {
      const part = whole.subarray(0, Math.floor(whole.length * share));
      expect(() => readOnnxFile(part, "cut.onnx")).toThrow(
        modelError(/cut\.onnx is no ONNX model, or not all of it/),
      );
    }
  });
});
