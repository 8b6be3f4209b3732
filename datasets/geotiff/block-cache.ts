import { ByteCache } from "../../pipeline/byte-cache.ts";
import type { Block } from "./block.ts";

/**
 * Decoded blocks, and the memory that they lie in. Megabytes that are allocated for every block cost a third of the decoding: pages that
 * the system has to clear, and the garbage collector that is called for each 64 MB. So the memory of a block that left the cache is used
 * again, once nobody reads it any more.
 */

/** What lies idle at most; more is left to the garbage collector. */
const mostSpareBytes = 32_000_000;

/** One stock a process, as the decoders are. */
const spare: ArrayBuffer[] = [];
let spareBytes = 0;
/** Buffers that may be used again: nobody else has views of them. */
const ours = new WeakSet<ArrayBufferLike>();

/** Memory for a block of this many bytes; it holds what was there before. Blocks of a file are alike: only the same size fits. */
export const takeBlockMemory = (bytes: number): Uint8Array<ArrayBuffer> => {
  const at = spare.findLastIndex(({ byteLength }) => byteLength === bytes);
  const [found] = at < 0 ? [] : spare.splice(at, 1);
  if (found === undefined) {
    const { buffer } = Buffer.allocUnsafeSlow(bytes);
    ours.add(buffer);
    return new Uint8Array(buffer);
  }
  spareBytes -= bytes;
  return new Uint8Array(found);
};

/** Gives back memory that `takeBlockMemory` gave; any other is left alone. The oldest goes where there is too much. */
export const giveBlockMemory = ({ buffer }: { readonly buffer: ArrayBufferLike }): void => {
  if (!ours.has(buffer) || buffer.byteLength > mostSpareBytes) return;
  spare.push(buffer as ArrayBuffer);
  spareBytes += buffer.byteLength;
  while (spareBytes > mostSpareBytes) spareBytes -= spare.shift()?.byteLength ?? 0;
};

/** Who reads a block, and whether it left the cache. */
interface Use {
  readers: number;
  isDropped: boolean;
  isGiven: boolean;
}

const uses = new WeakMap<Promise<Block>, Use>();

const useOf = (block: Promise<Block>): Use => {
  const use = uses.get(block) ?? { readers: 0, isDropped: false, isGiven: false };
  uses.set(block, use);
  return use;
};

const giveIfIdle = (block: Promise<Block>, use: Use): void => {
  if (!use.isDropped || use.readers > 0) return;
  const give = ({ words }: Block): void => {
    // Someone may have begun to read since.
    if (use.readers > 0 || use.isGiven) return;
    use.isGiven = true;
    giveBlockMemory(words);
  };
  // A block that could not be decoded has no memory.
  block.then(give, () => undefined);
};

/** A cache of blocks that must be read with `borrowBlock`: what it drops is written over. */
export const openBlockCache = (capacityBytes?: number): ByteCache<Block> =>
  new ByteCache<Block>(capacityBytes, (block) => {
    const use = useOf(block);
    use.isDropped = true;
    giveIfIdle(block, use);
  });

/**
 * What `read` makes of a block; it may keep nothing of it. To be called as soon as the cache gave the block, before anything else is
 * waited for.
 */
export const borrowBlock = async <Result>(
  block: Promise<Block>,
  read: (block: Block) => Result,
): Promise<Result> => {
  const use = useOf(block);
  use.readers++;
  try {
    return read(await block);
  } finally {
    use.readers--;
    giveIfIdle(block, use);
  }
};
