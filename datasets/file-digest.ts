import { createHash, type Hash } from "node:crypto";
import { isRemote } from "./files/location.ts";
import type { ByteSource } from "./files/byte-source.ts";
import type { FileAccess } from "./files/file-access.ts";

/** Read at once, bytes. */
const chunkBytes = 4_000_000;

/** A remote file up to this size is read whole where its server gives it no version; of a larger one three parts are, bytes. */
const mostWhole = 64_000_000;

/** Hashes `[from, to)` of a source. */
const hashPart = async (
  hash: Hash,
  source: ByteSource,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<void> => {
  for (let at = from; at < to; at += chunkBytes) {
    const chunk = new Uint8Array(Math.min(chunkBytes, to - at));
    await source.fill(chunk, at, signal);
    hash.update(chunk);
  }
};

/** Beginning, middle and end. */
const partsOf = (size: number): readonly (readonly [from: number, to: number])[] => {
  const middle = Math.floor(size / 2);
  return [
    [0, chunkBytes],
    [middle, middle + chunkBytes],
    [size - chunkBytes, size],
  ];
};

/**
 * What tells this state of a file from another, SHA-256 in hexadecimal digits: of its content for a file of this machine, else of its size
 * and what its server says of its version (an ETag, a date), never of its address, whose signature changes. Where a server says nothing, of
 * the content, or of three parts of it where that is too much to fetch. Throws `SwathError("raster")`.
 */
export const digestFile = async (
  location: string,
  access: FileAccess,
  signal: AbortSignal,
): Promise<string> => {
  const hash = createHash("sha256");
  await using source = await access.open(location, signal);
  const { size, version } = source;
  if (isRemote(location) && version !== undefined) hash.update(`${size} ${version}`);
  else if (isRemote(location) && size > mostWhole) {
    hash.update(`${size} `);
    for (const [from, to] of partsOf(size)) await hashPart(hash, source, from, to, signal);
  } else await hashPart(hash, source, 0, size, signal);
  return hash.digest("hex");
};
