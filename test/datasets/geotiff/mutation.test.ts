import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RasterFile } from "../../../datasets/geotiff/raster-file.ts";
import { openRaster } from "../../../datasets/image/open-raster.ts";
import { isSwathError } from "../../../pipeline/errors.ts";

/** Small files of every codec, layout and byte order that the folder has. */
const names = [
  "float_nan.tif",
  "RGBA.uint16.tif",
  "sparse-20480-webp.tiff",
  "world.byte.tif",
  "corrupt_image.TIF",
  "alpha.tif",
  "cog_dateline.tif",
  "cogeo.tif",
  "corrupt.tif",
];
const root = join(import.meta.dirname, "../../../../shared/datasets/rasters");
const mutantCount = process.env["SWATH_LONG"] === undefined ? 300 : 3000;
const maxMilliseconds = 5000;
const maxResidentBytes = 1e9;

type Random = (below: number) => number;

/** Mulberry32, as whole numbers below a bound. */
const generator = (seed: number): Random => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

/** Numbers that break arithmetic: none, sign bits, all bits, powers of two. */
const cruel = [0, 1, 2, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

/** Where a mutant does most harm: the header, a field of a directory, anywhere. */
const pickPosition = (data: Buffer, random: Random): number => {
  const kind = random(10);
  if (kind < 2) return random(Math.min(16, data.length));
  if (kind < 8 && data.length > 16) {
    const first = data[0] === 0x49 ? data.readUInt32LE(4) : data.readUInt32BE(4);
    if (first < data.length) return Math.min(data.length - 1, first + random(260));
  }
  return random(data.length);
};

const mutate = (original: Buffer, other: Buffer, random: Random): Buffer => {
  const data = Buffer.from(original);
  const kind = random(10);
  if (kind === 0) return data.subarray(0, random(data.length));
  if (kind === 1) {
    const from = random(other.length);
    const length = Math.min(1 + random(4096), other.length - from);
    other.copy(data, pickPosition(data, random), from, from + length);
    return data;
  }
  for (let flips = 1 + random(4); flips > 0; flips--) {
    const at = pickPosition(data, random);
    if (kind < 6) data[at] = data[at]! ^ (1 << random(8));
    else if (at + 4 <= data.length) data.writeUInt32LE(cruel[random(cruel.length)]!, at);
  }
  return data;
};

const readSome = async (file: RasterFile): Promise<void> => {
  const size = { width: Math.min(200, file.width), height: Math.min(200, file.height) };
  const bands = [...file.bands.keys()].slice(0, 4);
  await file.readWindow({ x: 0, y: 0, ...size }, bands);
  await file.readWindow({ x: file.width - size.width, y: file.height - size.height, ...size }, bands);
  const coarse = file.overviews.at(-1);
  if (coarse === undefined) return;
  const whole = { x: 0, y: 0, width: Math.min(200, coarse.width), height: Math.min(200, coarse.height) };
  await file.readWindow(whole, bands, { overview: file.overviews.length - 1 });
};

describe.skipIf(!existsSync(root))(`${mutantCount} damaged rasters (needs ${root})`, () => {
  let folder = "";
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "swath-mutants-"));
    process.on("unhandledRejection", note);
  });
  afterAll(async () => {
    process.off("unhandledRejection", note);
    await rm(folder, { recursive: true });
  });

  it("end in pixels or in a tagged error, soon and within memory", async () => {
    const originals = await Promise.all(names.map((name) => readFile(join(root, name))));
    const path = join(folder, "mutant.tif");
    const outcomes = { read: 0, refused: 0 };
    let slowest = 0;
    let most = 0;
    for (let seed = 0; seed < mutantCount; seed++) {
      const random = generator(seed);
      const which = seed % originals.length;
      const mutant = mutate(originals[which]!, originals[random(originals.length)]!, random);
      await writeFile(path, mutant);
      const start = performance.now();
      try {
        await using file = await openRaster(path);
        await readSome(file);
        outcomes.read++;
      } catch (error) {
        if (!isSwathError(error, "raster")) {
          throw new Error(`mutant ${seed} of ${names[which]} ended in an untagged error`, { cause: error });
        }
        expect(error.message.split("\n"), `mutant ${seed}: one line`).toHaveLength(1);
        outcomes.refused++;
      }
      const milliseconds = performance.now() - start;
      slowest = Math.max(slowest, milliseconds);
      most = Math.max(most, process.memoryUsage.rss());
      expect(milliseconds, `mutant ${seed} of ${names[which]}`).toBeLessThan(maxMilliseconds);
      expect(most, `mutant ${seed} of ${names[which]}`).toBeLessThan(maxResidentBytes);
    }
    expect(rejections).toEqual([]);
    // Both must happen, or the mutations are too mild or too wild to mean anything.
    expect(outcomes.read).toBeGreaterThan(mutantCount / 10);
    expect(outcomes.refused).toBeGreaterThan(mutantCount / 10);
    console.log(
      `${mutantCount} mutants: ${outcomes.read} read, ${outcomes.refused} refused, slowest ${slowest.toFixed(0)} ms, ${(most / 1e6).toFixed(0)} MB`,
    );
  }, 300_000);
});
