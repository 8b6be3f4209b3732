import type { ByteReader, ByteWriter } from "../../pipeline/product/byte-cursor.ts";

/*
 * Bytes told as copies of older ones and what is new between them, as in VCDIFF (RFC 3284): a run of new bytes, a copy, a run, a copy, …
 * until all is there. Offsets are told from the end of the copy before, so that what lies in order costs one byte.
 */

/** Bytes that have to be alike before a copy is worth telling. */
const window = 8;
/** Old bytes that are looked at, at most; models of more keep their weights out of this. */
const mostIndexed = 2 ** 26;

const hashAt = (bytes: Uint8Array, at: number): number => {
  let hash = 2166136261;
  for (let i = 0; i < window; i++) hash = Math.imul(hash ^ (bytes[at + i] as number), 16777619);
  return hash >>> 0;
};

/** Where each window of `old` lies, by a table of its hash: the first of several that share a place. */
const indexOf = (old: Uint8Array): { readonly find: (bytes: Uint8Array, at: number) => number } => {
  const bits = Math.max(8, Math.min(22, Math.ceil(Math.log2(old.length + 1)) + 1));
  const table = new Int32Array(2 ** bits).fill(-1);
  const slotOf = (bytes: Uint8Array, at: number): number => hashAt(bytes, at) >>> (32 - bits);
  for (let at = Math.min(old.length, mostIndexed) - window; at >= 0; at--) table[slotOf(old, at)] = at;
  return { find: (bytes, at) => table[slotOf(bytes, at)] as number };
};

const alike = (old: Uint8Array, from: number, next: Uint8Array, at: number): number => {
  let length = 0;
  while (from + length < old.length && at + length < next.length && old[from + length] === next[at + length])
    length += 1;
  return length;
};

/** Writes `next` as copies of `old` and new bytes. */
export const writeCopied = (writer: ByteWriter, old: Uint8Array, next: Uint8Array): void => {
  const index = indexOf(old);
  let [at, told, expected] = [0, 0, 0];
  while (at + window <= next.length) {
    // What goes on where the last copy ended, past a few changed bytes, is cheapest to tell.
    const straight = expected + (at - told);
    const found = alike(old, straight, next, at) >= window ? straight : index.find(next, at);
    const length = found < 0 ? 0 : alike(old, found, next, at);
    if (length < window) {
      at += 1;
      continue;
    }
    writer.block(next.subarray(told, at));
    const leap = found - straight;
    writer.varint(leap < 0 ? -2 * leap - 1 : 2 * leap);
    writer.varint(length);
    at += length;
    told = at;
    expected = found + length;
  }
  writer.block(next.subarray(told));
};

/** Reads `length` bytes that `writeCopied` wrote. Throws `SwathError("link")` for what it cannot have written. */
export const readCopied = (reader: ByteReader, old: Uint8Array, length: number): Uint8Array => {
  const next = new Uint8Array(length);
  let [at, expected] = [0, 0];
  for (;;) {
    const fresh = reader.block("new bytes");
    if (fresh.length > length - at)
      throw reader.corrupt(`at most ${length - at} new bytes`, `${fresh.length}`);
    next.set(fresh, at);
    at += fresh.length;
    if (at === length) return next;
    const zigzag = reader.varint("distance of a copy", 2 * (old.length + length));
    const leap = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    const from = expected + fresh.length + leap;
    const count = reader.varint("length of a copy", length - at);
    if (from < 0 || count === 0 || from + count > old.length)
      throw reader.corrupt(`a copy out of ${old.length} bytes`, `${count} at ${from}`);
    next.set(old.subarray(from, from + count), at);
    at += count;
    expected = from + count;
  }
};
