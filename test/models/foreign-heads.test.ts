import { existsSync, readFileSync } from "node:fs";
import { detectAll } from "../detect-all.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { addModel, type AddRequest } from "../../models/model-folder.ts";
import { openModel } from "../../models/model.ts";
import type { Raster } from "../../pipeline/raster/raster.ts";
import { modelError, rasterOf } from "./toys.ts";

const datasets = fileURLToPath(new URL("../../../shared/datasets/", import.meta.url));
const absent = !existsSync(datasets);
const why = absent ? ` (skipped: no ${datasets})` : "";
const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../golden/models/${name}.json`, import.meta.url), "utf8")) as T;

/** Eight-bit bands of a square of a picture, red first or blue first. */
const readPicture = async (
  path: string,
  x: number,
  y: number,
  side: number,
  reversed = false,
): Promise<Raster> => {
  const image = sharp(path).extract({ left: x, top: y, width: side, height: side }).removeAlpha();
  const samples = await image.raw().toBuffer();
  const channels = reversed ? [2, 1, 0] : [0, 1, 2];
  const planes = channels.map((c) =>
    Uint8Array.from({ length: side * side }, (_, i) => samples[3 * i + c] ?? 0),
  );
  return rasterOf(side, side, planes);
};

/** A model folder made by `addModel`, removed at the end. */
const added = async (request: AddRequest): Promise<AsyncDisposable & { readonly folder: string }> => {
  const parent = await mkdtemp(join(tmpdir(), "swath-added-"));
  const remove = (): Promise<void> => rm(parent, { recursive: true });
  try {
    return { folder: (await addModel(request, parent)).folder, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

const yolox: AddRequest = {
  file: `${datasets}models-foreign/yolox_nano-coco_bigisland1729.onnx`,
  name: "yolox-nano",
  // COCO; the fifth is the aeroplane.
  classes: Array.from({ length: 80 }, (_, i) => (i === 4 ? "aeroplane" : `coco ${i}`)),
  bands: ["blue", "green", "red"],
  units: "uint8",
  scale: 1,
  scoreThreshold: 0.2,
  headOptions: {},
};

describe.skipIf(absent)(`YOLOX as others export it${why}`, () => {
  /** Made by `yolox-tile.py`: OpenCV runs the network, NumPy decodes the grid. */
  const { image, side, tiles } = golden<{
    readonly image: string;
    readonly side: number;
    readonly tiles: readonly {
      readonly x: number;
      readonly y: number;
      readonly expected: readonly (readonly [number, number, number, number, number, number])[];
    }[];
  }>("yolox-tile");

  test("the same boxes as OpenCV and NumPy, among them aircraft", async () => {
    await using model = await added(yolox);
    await using detector = await openModel(model.folder, { threads: 2 });
    const path = `${datasets}airbus-aircraft/images/${image}`;
    const rasters = await Promise.all(tiles.map(({ x, y }) => readPicture(path, x, y, side, true)));
    const found = await detectAll(detector, rasters);
    let aircraft = 0;
    tiles.forEach(({ x, y, expected }, i) => {
      expect(found[i], `tile ${x}, ${y}`).toHaveLength(expected.length);
      for (const [classId, score, ...box] of expected) {
        const match = found[i]?.find(
          ({ classId: c, boxPx: { x0, y0, x1, y1 } }) =>
            c === classId && [x0, y0, x1, y1].every((v, k) => Math.abs(v - (box[k] ?? Number.NaN)) < 0.5),
        );
        expect(Math.abs((match?.score ?? Number.NaN) - score), `${x}, ${y}: ${box.join(", ")}`).toBeLessThan(
          1e-3,
        );
        if (classId === 4) aircraft += 1;
      }
    });
    expect(aircraft).toBeGreaterThanOrEqual(8);
  });

  test("refuses classes that are not as many as the network's", async () => {
    await expect(added({ ...yolox, classes: ["ship"] })).rejects.toThrow(
      modelError(/no head fits .* wanted a table for 1 class, got output \[1, 3549, 85\]/),
    );
  });
});

describe.skipIf(absent)(`ShipsNet, trained on planes reshaped${why}`, () => {
  const request: AddRequest = {
    file: `${datasets}models-foreign/shipsnet80-quantqdq_azizbelkhiria.onnx`,
    name: "shipsnet",
    classes: ["ship"],
    bands: ["red", "green", "blue"],
    units: "uint8",
    scale: 1 / 255,
    scoreThreshold: 0,
    headOptions: { background: 0 },
  };

  /** Made by `shipsnet.py`: each operator written out in PyTorch. */
  const windows = golden<
    readonly {
      readonly image: string;
      readonly x: number;
      readonly y: number;
      readonly ship: boolean;
      readonly planar: number;
      readonly layout: number;
    }[]
  >("shipsnet");

  const scoresOf = async (
    pixelOrder: "planar" | "layout",
    quantised: "integer" | "float" = "integer",
  ): Promise<readonly number[]> => {
    await using model = await added({ ...request, pixelOrder, quantised });
    await using detector = await openModel(model.folder, { threads: 2 });
    const rasters = await Promise.all(
      windows.map(({ image, x, y }) => readPicture(`${datasets}planetscope-ships/${image}`, x, y, 80)),
    );
    const found = await detectAll(detector, rasters);
    for (const [one] of found) expect(one?.boxPx).toEqual({ x0: 0, y0: 0, x1: 80, y1: 80 });
    return found.map(([one]) => one?.score ?? Number.NaN);
  };

  test.each(["planar", "layout"] as const)(
    "pixel order %s: the scores of an independent evaluation",
    async (order) => {
      const scores = await scoresOf(order);
      // By default the runtime fuses each operator with the quantisation round it and computes in integers, rounding where the
      // file does not; the network's last numbers are so coarse (0.228) that a step there moves a score by up to 0.1.
      const apart = windows.map((window, i) => Math.abs((scores[i] ?? Number.NaN) - window[order]));
      expect(apart.filter((d) => d < 1e-3).length / windows.length).toBeGreaterThan(0.5);
      expect(Math.max(...apart)).toBeLessThan(0.2);
    },
  );

  test("computed in floats, operator by operator, they are the scores that the file says", async () => {
    const scores = await scoresOf("planar", "float");
    windows.forEach(({ planar }, i) => {
      expect(Math.abs((scores[i] ?? Number.NaN) - planar)).toBeLessThan(1e-4);
    });
  });

  test("the order that the shape suggests is the wrong one: ships where there are none", () => {
    const falseAlarms = (order: "planar" | "layout"): number =>
      windows.filter((window) => !window.ship && window[order] >= 0.5).length;
    expect(falseAlarms("layout")).toBeGreaterThan(2 * falseAlarms("planar"));
  });
});
