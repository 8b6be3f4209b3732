import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../../models/heads/band-maths.ts";
import { bandsFor } from "../../../models/card/bands.ts";
import { parseCard } from "../../../models/card/card.ts";
import { formulaDetector } from "../../../models/inference/formula-detector.ts";
import { inspectModel } from "../../../models/inspection.ts";
import { openModel, readModelCard } from "../../../models/model.ts";
import type { Band, Raster } from "../../../pipeline/raster/raster.ts";
import { modelError } from "../toys.ts";
import { bandsOfFormula, type Formula } from "../../../models/heads/formulas.ts";

/** Made by `test/golden/models/band-maths.py` with NumPy and SciPy. */
const golden = JSON.parse(
  readFileSync(new URL("../../golden/models/band-maths.json", import.meta.url), "utf8"),
) as {
  readonly width: number;
  readonly height: number;
  readonly cases: Record<
    Formula,
    {
      readonly a: readonly number[];
      readonly b: readonly number[];
      readonly valid: readonly number[];
      readonly minPixels: number;
      /** score, x0, y0, x1, y1. */
      readonly expected: readonly (readonly [number, number, number, number, number])[];
    }
  >;
};

const cardWith = (formula: string, changes: Record<string, unknown> = {}) => ({
  schema: "swath-model/1",
  name: "formula",
  version: "1",
  licence: "CC0-1.0",
  bands: bandsOfFormula(formula as Formula),
  units: "reflectance",
  tile: { sizePx: 64, overlapPx: 8 },
  head: { kind: "bandmaths", formula, minPixels: 2 },
  classes: ["thing"],
  thresholds: { score: 0, mergeIou: 0.5 },
  opsPerPixel: 10,
  ...changes,
});

const bandOf = (name: string, unit: Band["unit"] = "reflectance"): Band => ({
  name,
  sampleType: "uint16",
  scale: 1e-4,
  offset: 0,
  unit,
  nodata: null,
});

const rasterWith = (
  names: readonly string[],
  planes: readonly (readonly number[])[],
  valid: readonly number[] | null,
): Raster => ({
  width: golden.width,
  height: golden.height,
  bands: names.map((name) => bandOf(name)),
  planes: planes.map((plane) => Uint16Array.from(plane)),
  valid: valid && Uint8Array.from(valid),
});

describe("formulas against NumPy and SciPy", () => {
  test.each(Object.entries(golden.cases))("%s", async (formula, { a, b, valid, expected }) => {
    const card = parseCard(cardWith(formula), "test");
    if (card.head.kind !== "bandmaths") throw new Error("not a formula");
    const raster = rasterWith(card.bands, [a, b], valid);
    const found = await formulaDetector(card as never, "test").detect(raster);
    expect(expected.length).toBeGreaterThan(3);
    expect(found).toHaveLength(expected.length);
    for (const [score, x0, y0, x1, y1] of expected) {
      const match = found.find(
        ({ boxPx }) => boxPx.x0 === x0 && boxPx.y0 === y0 && boxPx.x1 === x1 && boxPx.y1 === y1,
      );
      expect(Math.abs((match?.score ?? Number.NaN) - score)).toBeLessThan(1e-5);
    }
  });
});

describe("formulas by hand", () => {
  const counts = (formula: Formula, a: number, b: number): boolean =>
    evaluate(formula, Float32Array.of(a), Float32Array.of(b), null).mask[0] === 1;

  test.each([
    // Typical reflectances: clear water, meadow, wet soil.
    ["ndwi", 0.06, 0.02, true],
    ["ndwi", 0.08, 0.4, false],
    ["ndwi", 0.1, 0.1, false],
    // Roofs are as bright in green as in the near infrared, and brighter in the short-wave infrared.
    ["mndwi", 0.06, 0.01, true],
    ["mndwi", 0.15, 0.25, false],
    // SWIR first: char, then vegetation.
    ["nbr", 0.2, 0.1, true],
    ["nbr", 0.1, 0.35, false],
    ["nbr", 0.2, 0.19, false],
    // ρ7, ρ5: a fire; bright sand; a ratio without radiance; radiance without a ratio.
    ["swir-hotspot", 0.9, 0.2, true],
    ["swir-hotspot", 0.55, 0.45, false],
    ["swir-hotspot", 0.4, 0.05, false],
    ["swir-hotspot", 1.2, 0.6, false],
  ] as const)("%s of %d and %d", (formula, a, b, wanted) => {
    expect(counts(formula, a, b)).toBe(wanted);
  });

  test("what is no measurement never counts", () => {
    for (const [a, b] of [
      [0, 0],
      [Number.NaN, 0.1],
      [Number.POSITIVE_INFINITY, 0.1],
      [0.1, -0.2],
    ] as const) {
      for (const formula of ["ndwi", "nbr", "swir-hotspot"] as const)
        expect(counts(formula, a, b)).toBe(false);
    }
    const { mask } = evaluate(
      "ndwi",
      Float32Array.of(0.2, 0.2),
      Float32Array.of(0.1, 0.1),
      Uint8Array.of(0, 1),
    );
    expect([...mask]).toEqual([0, 1]);
  });
});

describe("formulas that come with Swath", () => {
  test.each(["water", "burn", "hotspot"])("%s opens, and says what made a result", async (name) => {
    await using model = await openModel(name);
    expect(model.info).toMatchObject({ name, tile: { sizePx: 512 } });
    expect(model.info.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await inspectModel(name)).file).toBeNull();
    await expect(readModelCard(name)).rejects.toThrow(modelError(/wanted a network, got the formula/));
  });

  test("water finds the water, by Sentinel-2's names too", async () => {
    await using model = await openModel("water", { tileSizePx: 64, overlapPx: 8 });
    const scene = { id: "coast", bands: [bandOf("B08"), bandOf("B03")] };
    expect(bandsFor(model.info, scene)).toEqual(["B03", "B08"]);
    const [width, height] = [golden.width, golden.height];
    const sea = Array.from({ length: width * height }, (_, i) => (i % width < 12 ? 1 : 0));
    const green = sea.map((wet) => (wet ? 600 : 900));
    const nir = sea.map((wet) => (wet ? 150 : 3000));
    const found = await model.detect(rasterWith(["B03", "B08"], [green, nir], null));
    expect(found).toMatchObject([
      { classId: 0, score: Math.fround(0.8), boxPx: { x0: 0, y0: 0, x1: 12, y1: height } },
    ]);
  });

  test("refuses tiles that are no reflectance, and cards that do not fit the formula", async () => {
    await using model = await openModel("water");
    const raster = rasterWith(
      ["B03", "B08"],
      golden.cases.ndwi ? [golden.cases.ndwi.a, golden.cases.ndwi.b] : [],
      null,
    );
    const counts = { ...raster, bands: raster.bands.map(({ name }) => bandOf(name, "dn")) };
    await expect(model.detect(counts)).rejects.toThrow(modelError(/wanted reflectance, got dn/));
    expect(() => parseCard(cardWith("ndwi", { bands: ["green"] }), "test")).toThrow(
      modelError(/bands: 1 for the formula's 2 \(green, nir\)/),
    );
    expect(() => parseCard(cardWith("ndwi", { units: "dn" }), "test")).toThrow(
      modelError(/takes reflectance/),
    );
    expect(() =>
      parseCard(cardWith("ndwi", { head: { kind: "bandmaths", formula: "evi" } }), "test"),
    ).toThrow(modelError(/head\.formula/));
  });
});
