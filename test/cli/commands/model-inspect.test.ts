import { describe, expect, test } from "vitest";
import { inspectionText } from "../../../cli/commands/model-inspect.ts";
import { inspectModel } from "../../../models/inspection.ts";
import { toyFile } from "../../models/toys.ts";

describe("what `swath model inspect` prints", () => {
  test("of a file that runs as it is", async () => {
    const text = inspectionText(await inspectModel(toyFile("toy-yolo")), "boats.onnx");
    expect(text.split("\n")).toEqual([
      "toy-yolo.onnx",
      expect.stringMatching(/^file {8}[\d.]+ kB, sha256 [0-9a-f]{16}…$/),
      "producer    toys.py",
      "opset       ai.onnx 11",
      "inputs      images float32 [1, 3, 64, 64]",
      "outputs     output0 float32 [1, 6, 64]",
      "parameters  643",
      "operators   Concat 1, Conv 1, Reshape 1",
      "operations  12 a pixel, 49.2 kop a tile of 64 × 64 (fixed by the network)",
      expect.stringMatching(
        /^card {8}from the file's own metadata: toy-yolo [0-9a-f]{12}, red green blue in uint8, red boat, captain's boat$/,
      ),
      'head        yolo: output "output0" [1, 6, 64]: v8 or v11, 4 + 2 values an anchor',
      "missing     nothing: it runs as it is",
      "next        swath model check boats.onnx DATASET",
      "",
    ]);
  });

  test("of a file that needs a card", async () => {
    const text = inspectionText(await inspectModel(toyFile("toy-centre")), "net.onnx");
    expect(text).toContain("card        none\nhead        centre: outputs");
    expect(text).toContain(
      "missing     bands: which 4 bands the channels are, in order\n            units and scaling",
    );
    // Of four bands nobody knows which they are; the size is free.
    expect(text).toContain(
      "next        swath model add net.onnx --bands … --units uint8|reflectance|dn --scale … --classes … --tile-size … --out",
    );
  });

  test("of a file that nothing can run, no next step", async () => {
    const text = inspectionText(await inspectModel(toyFile("toy-silent")), "x.onnx");
    expect(text).toContain("swath model add x.onnx --bands red,green,blue");
    const foreign = { ...(await inspectModel(toyFile("toy-silent"))), isUsable: false };
    expect(inspectionText(foreign, "x.onnx")).not.toContain("next");
  });
});
