import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { openModel } from "../../../models/model.ts";
import { weightMemory, withFlips } from "../../../models/runtimes/weight-memory.ts";
import type { WeightFlips } from "../../../pipeline/detection/detector.ts";
import { modelError, toyFile, toyFolder, toyScene } from "../toys.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../golden/models/weights.json", import.meta.url), "utf8"),
) as Readonly<Record<string, { readonly bytes: number; readonly sha256: string; readonly turned: string }>>;

const weightsOf = (file: Uint8Array, { regions }: ReturnType<typeof weightMemory>): Buffer =>
  Buffer.concat(regions.map(({ offset, length }) => file.subarray(offset, offset + length)));
const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

it("finds the weights that the onnx package finds, and turns over those bits of them", async () => {
  for (const [name, { bytes, sha256: expected, turned }] of Object.entries(golden)) {
    const file = await readFile(toyFile(name.replace(/\.onnx$/, "")));
    const memory = weightMemory(file, name);
    expect(memory.bits, name).toBe(8 * bytes);
    expect(sha256(weightsOf(file, memory)), name).toBe(expected);
    const flips = Array.from({ length: Math.ceil(memory.bits / 1001) }, (_, i) => 1001 * i);
    const hit = withFlips(file, memory, flips);
    expect(sha256(weightsOf(hit, memory)), name).toBe(turned);
    expect(Buffer.compare(withFlips(hit, memory, flips), file), name).toBe(0);
  }
});

it("touches nothing but weights", async () => {
  const file = await readFile(toyFile("toy-yolo"));
  const memory = weightMemory(file, "toy");
  const hit = withFlips(
    file,
    memory,
    Array.from({ length: memory.bits }, (_, bit) => bit),
  );
  const blank = (data: Uint8Array): Buffer => {
    const copy = Buffer.from(data);
    for (const { offset, length } of memory.regions) copy.fill(0, offset, offset + length);
    return copy;
  };
  expect(blank(hit).equals(blank(file))).toBe(true);
  expect(() => withFlips(file, memory, [memory.bits])).toThrow(RangeError);
});

const scene = toyScene(64, 64, [[10, 20, 0.5]]);
/** Bit 22 of the first weight, 0.25 a pixel of four of the score: 0.375 then. */
const mantissa: WeightFlips = [22];
/** All bits of the exponent of the heatmap's bias, the 81st number: infinity. */
const infinite: WeightFlips = [23, 24, 25, 26, 27, 28, 29, 30].map((bit) => 32 * 80 + bit);

it("answers with the bits given turned over, and as made with none, in whatever order it is asked", async () => {
  await using folder = await toyFolder("toy-centre");
  await using model = await openModel(folder.path, { threads: 2 });
  expect(model.weightBits).toBe(8 * 340);
  const scores = async (flips?: WeightFlips) =>
    (await model.detect(scene, undefined, flips)).map((d) => d.score);
  const asked = [undefined, mantissa, [], mantissa, [0], undefined, mantissa, [1], [2], [3], mantissa];
  const all = await Promise.all(asked.map(scores));
  for (const [i, flips] of asked.entries()) {
    if (flips === undefined || flips.length === 0) expect(all[i]).toEqual([0.5]);
    else if (flips === mantissa) expect(all[i]).toEqual([0.5625]);
    else expect(all[i]?.[0]).toBeCloseTo(0.5, 6);
  }
});

it("says when its outputs are not numbers any more, and goes on with good weights", async () => {
  await using folder = await toyFolder("toy-centre");
  await using model = await openModel(folder.path, { threads: 1 });
  await expect(model.detect(scene, undefined, infinite)).rejects.toEqual(modelError(/./));
  expect(await model.detect(scene)).toHaveLength(1);
});
