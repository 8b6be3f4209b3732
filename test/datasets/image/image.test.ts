import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRaster } from "../../../datasets/image/open-raster.ts";
import { placeOf } from "../../../datasets/crs/place-files.ts";
import { parseWorldFile } from "../../../datasets/crs/world-file.ts";

const width = 31;
const height = 23;
const sampleAt = (band: number, x: number, y: number): number => (x * 5 + y * 3 + band * 40) % 256;

const picture = (channels: 3 | 4) =>
  sharp(
    Uint8Array.from({ length: width * height * channels }, (_, i) => {
      const pixel = Math.floor(i / channels);
      return sampleAt(i % channels, pixel % width, Math.floor(pixel / width));
    }),
    { raw: { width, height, channels } },
  );

describe("pictures", () => {
  let folder = "";
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "swath-image-"))));
  afterAll(() => rm(folder, { recursive: true }));

  it.each(["rgb.png", "rgba.png", "rgb.webp", "named-like-a-jpeg.jpg"])(
    "reads windows of %s",
    async (name) => {
      const path = join(folder, name);
      const channels = name.startsWith("rgba") ? 4 : 3;
      const encoded = name.endsWith("webp")
        ? picture(channels).webp({ lossless: true })
        : picture(channels).png();
      await writeFile(path, await encoded.toBuffer());
      await using file = await openRaster(path);
      expect([file.width, file.height, file.bands.length, file.sampleType]).toEqual([
        width,
        height,
        channels,
        "uint8",
      ]);
      expect(file.georeference).toBeNull();
      const { planes, valid } = await file.readWindow({ x: 4, y: 6, width: 20, height: 11 }, [2, 0]);
      const expected = (band: number) =>
        Array.from({ length: 220 }, (_, i) => sampleAt(band, 4 + (i % 20), 6 + Math.floor(i / 20)));
      expect(planes.map((plane) => Array.from(plane))).toEqual([expected(2), expected(0)]);
      const transparent = channels === 4 && expected(3).includes(0);
      expect(valid === null).toBe(!transparent);
      if (transparent) expect(Array.from(valid!)).toEqual(expected(3).map((alpha) => (alpha === 0 ? 0 : 1)));
    },
  );

  it("keeps 16 bits", async () => {
    const path = join(folder, "deep.png");
    const samples = Uint16Array.from({ length: width * height }, (_, i) => (i * 257 + 3) % 65_536);
    const grey = sharp(samples, { raw: { width, height, channels: 1 } }).toColourspace("grey16");
    await writeFile(path, await grey.png().toBuffer());
    await using file = await openRaster(path);
    expect([file.sampleType, file.bands.length]).toEqual(["uint16", 1]);
    const { planes } = await file.readWindow({ x: 0, y: 0, width, height }, [0]);
    expect(planes[0]).toEqual(samples);
  });

  it("is placed by a world file and a projection file", async () => {
    const path = join(folder, "placed.png");
    await writeFile(path, await picture(3).png().toBuffer());
    await writeFile(join(folder, "placed.pgw"), "10\n0\n0\n-10\n500005\n4599995\n");
    await using file = await openRaster(path);
    expect(await placeOf(file)).toEqual({ why: expect.stringContaining("nothing says which") });
    const wkt = 'PROJCS["UTM 31N",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32631"]]';
    await writeFile(join(folder, "placed.prj"), wkt);
    expect(await placeOf(file)).toMatchObject({
      georeference: {
        crs: "EPSG:32631",
        proj4: "+proj=utm +zone=31 +datum=WGS84 +units=m +no_defs",
        transform: [10, 0, 500_000, 0, -10, 4_600_000],
      },
    });
  });

  it("refuses what is damaged or something else, in one line", async () => {
    const whole = await picture(3).png().toBuffer();
    const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
      ["cut.png", whole.subarray(0, whole.length >> 1), /cut.png is corrupt/],
      ["head.png", whole.subarray(0, 20), /cannot be opened as an image/],
      [
        "text.png",
        Buffer.from("hello, world"),
        /is no image: wanted GeoTIFF, JPEG 2000, PNG, JPEG or WebP, got a file/,
      ],
      ["empty.png", Buffer.alloc(0), /got an empty file/],
    ];
    for (const [name, data, message] of cases) {
      const path = join(folder, name);
      await writeFile(path, data);
      const read = async (): Promise<unknown> => {
        await using file = await openRaster(path);
        return await file.readWindow({ x: 0, y: 0, width, height }, [0]);
      };
      const error = await read().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ tag: "raster" });
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).not.toContain("\n");
    }
  });
});

describe("world files", () => {
  it("moves the centre of the pixel to its corner", () => {
    expect(parseWorldFile("2\n0\n0\n-2\n101\n199")).toEqual([2, 0, 100, 0, -2, 200]);
  });
  it.each(["", "1 2 3", "a b c d e f", "0 0 0 0 5 5", "1 0 0 -1 5 5 9"])("refuses %j", (text) => {
    expect(parseWorldFile(text)).toBeNull();
  });
});
