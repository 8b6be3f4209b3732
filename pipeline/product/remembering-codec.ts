import { createHash } from "node:crypto";
import { ByteCache } from "../byte-cache.ts";
import { contentKey } from "../raster/content-key.ts";
import type { Band, Raster } from "../raster/raster.ts";
import type { TileCodec } from "./tile-codec.ts";

/** What is kept: tiles as they cross the link, and what they were decoded to; bytes. */
export interface CodecMemory {
  readonly encodedBytes: number;
  readonly decodedBytes: number;
}

/** Four scenes of 1,536² pixels and four 16-bit bands, each with its mask. */
const usualMemory: CodecMemory = { encodedBytes: 64e6, decodedBytes: 192e6 };

const keyOfBytes = (bytes: Uint8Array, bands: readonly Band[]): string =>
  createHash("sha256")
    .update(bands.map(({ sampleType }) => sampleType).join(" "))
    .update(bytes)
    .digest("base64");

const sizeOf = ({ planes, valid }: Raster): number =>
  planes.reduce((sum, { byteLength }) => sum + byteLength, valid?.byteLength ?? 0);

/**
 * A codec that does the same work once: policies that send the same tiles without loss find them encoded, and the ground that gets the
 * same bytes again finds them decoded. Both are known by the whole of their content (SHA-256), so that a tile in which a bit differs is
 * another one. What it gives is shared: nobody may change it. Disposes of `codec`.
 */
export const rememberingCodec = (codec: TileCodec, memory: CodecMemory = usualMemory): TileCodec => {
  const encoded = new ByteCache<Uint8Array>(memory.encodedBytes);
  const decoded = new ByteCache<Raster>(memory.decodedBytes);
  return {
    // How small a tile gets is known only afterwards: half of it is what is reckoned with.
    encode: (raster) => encoded.get(contentKey(raster), sizeOf(raster) / 2, () => codec.encode(raster)),
    decode: async (bytes, bands) => {
      // How large a tile gets is known only afterwards: three times its bytes is what is reckoned with.
      const size = 3 * bytes.length;
      const raster = await decoded.get(keyOfBytes(bytes, bands), size, () => codec.decode(bytes, bands));
      return { ...raster, bands };
    },
    [Symbol.asyncDispose]: async () => {
      encoded.clear();
      decoded.clear();
      await codec[Symbol.asyncDispose]();
    },
  };
};
