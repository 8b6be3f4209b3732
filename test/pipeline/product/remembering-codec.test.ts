import { expect, test } from "vitest";
import type { Band, Raster } from "../../../pipeline/raster/raster.ts";
import { rememberingCodec } from "../../../pipeline/product/remembering-codec.ts";
import { inlineTileCodec, type TileCodec } from "../../../pipeline/product/tile-codec.ts";

const band = (name: string): Band => ({
  name,
  sampleType: "uint16",
  scale: 1,
  offset: 0,
  unit: "dn",
  nodata: null,
});
const tile = (first: number, valid: Uint8Array | null = null): Raster => ({
  width: 8,
  height: 4,
  bands: [band("B02")],
  planes: [Uint16Array.from({ length: 32 }, (_, n) => first + ((n * 7) % 11))],
  valid,
});

/** Counts what really works. */
const counting = (): { readonly codec: TileCodec; readonly work: { encoded: number; decoded: number } } => {
  const work = { encoded: 0, decoded: 0 };
  return {
    work,
    codec: {
      ...inlineTileCodec,
      encode: (raster) => (work.encoded++, inlineTileCodec.encode(raster)),
      decode: (bytes, bands) => (work.decoded++, inlineTileCodec.decode(bytes, bands)),
    },
  };
};

test("does the same work once, and gives what the codec gives", async () => {
  const { codec, work } = counting();
  await using remembering = rememberingCodec(codec);
  const wanted = await inlineTileCodec.encode(tile(500));
  for (let round = 0; round < 3; round++) expect(await remembering.encode(tile(500))).toEqual(wanted);
  expect(work.encoded).toBe(1);
  for (let round = 0; round < 3; round++)
    expect(await remembering.decode(wanted, [band("B02")])).toEqual(tile(500));
  expect(work.decoded).toBe(1);
});

test("a tile in which one sample, the mask or the type differs is another", async () => {
  const { codec, work } = counting();
  await using remembering = rememberingCodec(codec);
  const masked = new Uint8Array(32).fill(1);
  const other = tile(500);
  other.planes[0]![31]! ^= 1;
  const signed: Raster = {
    ...tile(500),
    planes: [Int16Array.from(tile(500).planes[0]!)],
    bands: [{ ...band("B02"), sampleType: "int16" }],
  };
  for (const raster of [tile(500), other, tile(500, masked), signed])
    expect(await remembering.encode(raster)).toEqual(await inlineTileCodec.encode(raster));
  expect(work.encoded).toBe(4);
});

test("what the bands mean is the caller's, and damaged bytes are refused every time", async () => {
  const { codec } = counting();
  await using remembering = rememberingCodec(codec);
  const bytes = await remembering.encode(tile(500));
  await remembering.decode(bytes, [band("B02")]);
  expect((await remembering.decode(bytes, [band("red")])).bands[0]?.name).toBe("red");
  const damaged = bytes.slice(0, -3);
  for (let round = 0; round < 2; round++)
    await expect(remembering.decode(damaged, [band("B02")])).rejects.toThrow(/lossless tile/);
});

test("holds no more than it may", async () => {
  const { codec, work } = counting();
  await using remembering = rememberingCodec(codec, { encodedBytes: 40, decodedBytes: 1 });
  for (const first of [1, 100, 1]) await remembering.encode(tile(first));
  expect(work.encoded).toBe(3);
});
