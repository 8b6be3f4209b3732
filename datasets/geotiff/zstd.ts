import { decodeApart } from "../decoding/decode-pool.ts";

const magic = 0xfd2fb528;
const maxBlockBytes = 131_072;

/**
 * The most bytes that a Zstandard frame can expand to, from its block headers alone (RFC 8878, section 3.1.1).
 * A run-length block makes 128 KiB out of four bytes, so this is asked before decoding.
 */
export const zstdBound = (source: Uint8Array): number => {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  if (source.length < 6 || view.getUint32(0, true) !== magic) throw new RangeError("not a Zstandard frame");
  const descriptor = source[4]!;
  const singleSegment = (descriptor >> 5) & 1;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? singleSegment : 1 << sizeFlag;
  let at = 5 + (1 - singleSegment) + [0, 1, 2, 4][descriptor & 3]! + sizeBytes;
  let bound = 0;
  for (let last = 0; last === 0;) {
    if (at + 3 > source.length) throw new RangeError("truncated Zstandard frame");
    const header = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16);
    last = header & 1;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    bound += type === 2 ? maxBlockBytes : size;
    at += 3 + (type === 1 ? 1 : size);
  }
  return bound;
};

/**
 * Decodes in WebAssembly, in a thread that can be ended. More than `mostBytes` is refused.
 *
 * Road not taken: Node's own Zstandard (22.15 and later). The 64-bit loops of libzstd do not look whether a Huffman stream ends
 * where it should (RFC 8878, section 4.2.2, calls it corrupt otherwise): every tenth damaged frame comes out as pixels. The 32-bit
 * build looks; and a file is broken or whole whatever Node reads it.
 */
export const decodeZstd = async (source: Uint8Array, mostBytes: number): Promise<Uint8Array> => {
  // Compressed blocks rarely are full; ten of them stand for any real block, small ones included.
  if (zstdBound(source) > 4 * mostBytes + 10 * maxBlockBytes)
    throw new RangeError("Zstandard frame too large");
  return decodeApart({ kind: "zstd", source, decodedBytes: mostBytes });
};
