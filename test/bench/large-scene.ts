import { open, rename, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sceneSide, sceneTile } from "./decode-scene.ts";

/** The side of a Sentinel-2 tile at 10 m. */
export const largeSide = 2 * sceneSide;

/**
 * A 10,980² scene of the same bands: a TIFF whose tiles are those of the 5,490² scene again and again. Reading it
 * is the work of reading any scene of that size; making it takes no time, as its tiles share their bytes.
 */
export const makeLargeScene = async (smallPath: string): Promise<string> => {
  const path = join(tmpdir(), "swath-bench-large-1.tif");
  if (await stat(path).catch(() => null)) return path;
  const small = await open(smallPath);
  try {
    const bytes = await small.readFile();
    const part = `${path}.${process.pid}`;
    const target = await open(part, "w");
    await target.writeFile(enlarged(bytes));
    await target.close();
    await rename(part, path);
    return path;
  } finally {
    await small.close();
  }
};

const tag = { width: 256, height: 257, tileOffsets: 324, tileByteCounts: 325 };
const entryBytes = 12;

/** The file with a second directory at its end, which the header then points to. */
const enlarged = (small: Buffer): Buffer => {
  const directoryAt = small.readUInt32LE(4);
  const entries = small.readUInt16LE(directoryAt);
  const directory = Buffer.from(small.subarray(directoryAt, directoryAt + 2 + entries * entryBytes + 4));
  const oldColumns = Math.ceil(sceneSide / sceneTile);
  const columns = Math.ceil(largeSide / sceneTile);
  const tables: Buffer[] = [];
  const end = Math.ceil(small.length / 8) * 8;
  let free = end + directory.length + 4;
  for (let at = 2; at < 2 + entries * entryBytes; at += entryBytes) {
    const number = directory.readUInt16LE(at);
    if (number === tag.width || number === tag.height) directory.writeUInt32LE(largeSide, at + 8);
    if (number !== tag.tileOffsets && number !== tag.tileByteCounts) continue;
    const oldTable = directory.readUInt32LE(at + 8);
    const table = Buffer.alloc(columns * columns * 4);
    for (let i = 0; i < columns * columns; i += 1) {
      const row = Math.floor(i / columns) % oldColumns;
      const column = (i % columns) % oldColumns;
      table.writeUInt32LE(small.readUInt32LE(oldTable + 4 * (row * oldColumns + column)), i * 4);
    }
    directory.writeUInt32LE(columns * columns, at + 4);
    directory.writeUInt32LE(free, at + 8);
    free += table.length;
    tables.push(table);
  }
  const header = Buffer.from(small);
  header.writeUInt32LE(end, 4);
  const padding = Buffer.alloc(end - small.length);
  return Buffer.concat([header, padding, directory, Buffer.alloc(4), ...tables]);
};
