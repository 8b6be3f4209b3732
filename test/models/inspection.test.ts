import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { inspectModel } from "../../models/inspection.ts";
import { modelError, toyFile, toyFolder } from "./toys.ts";

const foreign = fileURLToPath(new URL("../../../shared/datasets/models-foreign/", import.meta.url));
const absent = !existsSync(foreign);
const why = absent ? ` (skipped: no ${foreign})` : "";

describe("inspecting a model", () => {
  test("a file with metadata runs as it is", async () => {
    const { card, head, tile, file, missing, opsPerTile } = await inspectModel(toyFile("toy-yolo"));
    expect(card?.classes).toEqual(["red boat", "captain's boat"]);
    expect(head?.kind).toBe("yolo");
    expect(tile).toEqual({ width: 64, height: 64, source: "network" });
    // Two filters of 3 × 8 × 8 at 8 × 8 places, multiply and add.
    expect(opsPerTile).toBe(2 * 3 * 64 * 64 * 2);
    expect(file?.operators).toEqual([
      { operator: "Concat", count: 1 },
      { operator: "Conv", count: 1 },
      { operator: "Reshape", count: 1 },
    ]);
    expect(missing).toEqual([]);
  });

  test("a file without says what a card has to state", async () => {
    const { card, head, tile, missing } = await inspectModel(toyFile("toy-centre"));
    expect(card).toBeNull();
    expect(head?.kind).toBe("centre");
    expect(tile.source).toBe("assumed");
    for (const what of [
      /^bands: which 4/,
      /^units and scaling/,
      /^tile size/,
      /^classes: names for 1/,
      /^licence/,
    ]) {
      expect(
        missing.some((line) => what.test(line)),
        String(what),
      ).toBe(true);
    }
  });

  test("a card counts before the file's own words", async () => {
    await using folder = await toyFolder("toy-centre");
    const { card, head, missing } = await inspectModel(folder.path);
    expect(card?.name).toBe("toy-centre");
    expect(head).toEqual({ kind: "centre", why: "as its card states" });
    expect(missing).toEqual([]);
  });

  test("what is no model is said so", async () => {
    await expect(inspectModel(fileURLToPath(import.meta.url))).rejects.toThrow(
      modelError(/is no ONNX model/),
    );
    await expect(inspectModel("no-such-model")).rejects.toThrow(modelError(/got nothing of that name/));
  });
});

describe.skipIf(absent)(`inspecting files that others wrote${why}`, () => {
  test.each([
    // YOLOX's authors state 1.08 GFLOPs at 416², Ultralytics 8.7 at 640²; those count what has no weights as well.
    ["yolox_nano-coco_bigisland1729", "yolox", 1.08],
    ["yolov8n-coco-int8dyn_lamri", "yolo", 8.7],
    // By hand: 32·(3·9 + 8·9)·… is dominated by the first dense layer and the second convolution.
    ["shipsnet80-quantqdq_azizbelkhiria", "classify", 0.022],
  ])("%s: a %s head, %d Gop a tile", async (name, kind, gigaOps) => {
    const { head, opsPerTile } = await inspectModel(`${foreign}${name}.onnx`);
    expect(head?.kind).toBe(kind);
    expect(Math.abs(opsPerTile / 1e9 / gigaOps - 1)).toBeLessThan(0.05);
  });

  test("a file that cannot run is described all the same", async () => {
    const { file, missing } = await inspectModel(`${foreign}qonnx-unsupported-op.onnx`);
    expect(file?.operators[0]).toEqual({ operator: "onnx.brevitas:Quant", count: 100 });
    expect(missing[0]).toMatch(/unsupported operator.*onnx\.brevitas:Quant/);
  });
});
