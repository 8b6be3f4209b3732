import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rpcAlone } from "../../../datasets/crs/coordinate-system.ts";
import { decodeLzw } from "../../../datasets/geotiff/lzw.ts";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { zstdBound } from "../../../datasets/geotiff/zstd.ts";

/** Fields of a 16 × 16 image of one deflated tile; a test overrides the field it attacks. All values are 32-bit. */
const honest = {
  256: [16],
  257: [16],
  258: [8],
  259: [8],
  277: [1],
  322: [16],
  323: [16],
  324: [8],
  325: [0],
} as const;

type Fields = Readonly<Record<number, readonly number[]>>;

/** Header, `block` at offset 8, one directory. `next` is the offset of the next directory; "self" loops. */
const tiffOf = (fields: Fields, block: Uint8Array, next: number | "self" = 0): Buffer => {
  const entries = Object.entries({ ...honest, 325: [block.length], ...fields }).map(
    ([tag, values]) => [Number(tag), values] as const,
  );
  const start = 8 + block.length + (block.length % 2);
  let free = start + 2 + entries.length * 12 + 4;
  const out = Buffer.alloc(free + entries.reduce((sum, [, values]) => sum + values.length * 8, 0));
  out.write("II*\0", "latin1");
  out.writeUInt32LE(start, 4);
  out.set(block, 8);
  out.writeUInt16LE(entries.length, start);
  entries.forEach(([tag, values], i) => {
    const at = start + 2 + i * 12;
    const isDouble = tag >= 33_550 && tag < 34_735;
    out.writeUInt16LE(tag, at);
    out.writeUInt16LE(isDouble ? 12 : tag === 34_735 ? 3 : 4, at + 2);
    out.writeUInt32LE(values.length, at + 4);
    if (values.length === 1 && !isDouble) out.writeUInt32LE(values[0]!, at + 8);
    else {
      out.writeUInt32LE(free, at + 8);
      for (const value of values) {
        if (isDouble) free = out.writeDoubleLE(value, free);
        else if (tag === 34_735) free = out.writeUInt16LE(value, free);
        else free = out.writeUInt32LE(value, free);
      }
    }
  });
  out.writeUInt32LE(next === "self" ? start : next, start + 2 + entries.length * 12);
  return out;
};

describe("hostile files", () => {
  let folder = "";
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "swath-hostile-"))));
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (data: Uint8Array): Promise<readonly number[]> => {
    const path = join(folder, "hostile.tif");
    await writeFile(path, data);
    await using file = await openGeoTiff(path);
    const { planes } = await file.readWindow({ x: 0, y: 0, width: 16, height: 16 }, [0]);
    return Array.from(planes[0]!);
  };
  const tile = deflateSync(Uint8Array.from({ length: 256 }, (_, i) => i));

  it("the honest file is read", async () => {
    expect(await read(tiffOf({}, tile))).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  const bomb = deflateSync(Buffer.alloc(50_000_000));
  const geoKeys = [1, 1, 0, 1, 3072, 0, 1, 32_631];
  it.each<[string, Buffer, RegExp]>([
    ["a directory that follows itself", tiffOf({}, tile, "self"), /loops back/],
    ["a directory beyond the end", tiffOf({}, tile, 1_000_000), /truncated or corrupt/],
    ["no width", tiffOf({ 256: [0] }, tile), /image width: wanted .*, got 0/],
    ["a width of 2^32 − 1", tiffOf({ 256: [2 ** 32 - 1] }, tile), /image width/],
    [
      "sides whose product overflows",
      tiffOf({ 256: [2 ** 31 - 1], 257: [2 ** 31 - 1] }, tile),
      /too many blocks/,
    ],
    ["tiles without width", tiffOf({ 322: [0] }, tile), /tile width: wanted .*, got 0/],
    ["tiles of 2^31 − 1", tiffOf({ 322: [2 ** 31 - 1], 323: [2 ** 31 - 1] }, tile), /block too large/],
    ["more bands than there are bytes", tiffOf({ 277: [2 ** 32 - 1] }, tile), /samples per pixel/],
    ["4,096 bands in one tile", tiffOf({ 277: [4096], 322: [4096], 323: [4096] }, tile), /block too large/],
    ["too few tiles", tiffOf({ 256: [160] }, tile), /offsets of its tiles: wanted 10, got 1/],
    ["a tile beyond the end", tiffOf({ 324: [4_000_000] }, tile), /truncated or corrupt/],
    ["a tile longer than the file", tiffOf({ 325: [100_000] }, tile), /truncated or corrupt/],
    ["a tile of 4 GB", tiffOf({ 325: [2 ** 32 - 1] }, tile), /wanted at most/],
    ["a decompression bomb", tiffOf({}, bomb), /corrupt \(deflate\)/],
    ["a large tile of a few bytes", tiffOf({ 322: [8192], 323: [8192] }, tile), /cannot inflate/],
    ["a short tile", tiffOf({}, deflateSync(Buffer.alloc(100))), /wanted 256 bytes, got 100/],
    ["noise for a tile", tiffOf({}, Buffer.alloc(64, 0xa5)), /corrupt \(deflate\)/],
    ["noise for LZW", tiffOf({ 259: [5] }, Buffer.alloc(64, 0xff)), /corrupt/],
    ["noise for JPEG", tiffOf({ 259: [7] }, Buffer.alloc(64, 0xff)), /corrupt \(jpeg\)/],
    ["noise for Zstandard", tiffOf({ 259: [50_000] }, Buffer.alloc(64, 0xff)), /corrupt \(zstd\)/],
    [
      "a compression from elsewhere",
      tiffOf({ 259: [34_712] }, tile),
      /unsupported compression: wanted .*, got 34712/,
    ],
    ["a float predictor on bytes", tiffOf({ 317: [3] }, tile), /unsupported predictor/],
    ["a header alone", Buffer.from("II*\0\x08\0\0\0", "latin1"), /truncated or corrupt/],
    ["nothing", Buffer.alloc(0), /not a TIFF/],
    ["text", Buffer.from("Interesting, but no image at all"), /not a TIFF/],
  ])("%s: one clear line", async (_, data, message) => {
    const error = await read(data).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ tag: "raster" });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message.split("\n")).toHaveLength(1);
  });

  it.each([
    [
      "a transform of NaN",
      { 33550: [NaN, 1, 0], 33922: [0, 0, 0, 1, 2, 0] },
      "its transform holds numbers that are none",
    ],
    ["pixels without area", { 33550: [0, 0, 0], 33922: [0, 0, 0, 1, 2, 0] }, "its pixels have no area"],
    ["rational polynomials alone", { 50844: Array.from({ length: 92 }, () => 1) }, rpcAlone.why],
  ])("%s costs the place alone", async (name, tags, why) => {
    const path = join(folder, `${name}.tif`);
    await writeFile(path, tiffOf({ ...tags, 34735: geoKeys }, tile));
    await using file = await openGeoTiff(path);
    expect(file.georeference).toBeNull();
    expect(file.placeClues).toMatchObject([{ transform: { why } }]);
  });

  it("a missing file", async () => {
    await expect(openGeoTiff(join(folder, "none.tif"))).rejects.toThrow(
      /none.tif cannot be opened: got ENOENT/,
    );
    await expect(openGeoTiff(folder)).rejects.toMatchObject({ tag: "raster" });
  });
});

describe("bounds", () => {
  it("LZW never writes past the block", () => {
    // Clear, then one byte, then codes that each stand for the whole string before: it doubles.
    const codes = [256, 65, ...Array.from({ length: 200 }, (_, i) => 258 + i)];
    let bits = codes.map((code) => code.toString(2).padStart(9, "0")).join("");
    bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
    const stream = Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
    expect(decodeLzw(stream, 1000)).toEqual(new Uint8Array(1000).fill(65));
  });

  it("Zstandard's run-length blocks count at full length", () => {
    // Magic, single segment with one size byte, then two blocks of 131,072 equal bytes.
    const runs = [0x02 | ((131_072 << 3) & 0xff), (131_072 >> 5) & 0xff, (131_072 >> 13) & 0xff, 7];
    const last = [runs[0]! | 1, ...runs.slice(1)];
    expect(zstdBound(Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, ...runs, ...last]))).toBe(262_144);
  });
});
