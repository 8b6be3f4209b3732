import { inflate as zlibInflate } from "node:zlib";

/**
 * Deflate expands at most 1032-fold (RFC 1951: 258 bytes for two bits), so a short stream that claims a large block is
 * refused before anything is allocated.
 */
const maxExpansion = 1032;

/**
 * Inflates a zlib stream on libuv's thread pool.
 * `wantedBytes` is what the block needs; up to `mostBytes` may come out, more is a bomb and rejected.
 */
export const inflate = (source: Uint8Array, wantedBytes: number, mostBytes: number): Promise<Uint8Array> => {
  if (source.length * maxExpansion < wantedBytes) {
    return Promise.reject(new RangeError(`${source.length} bytes cannot inflate to ${wantedBytes}`));
  }
  // One byte more than comes out: the whole block is then inflated in a single trip to the pool, into one buffer.
  const chunkSize = Math.max(64, wantedBytes + 1);
  return new Promise((resolve, reject) => {
    zlibInflate(source, { chunkSize, maxOutputLength: Math.max(64, mostBytes + 1) }, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
};
