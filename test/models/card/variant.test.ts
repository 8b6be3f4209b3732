import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseModelCard } from "../../../models/card/card.ts";
import { locateModel } from "../../../models/card/location.ts";
import { cardOfFile, cardOfVariant, parseReference } from "../../../models/card/variant.ts";

const sha = (digit: string): string => digit.repeat(64);
const card = parseModelCard(
  {
    schema: "swath-model/1",
    name: "toy",
    version: "1",
    licence: "MIT",
    file: "toy.onnx",
    sha256: sha("a"),
    bands: ["red"],
    units: "reflectance",
    input: { name: "x", mean: [0], std: [1] },
    tile: { sizePx: 64, overlapPx: 0 },
    head: { kind: "segment" },
    classes: ["cloud"],
    thresholds: { score: 0.5, mergeIou: 0.3 },
    opsPerPixel: 10,
    quality: { ap50: 0.6 },
    variants: {
      int8: { file: "toy-int8.onnx", sha256: sha("b"), precision: "int8", thresholds: { score: 0.4 } },
    },
  },
  "toy",
);

describe("cardOfVariant", () => {
  it("is the card with what the variant says, and a name of its own", () => {
    const small = cardOfVariant(card, "int8");
    expect(small).toMatchObject({
      name: "toy:int8",
      file: "toy-int8.onnx",
      sha256: sha("b"),
      precision: "int8",
      thresholds: { score: 0.4, mergeIou: 0.3 },
      opsPerPixel: 10,
    });
    expect(cardOfVariant(card, null)).toBe(card);
  });

  it("says which there are", () => {
    expect(() => cardOfVariant(card, "int4")).toThrow(/no variant "int4": wanted toy or toy:int8/);
  });
});

describe("cardOfFile", () => {
  it("finds the variant that a file is of", () => {
    expect(cardOfFile(card, "toy.onnx")).toBe(card);
    expect(cardOfFile(card, "toy-int8.onnx")).toEqual(cardOfVariant(card, "int8"));
    expect(cardOfFile(card, "other.onnx")).toBeNull();
  });
});

describe("parseReference", () => {
  it.each([
    ["ships-s2", "ships-s2", null],
    ["ships-s2:int8", "ships-s2", "int8"],
    ["./models/mine:int8", "./models/mine", "int8"],
    ["C:\\models\\mine", "C:\\models\\mine", null],
    [":int8", ":int8", null],
  ])("%s", (reference, model, variant) => {
    expect(parseReference(reference)).toEqual({ model, variant });
  });

  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "swath-variant-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("takes a path that exists as it is", async () => {
    const odd = join(folder, "a:b");
    await writeFile(odd, "");
    expect(parseReference(odd)).toEqual({ model: odd, variant: null });
    expect(await locateModel(odd)).toMatchObject({ weightsPath: odd, variant: null });
  });
});
