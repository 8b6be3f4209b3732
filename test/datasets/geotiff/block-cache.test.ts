import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blockOf } from "../../../datasets/geotiff/block.ts";
import {
  borrowBlock,
  giveBlockMemory,
  openBlockCache,
  takeBlockMemory,
} from "../../../datasets/geotiff/block-cache.ts";
import { writeGeoTiff } from "../../../datasets/geotiff/geotiff-writer.ts";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { instant } from "../../../pipeline/units.ts";

const side = 1100;
const folder = mkdtempSync(join(tmpdir(), "swath-block-cache-"));
const path = join(folder, "noise.tif");
const random = seeded(1, "block-cache");
const planes = [1, 2].map(() =>
  Uint16Array.from({ length: side * side }, () => Math.floor(random.uniform() * 3000)),
);

beforeAll(() =>
  writeGeoTiff(path, {
    width: side,
    height: side,
    planes,
    bandNames: ["red", "nir"],
    scale: 1e-4,
    nodata: 0,
    epsg: 32632,
    transform: [10, 0, 300_000, 0, -10, 5_000_000],
    acquiredAt: instant(0),
    software: "test",
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));

const shape = {
  width: 64,
  rows: 64,
  interleaved: 1,
  sampleType: "uint8",
  predictor: 1,
  littleEndian: true,
} as const;
const made = (value: number) => {
  const memory = takeBlockMemory(4096).fill(value);
  return { memory, block: Promise.resolve(blockOf(memory, shape)) };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("block memory", () => {
  it("is used again for a block of the same size, and other memory never", () => {
    const first = takeBlockMemory(5000);
    giveBlockMemory(first);
    expect(takeBlockMemory(4999).buffer).not.toBe(first.buffer);
    expect(takeBlockMemory(5000).buffer).toBe(first.buffer);
    const foreign = new Uint8Array(5000);
    giveBlockMemory(foreign);
    expect(takeBlockMemory(5000).buffer).not.toBe(foreign.buffer);
  });

  it("goes back when the cache dropped the block and the last reader is done, once", async () => {
    const cache = openBlockCache(4096);
    const one = made(1);
    const reading = borrowBlock(
      cache.get("a", 4096, () => one.block),
      ({ words }) => words[0],
    );
    const other = made(2);
    const second = borrowBlock(
      cache.get("b", 4096, () => other.block),
      ({ words }) => words[0],
    );
    expect(takeBlockMemory(4096).buffer).not.toBe(one.memory.buffer);
    expect(await reading).toBe(1);
    expect(await second).toBe(2);
    await settled();
    expect(takeBlockMemory(4096).buffer).toBe(one.memory.buffer);
    expect(takeBlockMemory(4096).buffer).not.toBe(one.memory.buffer);
    cache.clear();
    await settled();
    expect(takeBlockMemory(4096).buffer).toBe(other.memory.buffer);
  });
});

describe("windows read side by side from a cache that holds hardly anything", () => {
  it.each([1, 600_000, 1_200_000, 8_000_000])("are those of the file (%i bytes)", async (bytes) => {
    await using file = await openGeoTiff(path, { cache: openBlockCache(bytes) });
    const windows = Array.from({ length: 24 }, () => {
      const [x, y] = [Math.floor(random.uniform() * 900), Math.floor(random.uniform() * 900)];
      return { x, y, width: 1 + Math.floor(random.uniform() * 200), height: 200 };
    }).values();
    const read = async (): Promise<void> => {
      for (const window of windows) {
        const { planes: got } = await file.readWindow(window, [0, 1]);
        for (const [b, plane] of got.entries()) {
          const wanted = Uint16Array.from(plane, (_, i) => {
            const [column, row] = [i % window.width, Math.floor(i / window.width)];
            return planes[b]![(window.y + row) * side + window.x + column]!;
          });
          expect(Buffer.from(plane.buffer).equals(Buffer.from(wanted.buffer))).toBe(true);
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, read));
  });
});
