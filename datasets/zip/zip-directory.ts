import { open, type FileHandle } from "node:fs/promises";
import { SwathError } from "../../pipeline/errors.ts";

/** One file of a ZIP archive. */
export interface ZipEntry {
  /** Below the archive's root, with `/`; never outside it. */
  readonly path: string;
  readonly deflated: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header stands. */
  readonly headerOffset: number;
}

// PKWARE's APPNOTE.TXT, sections 4.3.7 to 4.3.16 and 4.4.
const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const maxCommentBytes = 65_535;
const maxDirectoryBytes = 64_000_000;
const maxEntries = 100_000;
/** Deflate expands at most 1,032-fold; archives of images do not come near a tenth of it. */
const maxExpansion = 100;
const [encrypted, stored, deflate] = [1, 0, 8];
const [fileTypeMask, linkType] = [0o170000, 0o120000];

const refuse = (archive: string, wanted: string, got: string): SwathError =>
  new SwathError("dataset", { what: `${archive} cannot be unpacked`, wanted, got });

const read = async (handle: FileHandle, archive: string, at: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  if (at < 0 || bytesRead < length) throw refuse(archive, `${length} bytes at offset ${at}`, `${bytesRead}`);
  return buffer;
};

/** Where the central directory lies and how long it is. */
const findDirectory = async (handle: FileHandle, archive: string, size: number) => {
  const tailBytes = Math.min(size, endBytes + maxCommentBytes + 20);
  const tail = await read(handle, archive, size - tailBytes, tailBytes);
  let at = tail.length - endBytes;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0) throw refuse(archive, "a ZIP archive", "no end of central directory");
  const short = { length: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
  if (at < 20 || tail.readUInt32LE(at - 20) !== end64LocatorSignature) return short;
  const end = await read(handle, archive, Number(tail.readBigUInt64LE(at - 12)), 56);
  if (end.readUInt32LE(0) !== end64Signature)
    throw refuse(archive, "a ZIP64 directory", "none where it should be");
  return { length: Number(end.readBigUInt64LE(40)), offset: Number(end.readBigUInt64LE(48)) };
};

/** The three numbers that ZIP64 keeps in an extra field where 32 bits are all ones. */
const wide = (extra: Buffer, values: readonly number[]): readonly number[] => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== 0xffffffff || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return values;
};

/** A name that stays below the folder that it is unpacked into. Throws for any other. */
const safePath = (archive: string, name: string): string => {
  const parts = name.replaceAll("\\", "/").split("/");
  const leaves = parts.some((part) => part === ".." || part.includes("\0")) || /^(?:\/|[a-z]:)/i.test(name);
  if (leaves) throw refuse(archive, "names below its own folder", JSON.stringify(name.slice(0, 200)));
  const long = parts.find((part) => Buffer.byteLength(part) > 255);
  if (long !== undefined) throw refuse(archive, "names of at most 255 bytes", `${Buffer.byteLength(long)}`);
  return parts.filter((part) => part !== "" && part !== ".").join("/");
};

/**
 * The files of a ZIP archive, ZIP64 included, without folders and links. Nothing is unpacked.
 * Throws `SwathError("dataset")`: no archive, encrypted, another method than stored and deflated, a name that leaves the archive's
 * folder, entries that share bytes or expand beyond belief.
 */
export const readZipDirectory = async (archive: string): Promise<readonly ZipEntry[]> => {
  await using handle = await open(archive, "r");
  const { size } = await handle.stat();
  const { length, offset } = await findDirectory(handle, archive, size);
  if (length > maxDirectoryBytes)
    throw refuse(archive, `a directory of ${maxDirectoryBytes} bytes`, `${length}`);
  const directory = await read(handle, archive, offset, length);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== entrySignature)
      throw refuse(archive, "an entry", "a damaged directory");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      directory.readUInt16LE(at + field),
    ) as [number, number, number];
    const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    const numbers = [24, 20, 42].map((field) => directory.readUInt32LE(at + field));
    const [sizeBytes, packedBytes, headerOffset] = wide(extra, numbers) as [number, number, number];
    const method = directory.readUInt16LE(at + 10);
    const flags = directory.readUInt16LE(at + 8);
    const isLink = ((directory.readUInt32LE(at + 38) >>> 16) & fileTypeMask) === linkType;
    const crc32 = directory.readUInt32LE(at + 16);
    at += 46 + nameLength + extraLength + commentLength;
    if (name.endsWith("/") || isLink) continue;
    if ((flags & encrypted) !== 0) throw refuse(archive, "files without a password", name);
    if (method !== stored && method !== deflate)
      throw refuse(archive, "stored or deflated files", `method ${method}`);
    const path = safePath(archive, name);
    entries.push({ path, deflated: method === deflate, crc32, packedBytes, sizeBytes, headerOffset });
    if (entries.length > maxEntries) throw refuse(archive, `at most ${maxEntries} files`, "more");
  }
  requireBelievable(archive, size, entries);
  return entries;
};

const requireBelievable = (archive: string, size: number, entries: readonly ZipEntry[]): void => {
  const sum = (of: (entry: ZipEntry) => number): number => entries.reduce((all, entry) => all + of(entry), 0);
  // Entries that overlap are how a few kilobytes become petabytes.
  const packed = sum(({ packedBytes }) => packedBytes);
  if (packed > size)
    throw refuse(archive, "entries that share no bytes", `${packed} bytes in a file of ${size}`);
  const unpacked = sum(({ sizeBytes }) => sizeBytes);
  const most = maxExpansion * size + 10_000_000;
  if (unpacked > most) throw refuse(archive, `at most ${most} bytes inside`, `${unpacked}`);
  const uneven = entries.find(
    ({ deflated, packedBytes, sizeBytes }) => !deflated && packedBytes !== sizeBytes,
  );
  if (uneven !== undefined)
    throw refuse(archive, `${uneven.sizeBytes} bytes of ${uneven.path}`, `${uneven.packedBytes}`);
};
