import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkCardSchema } from "../../../models/card/card-schema.ts";
import { inputTileOf } from "../../../models/inference/network-detector.ts";
import { fillInput, type InputTile } from "../../../models/inference/tile-input.ts";
import { type FitRules, intoTile, placeTile } from "../../../models/inference/tile-placement.ts";
import { rasterOf, toyCard } from "../toys.ts";
import { tileSlots } from "../../../models/inference/pool.ts";

const anyTile = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ width, height, channels }) => {
    const plane = fc.uint16Array({ minLength: width * height, maxLength: width * height });
    const mask = fc.uint8Array({ minLength: width * height, maxLength: width * height, max: 1 });
    const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: channels, maxLength: channels });
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      planes: fc.array(plane, { minLength: channels, maxLength: channels }),
      valid: fc.option(mask),
      gain: numbers,
      bias: numbers,
      blank: numbers,
      margin: numbers,
    });
  });

/** The definition: every place of the input shows the tile's nearest pixel. */
const valueAt = (tile: InputTile, channel: number, row: number, column: number): number => {
  const at = Math.min(row, tile.height - 1) * tile.width + Math.min(column, tile.width - 1);
  if (tile.valid?.[at] === 0) return tile.blank[channel] ?? Number.NaN;
  return (tile.gain[channel] ?? 0) * (tile.planes[channel]?.[at] ?? 0) + (tile.bias[channel] ?? 0);
};

/** No scaling, sides as given. */
const padTo = (fixed: FitRules["fixed"]): FitRules => ({
  fit: "pad",
  anchor: "centre",
  fixed,
  multipleOfPx: 1,
});

describe("fillInput", () => {
  test.each(["NCHW", "NHWC"] as const)(
    "%s: scaled pixels, blanks where nothing was measured, edges repeated",
    (layout) => {
      fc.assert(
        fc.property(anyTile, fc.nat(5), fc.nat(5), (tile, right, below) => {
          const shape = { width: tile.width + right, height: tile.height + below, layout };
          const channels = tile.planes.length;
          const out = new Float32Array(channels * shape.width * shape.height).fill(Number.NaN);
          fillInput(tile, placeTile(tile, padTo(shape)), layout, out);
          const wanted = out.map((_, i) => {
            const chunky = layout === "NHWC";
            const channel = chunky ? i % channels : Math.floor(i / (shape.width * shape.height));
            const pixel = chunky ? Math.floor(i / channels) : i % (shape.width * shape.height);
            return valueAt(tile, channel, Math.floor(pixel / shape.width), pixel % shape.width);
          });
          expect(out).toEqual(wanted);
        }),
      );
    },
  );

  test("sides grow to the network's own, or to its next multiple", () => {
    const inputOf = (side: number, fixed: number | null, multipleOfPx: number): number =>
      placeTile({ width: side, height: 16 }, { ...padTo({ width: fixed, height: 16 }), multipleOfPx }).inputPx
        .width;
    expect(inputOf(500, null, 16)).toBe(512);
    expect(inputOf(512, null, 16)).toBe(512);
    expect(inputOf(500, 640, 1)).toBe(640);
  });
});

/** Made by `test/golden/models/input.py`. */
interface GoldenInput {
  readonly tile: readonly [number, number];
  readonly size: readonly [number, number];
  readonly bands: readonly string[];
  readonly layout: "NCHW" | "NHWC";
  readonly pixelOrder: "layout" | "planar";
  readonly fit: "pad" | "letterbox";
  readonly anchor: "centre" | "corner";
  readonly dtype: "uint8" | "uint16";
  readonly placed: object;
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly expected: readonly number[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../golden/models/input.json", import.meta.url), "utf8"),
) as Readonly<Record<string, GoldenInput>>;

describe("inputs against OpenCV and NumPy", () => {
  test.each(Object.entries(golden))("%s", (_, { tile: [width, height], size, ...given }) => {
    const { bands, layout, pixelOrder, fit, anchor, dtype, samples, expected } = given;
    const card = networkCardSchema.parse({
      ...toyCard({ bands, units: dtype === "uint8" ? "uint8" : "dn" }),
      input: { name: "x", ...given, dtype: "float32" },
    });
    const typed = dtype === "uint8" ? Uint8Array : Uint16Array;
    const raster = rasterOf(
      width,
      height,
      bands.map((band) => typed.from(samples[band] ?? [])),
    );
    const sized = { ...card, tile: { ...card.tile, sizePx: Math.max(width, height) } };
    const fixed = { width: size[0], height: size[1] };
    const placement = placeTile(raster, { fit, anchor, fixed, multipleOfPx: 1 });
    expect(placement.tilePx).toEqual(given.placed);
    const out = new Float32Array(bands.length * size[0] * size[1]);
    fillInput(inputTileOf(raster, sized, "toy"), placement, pixelOrder === "planar" ? "NCHW" : layout, out);
    const largest = Math.max(1, ...expected.map(Math.abs));
    const apart = out.reduce((most, v, i) => Math.max(most, Math.abs(v - (expected[i] ?? Number.NaN))), 0);
    expect(out).toHaveLength(expected.length);
    expect(apart / largest).toBeLessThan(2e-6 + 1e-5 / largest);
  });
});

describe("letterbox", () => {
  test("what lies in the input comes back to where it was in the tile", () => {
    const side = fc.integer({ min: 1, max: 700 });
    const anchor = fc.constantFrom("centre" as const, "corner" as const);
    fc.assert(
      fc.property(side, side, side, side, anchor, (width, height, inputWidth, inputHeight, where) => {
        const fixed = { width: inputWidth, height: inputHeight };
        const placed = placeTile(
          { width, height },
          { fit: "letterbox", anchor: where, fixed, multipleOfPx: 1 },
        );
        const { x, y, width: w, height: h } = placed.tilePx;
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + w).toBeLessThanOrEqual(inputWidth);
        expect(y + h).toBeLessThanOrEqual(inputHeight);
        expect(w === inputWidth || h === inputHeight).toBe(true);
        const boxPx = { x0: x, y0: y, x1: x + w, y1: y + h };
        const outlinePx = [
          [x, y],
          [x + w, y],
          [x, y + h],
        ] as const;
        const back = intoTile({ classId: 0, score: 1, boxPx, outlinePx }, placed);
        expect(back.boxPx.x0).toBe(0);
        expect(back.boxPx.y0).toBe(0);
        expect(back.boxPx.x1).toBeCloseTo(width, 9);
        expect(back.boxPx.y1).toBeCloseTo(height, 9);
        expect(back.outlinePx?.[1]?.[0]).toBeCloseTo(width, 9);
      }),
    );
  });
});

describe("tileSlots", () => {
  test("a tile in shared memory equals the tile, also when memory is used again", () => {
    const slots = tileSlots();
    let job = 0;
    fc.assert(
      fc.property(fc.array(anyTile, { minLength: 1, maxLength: 4 }), (tiles) => {
        const held = tiles.map((tile) => ({ tile, job: (job += 1) }));
        const shared = held.map((h) => slots.share(h.job, h.tile));
        expect(shared).toEqual(tiles);
        for (const { planes } of shared) {
          for (const plane of planes) expect(plane.buffer).toBeInstanceOf(SharedArrayBuffer);
        }
        for (const h of held) slots.free(h.job);
      }),
    );
  });
});
