import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { inspectModel } from "../../models/inspection.ts";
import { shippedModels } from "../../models/card/location.ts";
import { readOnnxFile } from "../../models/runtimes/onnx-file.ts";
import { packageRoot } from "../../pipeline/package.ts";

/** Every shipped file in integers, as `models/shipped/quantise.py` wrote it. */
const files: { readonly reference: string; readonly path: string }[] = [];
for (const name of await shippedModels()) {
  const { card } = await inspectModel(name);
  if (card === null || !("variants" in card)) continue;
  for (const [variant, { file, precision }] of Object.entries(card.variants)) {
    if (precision !== "int8") continue;
    files.push({ reference: `${name}:${variant}`, path: join(packageRoot, "models", "shipped", name, file) });
  }
}

const operatorsOf = async (path: string): Promise<(operator: string) => number> => {
  const { nodes } = readOnnxFile(new Uint8Array(await readFile(path)), path);
  return (operator) => nodes.filter((node) => node.operator === operator).length;
};

describe.each(files)("$reference", ({ path }) => {
  it("is computed in integers by the runtime: no convolution but the first and the heads stays in floats", async () => {
    const folder = await mkdtemp(join(tmpdir(), "swath-quantised-"));
    try {
      const optimised = join(folder, "optimised.onnx");
      const session = await InferenceSession.create(path, {
        optimizedModelFilePath: optimised,
        intraOpNumThreads: 1,
        logSeverityLevel: 4,
      });
      await session.release();
      const [written, run] = [await operatorsOf(path), await operatorsOf(optimised)];
      const [convolutions, sums] = [written("Conv"), written("Add")];
      expect(run("QLinearConv") + run("Conv")).toBe(convolutions);
      expect(run("Conv")).toBeLessThanOrEqual(4);
      expect(run("QLinearAdd")).toBe(sums);
      // What is left of rounding stands between integers and floats, not between integers.
      expect(run("QuantizeLinear") + run("DequantizeLinear")).toBeLessThanOrEqual(6);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
