import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { isSwathError } from "../../pipeline/errors.ts";
import type { Band, Raster } from "../../pipeline/raster/raster.ts";
import type { SampleArray } from "../../pipeline/raster/samples.ts";

/** A network of `test/golden/models/toys.py`. */
export const toyFile = (name: string): string =>
  fileURLToPath(new URL(`../golden/models/${name}.onnx`, import.meta.url));

/** A card for `toy-centre.onnx`, as it stands in a file, with some fields changed. */
export const toyCard = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  schema: "swath-model/1",
  name: "toy-centre",
  version: "1",
  file: "toy-centre.onnx",
  sha256: "0".repeat(64),
  licence: "CC0-1.0",
  bands: ["B02", "B03", "B04", "B08"],
  units: "reflectance",
  input: { name: "input", mean: [0, 0, 0, 0], std: [1, 1, 1, 1] },
  tile: { sizePx: 64, overlapPx: 16, multipleOfPx: 16 },
  head: { kind: "centre", strideCells: 2, outputs: { heatmap: "heatmap", size: "size", offset: "offset" } },
  classes: ["ship"],
  thresholds: { score: 0.2, mergeIou: 0.3 },
  opsPerPixel: 2,
  ...changes,
});

/** A model folder with a toy network and its card, removed at the end. */
export const toyFolder = async (
  toy: string,
  changes: Record<string, unknown> = {},
): Promise<AsyncDisposable & { readonly path: string }> => {
  const path = await mkdtemp(join(tmpdir(), "swath-model-"));
  const bytes = await readFile(toyFile(toy));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await writeFile(join(path, `${toy}.onnx`), bytes);
  await writeFile(
    join(path, "model.json"),
    JSON.stringify(toyCard({ file: `${toy}.onnx`, sha256, ...changes })),
  );
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
};

const bandOf = (name: string, sampleType: "uint8" | "uint16"): Band => ({
  name,
  sampleType,
  scale: sampleType === "uint8" ? 1 : 1 / 1000,
  offset: 0,
  unit: sampleType === "uint8" ? "dn" : "reflectance",
  nodata: null,
});

export const rasterOf = (width: number, height: number, planes: readonly SampleArray[]): Raster => ({
  width,
  height,
  planes,
  bands: planes.map((p, i) => bandOf(`b${i + 1}`, p instanceof Uint8Array ? "uint8" : "uint16")),
  valid: null,
});

/**
 * Four bands in which the toy centre network sees 2 × 2 objects of score `score` (reflectance) and size 20 × 40 px with
 * their upper left corner at the even pixels given.
 */
export const toyScene = (
  width: number,
  height: number,
  objects: readonly (readonly [x: number, y: number, score: number])[],
): Raster => {
  const planes = [0, 2000, 4000, 0].map((value) => new Uint16Array(width * height).fill(value));
  for (const [x, y, score] of objects) {
    for (const at of [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1]) {
      (planes[0] as Uint16Array)[at] = Math.round(score * 1000);
    }
  }
  return rasterOf(width, height, planes);
};

/** Matches a `SwathError("model")` of one line. */
export const modelError = (match: RegExp): unknown =>
  expect.toSatisfy(
    (e) => isSwathError(e, "model") && match.test(e.message) && !e.message.includes("\n"),
    `SwathError(model), one line, ${match}`,
  );
