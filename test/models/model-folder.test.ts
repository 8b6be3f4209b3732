import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addModel, type AddRequest } from "../../models/model-folder.ts";
import { inspectModel } from "../../models/inspection.ts";
import { openModel } from "../../models/model.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import { modelError, toyFile, toyScene } from "./toys.ts";

const toy: AddRequest = {
  file: toyFile("toy-centre"),
  classes: ["ship"],
  bands: ["B02", "B03", "B04", "B08"],
  units: "reflectance",
  scale: 1,
  tileSizePx: 64,
  overlapPx: 16,
  multipleOfPx: 16,
  scoreThreshold: 0.2,
  headOptions: { strideCells: 2 },
};

describe("adding a model", () => {
  let parent = "";
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "swath-add-"));
  });
  afterEach(() => rm(parent, { recursive: true }));

  test("what was written opens and finds what the network finds", async () => {
    const { folder, card } = await addModel({ ...toy, name: "mine" }, parent);
    expect(folder).toBe(join(parent, "mine"));
    expect(card).toMatchObject({ head: { kind: "centre" }, precision: "fp32", opsPerPixel: (2 * 80) / 4 });
    expect(await readdir(folder)).toEqual(["model.json", "toy-centre.onnx"]);
    expect(await readFile(join(folder, card.file))).toEqual(await readFile(toy.file));
    await using model = await openModel(folder, { threads: 1 });
    expect(model.card).toEqual(card);
    expect(await model.detect(toyScene(64, 64, [[10, 20, 0.5]]))).toEqual([
      { classId: 0, score: 0.5, boxPx: { x0: 1, y0: 1, x1: 21, y1: 41 } },
    ]);
    expect((await inspectModel(folder)).missing).toEqual([]);
  });

  test("an Ultralytics export needs no word", async () => {
    const { card } = await addModel({ file: toyFile("toy-yolo"), headOptions: {} }, parent);
    expect(card).toMatchObject({
      name: "toy-yolo",
      licence: "CC0",
      classes: ["red boat", "captain's boat"],
      input: { colour: "RGB", scale: 1 / 255 },
      tile: { sizePx: 64, multipleOfPx: 1 },
    });
  });

  test.each<[string, Record<string, undefined>, RegExp]>([
    ["bands", { bands: undefined }, /does not say its bands: wanted --bands red,green,blue/],
    ["units", { units: undefined }, /wanted --units/],
    ["scale", { scale: undefined }, /wanted --scale/],
    ["classes", { classes: undefined }, /wanted --classes/],
    ["tile size", { tileSizePx: undefined }, /wanted --tile-size/],
  ])("asks for the %s that the file does not say", async (_, missing, message) => {
    await expect(addModel({ ...toy, ...(missing as Partial<AddRequest>) }, parent)).rejects.toThrow(
      expect.toSatisfy((e) => isSwathError(e, "config") && message.test(e.message), String(message)),
    );
    expect(await readdir(parent)).toEqual([]);
  });

  test.each([
    ["bands", { bands: ["red", "green", "blue"] }, /does not fit its 3 bands/],
    ["head", { head: "yolo" }, /the YOLO output for 1 classes/],
    ["classes", { classes: ["ship", "buoy"] }, /wanted \[1, 2, 32, 32\], got \[1, 1, 32, 32\]/],
    ["stride of the head", { headOptions: { strideCells: -1 } }, /head\.strideCells/],
    ["scaling", { mean: [0, 0] }, /input\.mean: 2 values for 4 bands/],
    ["name", { name: "../elsewhere" }, /name: only letters/],
    ["operators", { file: toyFile("toy-unknown") }, /unsupported operator/],
  ])("refuses %s that do not fit, and leaves nothing behind", async (_, changes, message) => {
    await expect(addModel({ ...toy, ...(changes as Partial<AddRequest>) }, parent)).rejects.toThrow(
      modelError(message),
    );
    expect(await readdir(parent)).toEqual([]);
  });

  test("never writes over a model", async () => {
    await addModel({ ...toy, name: "mine" }, parent);
    await writeFile(join(parent, "mine", "notes.txt"), "kept");
    await expect(addModel({ ...toy, name: "mine", classes: ["boat"] }, parent)).rejects.toThrow(
      /there already/,
    );
    expect(existsSync(join(parent, "mine", "notes.txt"))).toBe(true);
    expect(await readdir(parent)).toEqual(["mine"]);
  });
});
