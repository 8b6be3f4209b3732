import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDevice } from "../../pipeline/detection/device.ts";
import { type Model, openModel, readModelCard } from "../../models/model.ts";
import { modelError, rasterOf, toyFile, toyFolder, toyScene } from "./toys.ts";

describe("bad input", () => {
  const opened = async (toy: string, changes: Record<string, unknown> = {}): Promise<Model> => {
    await using folder = await toyFolder(toy, changes);
    return await openModel(folder.path, { threads: 1 });
  };

  test.each([
    ["an operator that no runtime has", "toy-unknown", {}, /unsupported operator: got \S*Frobnicate/],
    [
      "an operator set that came later",
      "toy-newer",
      {},
      /operator set .*wanted ai\.onnx \d+ or older, got 99/,
    ],
    [
      "colours in another order than the bands'",
      "toy-centre",
      {
        bands: ["red", "green", "blue"],
        input: { name: "input", colour: "BGR", mean: [0, 0, 0], std: [1, 1, 1] },
      },
      /input\.colour: BGR, where bands are red, green, blue/,
    ],
    [
      "a letterbox for a network of any size",
      "toy-centre",
      { input: { name: "input", fit: "letterbox", mean: [0, 0, 0, 0], std: [1, 1, 1, 1] } },
      /input\.fit .*wanted pad, got letterbox/,
    ],
    [
      "another file than the card's",
      "toy-centre",
      { sha256: "a".repeat(64) },
      /not the one that its card describes.*wanted sha256 aaaa/,
    ],
    [
      "more bands than the network has channels",
      "toy-centre",
      {
        bands: ["B02", "B03", "B04", "B08", "B11"],
        input: { name: "input", mean: [0, 0, 0, 0, 0], std: [1, 1, 1, 1, 1] },
      },
      /does not fit its 5 bands: wanted \[1, 5, height, width\], got \[n, 4, h, w\]/,
    ],
    [
      "an input that the network does not have",
      "toy-centre",
      { input: { name: "x", mean: [0, 0, 0, 0], std: [1, 1, 1, 1] } },
      /inputs of model "toy-centre": wanted "x" alone, got input/,
    ],
    [
      "an output that the network does not have",
      "toy-centre",
      {
        head: {
          kind: "centre",
          strideCells: 2,
          outputs: { heatmap: "heat?", size: "size", offset: "offset" },
        },
      },
      /wanted "heat\?", got heatmap, size, offset/,
    ],
    [
      "a mean for each of three bands only",
      "toy-centre",
      { input: { name: "input", mean: [0, 0, 0], std: [1, 1, 1, 1] } },
      /input\.mean: 3 values for 4 bands/,
    ],
    ["a head of an unknown kind", "toy-centre", { head: { kind: "magic" } }, /model card .*head/],
    [
      "weights outside the folder",
      "toy-centre",
      { file: "../../etc/passwd" },
      /file: a file beside the card/,
    ],
  ])("%s", async (_, toy, changes, message) => {
    await expect(opened(toy, changes)).rejects.toThrow(modelError(message));
  });

  test("a network whose answers are not numbers", async () => {
    await using model = await opened("toy-nan");
    const scene = toyScene(64, 64, []);
    const bands = scene.bands.map((band) => ({ ...band, offset: -1 }));
    await expect(model.detect({ ...scene, bands })).rejects.toThrow(
      modelError(/"heatmap": wanted finite numbers, got NaN/),
    );
  });

  test("tiles that do not fit", async () => {
    await using model = await opened("toy-centre");
    const good = toyScene(64, 64, [[10, 20, 0.5]]);
    const three = rasterOf(64, 64, good.planes.slice(0, 3));
    const raw = { ...good, bands: good.bands.map((band) => ({ ...band, unit: "dn" as const })) };
    await expect(model.detect(three)).rejects.toThrow(
      modelError(/wanted 4 bands \(B02, B03, B04, B08\), got 3 \(b1, b2, b3\)/),
    );
    await expect(model.detect(toyScene(80, 64, []))).rejects.toThrow(
      modelError(/at most 64 × 64 pixels, got 80 × 64/),
    );
    await expect(model.detect({ ...good, width: 32 })).rejects.toThrow(modelError(/planes of 32 × 64/));
    await expect(model.detect(raw)).rejects.toThrow(
      modelError(/wanted reflectance, got dn.*scale and offset/),
    );
    // And the model goes on.
    expect(await model.detect(good)).toHaveLength(1);
  });

  test.each([
    [
      ["cuda"],
      /cannot run model "toy-centre" on cuda: got Failed to load.*CUDA 12|operators that cuda lacks/,
    ],
    [
      ["coreml"],
      /device for model "toy-centre": wanted one that ONNX Runtime has on \w+ \w+: cpu.*, got coreml/,
    ],
    [["cpu", "dml"], /wanted one that ONNX Runtime has.*got dml/],
  ] as const)(
    "device %s where it is absent: one line, and never the CPU instead",
    async (device, message) => {
      await using folder = await toyFolder("toy-centre");
      // A machine that has the device proves nothing of its absence.
      const opened = openModel(folder.path, { threads: 1, device }).then(async (model) => {
        await model[Symbol.asyncDispose]();
        throw new Error("the device is there");
      });
      const error: unknown = await opened.catch((one: unknown) => one);
      if ((error as Error).message === "the device is there") return;
      expect(error).toEqual(modelError(message));
    },
  );

  test("a formula has no device, and --device names what there is", async () => {
    await expect(openModel("water", { device: ["cuda"] })).rejects.toThrow(
      /wanted cpu, where a formula runs/,
    );
    expect(parseDevice("CUDA, cpu")).toEqual(["cuda", "cpu"]);
    expect(() => parseDevice("tpu")).toThrow(/--device: wanted cpu, cuda.*got "tpu"/);
    expect(() => parseDevice("cpu,cpu")).toThrow(/got "cpu,cpu"/);
  });

  test("a file cut off anywhere is refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "swath-model-"));
    try {
      const whole = await readFile(toyFile("toy-yolo"));
      const path = join(folder, "cut.onnx");
      for (let length = 0; length < whole.length; length += 211) {
        await writeFile(path, whole.subarray(0, length));
        await expect(readModelCard(path)).rejects.toThrow(modelError(/cut\.onnx/));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("a model that is not there, a card that is no JSON, a folder without a card", async () => {
    await expect(openModel("no-such-model")).rejects.toThrow(
      modelError(/"no-such-model".*got nothing of that name/),
    );
    await expect(openModel(tmpdir())).rejects.toThrow(modelError(/got a folder without model\.json/));
    const folder = await mkdtemp(join(tmpdir(), "swath-model-"));
    await copyFile(toyFile("toy-yolo"), join(folder, basename(toyFile("toy-yolo"))));
    await writeFile(join(folder, "model.json"), "{");
    await expect(openModel(folder)).rejects.toThrow(modelError(/cannot read model card/));
    await rm(folder, { recursive: true });
  });
});
