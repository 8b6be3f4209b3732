import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillInput, type InputTile, paddedLength } from "../../models/tile-input.ts";
import { tileSlots } from "../../models/tile-slots.ts";

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
    });
  });

/** The definition: every place of the input shows the tile's nearest pixel. */
const valueAt = (tile: InputTile, channel: number, row: number, column: number): number => {
  const at = Math.min(row, tile.height - 1) * tile.width + Math.min(column, tile.width - 1);
  if (tile.valid?.[at] === 0) return tile.blank[channel] ?? Number.NaN;
  return (tile.gain[channel] ?? 0) * (tile.planes[channel]?.[at] ?? 0) + (tile.bias[channel] ?? 0);
};

describe("fillInput", () => {
  test.each(["NCHW", "NHWC"] as const)(
    "%s: scaled pixels, blanks where nothing was measured, edges repeated",
    (layout) => {
      fc.assert(
        fc.property(anyTile, fc.nat(5), fc.nat(5), (tile, right, below) => {
          const shape = { width: tile.width + right, height: tile.height + below, layout };
          const channels = tile.planes.length;
          const out = new Float32Array(channels * shape.width * shape.height).fill(Number.NaN);
          fillInput(tile, shape, out);
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
    expect(paddedLength(500, null, 16)).toBe(512);
    expect(paddedLength(512, null, 16)).toBe(512);
    expect(paddedLength(500, 640, 1)).toBe(640);
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
