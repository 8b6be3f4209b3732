import { inflate as zlibInflate } from "node:zlib";
import { nativeInflate } from "../decoding/native-inflate.ts";
import { giveBlockMemory, takeBlockMemory } from "./block-cache.ts";

/**
 * Deflate expands at most 1032-fold (RFC 1951: 258 bytes for two bits), so a short stream that claims a large block is
 * refused before anything is allocated.
 */
const maxExpansion = 1032;

/** Shorter streams are not worth a library's call; and the memory of very short arrays may move while it is read. */
const leastNativeBytes = 4096;

const inflateByZlib = (source: Uint8Array, wantedBytes: number, mostBytes: number): Promise<Uint8Array> => {
  // One byte more than comes out: the whole block is then inflated in a single trip to the pool, into one buffer.
  const chunkSize = Math.max(64, wantedBytes + 1);
  return new Promise((resolve, reject) => {
    zlibInflate(source, { chunkSize, maxOutputLength: Math.max(64, mostBytes + 1) }, (error, result) => {
      if (error === null) resolve(result);
      else reject(error);
    });
  });
};

/**
 * Inflates a zlib stream on libuv's thread pool, by the fastest library that is installed here; Node's zlib has the last word.
 * `wantedBytes` is what the block needs; up to `mostBytes` may come out, more is a bomb and rejected. What comes out lies in block memory.
 */
export const inflate = async (
  source: Uint8Array,
  wantedBytes: number,
  mostBytes: number,
): Promise<Uint8Array> => {
  if (source.length * maxExpansion < wantedBytes) {
    throw new RangeError(`${source.length} bytes cannot inflate to ${wantedBytes}`);
  }
  const native = source.length < leastNativeBytes ? null : await nativeInflate();
  if (native !== null) {
    const target = takeBlockMemory(wantedBytes);
    // Whatever keeps a library from its work, zlib has the last word.
    const made = await native.inflate(source, target).catch(() => null);
    if (made !== null) return target.subarray(0, made);
    giveBlockMemory(target);
  }
  return inflateByZlib(source, wantedBytes, mostBytes);
};
