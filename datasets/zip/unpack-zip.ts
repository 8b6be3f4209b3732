import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { dirname, join, parse, resolve } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";
import { replaceFolder } from "../../pipeline/atomic-folder.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";
import { statIfThere } from "../../pipeline/stat-if-there.ts";

/** Says that a folder is unpacked whole; hidden, so that it is no file of the dataset. */
const mark = ".unpacked";

const localSignature = 0x04034b50;

/** Archives in archives are left as they are. */
const isArchive = (path: string): boolean => /\.(?:zip|tar|t?gz|7z|rar|xz|bz2)$/i.test(path);

/** Passes bytes on, counts them, and fails at the end where they are not those that the directory promised. */
const checked = (archive: string, { path, sizeBytes, crc32: wanted }: ZipEntry): Transform => {
  const broken = (wish: string, got: string): SwathError =>
    new SwathError("dataset", { what: `${archive}: ${path} is corrupt`, wanted: wish, got });
  let length = 0;
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      crc = crc32(chunk, crc);
      if (length > sizeBytes) done(broken(`${sizeBytes} bytes`, "more"));
      else done(null, chunk);
    },
    flush(done) {
      if (length !== sizeBytes) done(broken(`${sizeBytes} bytes`, `${length}`));
      else if (crc !== wanted) done(broken(`checksum ${wanted.toString(16)}`, crc.toString(16)));
      else done();
    },
  });
};

/** Where the bytes of an entry start: behind its local header, whose name and extra field have lengths of their own. */
const dataOffset = async (archive: string, { headerOffset, path }: ZipEntry): Promise<number> => {
  await using handle = await open(archive, "r");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(30), 0, 30, headerOffset);
  if (bytesRead < 30 || buffer.readUInt32LE(0) !== localSignature) {
    throw new SwathError("dataset", {
      what: `${archive}: ${path} is corrupt`,
      wanted: "a local header",
      got: "none",
    });
  }
  return headerOffset + 30 + buffer.readUInt16LE(26) + buffer.readUInt16LE(28);
};

const unpackEntry = async (archive: string, entry: ZipEntry, folder: string): Promise<void> => {
  const target = join(folder, entry.path);
  await mkdir(dirname(target), { recursive: true });
  const start = await dataOffset(archive, entry);
  const source =
    entry.packedBytes === 0
      ? Readable.from([])
      : createReadStream(archive, { start, end: start + entry.packedBytes - 1 });
  const output = createWriteStream(target, { flags: "wx" });
  const check = checked(archive, entry);
  try {
    if (entry.deflated) await pipeline(source, createInflateRaw(), check, output);
    else await pipeline(source, check, output);
  } catch (cause) {
    if (isSwathError(cause)) throw cause;
    throw new SwathError("dataset", {
      what: `${archive}: ${entry.path} cannot be unpacked`,
      got: messageOf(cause),
      cause,
    });
  }
};

/**
 * Unpacks a ZIP archive below `cacheDir` and hands out the folder; an archive that was unpacked before and has not changed is not
 * unpacked again. Checksums are checked; nothing is left half-unpacked. Archives inside are left packed.
 * Throws `SwathError("dataset")` for what `readZipDirectory` refuses and for entries that are corrupt, `SwathError("storage")` when
 * the folder cannot be written.
 */
export const unpackZip = async (archive: string, cacheDir: string): Promise<string> => {
  const { size, mtimeMs } = await stat(archive);
  const key = createHash("sha256")
    .update(`${resolve(archive)}\0${size}\0${mtimeMs}`)
    .digest("hex")
    .slice(0, 16);
  const folder = join(cacheDir, "zip", key, parse(archive).name);
  if ((await statIfThere(join(folder, mark), "storage")) !== null) return folder;
  const entries = await readZipDirectory(archive);
  await mkdir(dirname(folder), { recursive: true });
  await replaceFolder(folder, mark, async (scratch) => {
    for (const entry of entries) if (!isArchive(entry.path)) await unpackEntry(archive, entry, scratch);
    await writeFile(join(scratch, mark), "");
  });
  return folder;
};
