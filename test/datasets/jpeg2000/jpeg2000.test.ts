import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRaster } from "../../../datasets/image/open-raster.ts";
import { crc32 } from "../geotiff-crc32.ts";

const golden = join(import.meta.dirname, "../../golden/jpeg2000");
const variants = JSON.parse(readFileSync(join(golden, "variants.json"), "utf8")) as {
  readonly files: Readonly<Record<string, Variant>>;
};

interface Variant {
  readonly size: readonly [number, number];
  readonly type: string;
  /** As GDAL orders it. */
  readonly transform: readonly [number, number, number, number, number, number] | null;
  readonly crs: string | null;
  readonly crc: readonly number[];
  readonly window: readonly [number, number, number, number];
  readonly windowCrc: readonly number[];
}

describe("JPEG 2000 as GDAL reads it", () => {
  it.each(Object.entries(variants.files))("%s", async (name, wanted) => {
    await using file = await openRaster(join(golden, "variants", name));
    expect([file.width, file.height]).toEqual(wanted.size);
    expect(file.sampleType).toBe(wanted.type);
    expect(file.compression).toBe("jpeg2000");
    expect(file.georeference?.crs ?? null).toBe(wanted.crs);
    if (wanted.transform !== null) {
      const [x, a, b, y, d, e] = wanted.transform;
      const ours = file.georeference!.transform;
      [a, b, x, d, e, y].forEach((value, i) => expect(ours[i]).toBeCloseTo(value, 9));
    }
    const bands = [...wanted.crc.keys()];
    const whole = await file.readWindow({ x: 0, y: 0, width: file.width, height: file.height }, bands);
    expect(whole.planes.map(crc32)).toEqual(wanted.crc);
    const [x, y, width, height] = wanted.window;
    const part = await file.readWindow({ x, y, width, height }, bands.toReversed());
    expect(part.planes.map(crc32)).toEqual(wanted.windowCrc.toReversed());
  });

  it("takes an opacity channel as the mask", async () => {
    await using file = await openRaster(join(golden, "variants/picture-alpha.jp2"));
    const { valid } = await file.readWindow({ x: 0, y: 0, width: 60, height: 40 }, [0, 1, 2]);
    expect([valid![0], valid![29], valid![30], valid![20 * 60]]).toEqual([0, 0, 1, 1]);
  });
});

describe("a JPEG 2000 file that is damaged", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "swath-jp2-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const damaged = async (change: (data: Buffer) => Buffer): Promise<string> => {
    const path = join(folder, "damaged.jp2");
    await writeFile(path, change(await readFile(join(golden, "variants/sentinel-2.jp2"))));
    return path;
  };
  const readAll = async (path: string, x: number, y: number): Promise<void> => {
    await using file = await openRaster(path);
    await file.readWindow({ x, y, width: 50, height: 50 }, [0]);
  };

  it("costs the tiles that are cut off, not the others", async () => {
    const path = await damaged((data) => data.subarray(0, data.length - 4000));
    await readAll(path, 0, 0);
    await expect(readAll(path, 150, 130)).rejects.toThrow(/block 1, 1 is corrupt/);
  });

  const patchedSize = (offset: number, value: number) => (data: Buffer) => {
    data.writeUInt32BE(value, data.indexOf(Buffer.from("ff4fff51", "hex")) + 2 + offset);
    return data;
  };

  it.each([
    ["a width of 2³¹", patchedSize(6, 2 ** 31), "image size is corrupt"],
    ["no width", patchedSize(6, 0), "image size is corrupt"],
    ["tiles of one pixel", patchedSize(22, 1), "wanted 400 tiles, got 4"],
    ["a box longer than the file", (data: Buffer) => data.fill(0x20, 36, 40), "codestream box"],
    ["nothing but its signature", (data: Buffer) => data.subarray(0, 12), "codestream box"],
  ])("%s is one clear line", async (_, change, message) => {
    const path = await damaged(change as (data: Buffer) => Buffer);
    const failure = expect(readAll(path, 0, 0)).rejects;
    await failure.toMatchObject({ tag: "raster" });
    await expect(readAll(path, 0, 0)).rejects.toThrow(message);
  });
});
