import fc from "fast-check";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { encodeTile } from "../../../pipeline/product/lossless/lossless-tile.ts";
import { inlineTileCodec } from "../../../pipeline/product/tile-codec.ts";
import { intersectWindows, type Raster } from "../../../pipeline/raster/raster.ts";
import { placedIn } from "../../../pipeline/raster/placed.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";
import { openSpool } from "../../../pipeline/spool.ts";
import { bytes } from "../../../pipeline/units.ts";
import { ByteCache } from "../../../pipeline/byte-cache.ts";
import { ImageryProcessor, neighboursOf } from "../../../stations/centre/imagery-processor.ts";
import { pixelDetector, readerOf } from "../../fake-scene.ts";

const bands = ["B02", "B03"];

describe("neighboursOf", () => {
  it("names for each tile the cores that its window touches, and no others, and who needs whom in turn", () => {
    const side = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 20 }), fc.nat(), (width, height, sizePx, n) => {
        const plan = planTiles(
          { x: 0, y: 0, width, height },
          { sizePx: sizePx + 4, overlapPx: n % (sizePx + 1) },
        );
        const { needs, neededBy } = neighboursOf(plan);
        const brute = plan.map(({ window }) =>
          plan.flatMap(({ core, index }) => (intersectWindows(core, window) === null ? [] : [index])),
        );
        expect(needs).toEqual(brute);
        expect(neededBy).toEqual(
          plan.map(({ index }) => [...brute.keys()].filter((k) => brute[k]?.includes(index))),
        );
      }),
      { seed: 1, numRuns: 40 },
    );
  });
});

describe("ImageryProcessor", () => {
  it("shows the model the windows of the scene, pixel for pixel, each as soon as all of it is there", async () => {
    await using spool = await openSpool(tmpdir());
    const size = fc.integer({ min: 20, max: 70 });
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        fc.integer({ min: 0, max: 15 }),
        fc.nat(),
        async (width, height, overlapPx, n) => {
          const reader = readerOf({ id: `p${width}x${height}`, width, height });
          const plan = planTiles({ x: 0, y: 0, width, height }, { sizePx: 16, overlapPx });
          const detector = pixelDetector();
          // A cache for about three tiles: what is dropped is decoded again.
          const ports = {
            detector,
            codec: inlineTileCodec,
            spool,
            decoded: new ByteCache<Raster>(bytes(3 * 16 * 16 * 5)),
          };
          const processor = new ImageryProcessor("0", neighboursOf(plan), reader.scene.bands, ports);
          const order = plan.toSorted((a, b) => ((a.index * 7919 + n) % 101) - ((b.index * 7919 + n) % 101));
          const arrived = new Set<number>();
          const seen: number[] = [];
          for (const { index, core } of order) {
            const slot = await spool.write(encodeTile(await reader.readWindow(core, bands)));
            arrived.add(index);
            for (const ready of processor.arrive(index, { kind: "tile-lossless", slot })) {
              const { tile, from } = await processor.see(ready);
              expect(from.every((other) => arrived.has(other))).toBe(true);
              const pixels = await reader.readWindow(tile.window, bands);
              expect(detector.seen.at(-1)).toEqual(placedIn(reader.scene, tile.window, pixels));
              seen.push(ready);
            }
          }
          expect(seen.toSorted((a, b) => a - b)).toEqual([...plan.keys()]);
          expect(processor.leftOver()).toEqual([]);
        },
      ),
      { numRuns: 10, seed: 9 },
    );
  });

  it("sees what is left over with what there is, once", async () => {
    await using spool = await openSpool(tmpdir());
    const reader = readerOf({ id: "p", width: 48, height: 16 });
    const plan = planTiles({ x: 0, y: 0, width: 48, height: 16 }, { sizePx: 16, overlapPx: 4 });
    const detector = pixelDetector();
    const ports = { detector, codec: inlineTileCodec, spool, decoded: new ByteCache<Raster>(bytes(1e6)) };
    const processor = new ImageryProcessor("0", neighboursOf(plan), reader.scene.bands, ports);
    for (const index of [0, 1, 3]) {
      const { core } = plan[index] as (typeof plan)[number];
      const slot = await spool.write(encodeTile(await reader.readWindow(core, bands)));
      processor.arrive(index, { kind: "tile-lossless", slot });
    }
    expect(processor.leftOver()).toEqual([1, 3]);
    expect(processor.leftOver()).toEqual([]);
    const { from, tile } = await processor.see(1);
    expect(from).toEqual([0, 1]);
    const [window] = detector.seen;
    const missing = (plan[2]?.core.x ?? 0) - tile.window.x;
    expect(Array.from(window?.valid?.subarray(0, 16) ?? [])).toEqual(
      Array.from({ length: 16 }, (_, x) => (x < missing ? 1 : 0)),
    );
  });
});
