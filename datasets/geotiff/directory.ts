import { SwathError } from "../../pipeline/errors.ts";
import type { FileBytes } from "./file-bytes.ts";
import { fieldTypeBytes } from "./tag.ts";

/** One field of a directory: where its values lie, not yet read. */
export interface Field {
  readonly type: number;
  readonly count: number;
  readonly offsetBytes: number;
}

/** One image file directory: what it says of one image, by tag number. */
export type Directory = ReadonlyMap<number, Field>;

/** An open TIFF or BigTIFF file with its image file directories. */
export interface Tiff {
  readonly bytes: FileBytes;
  readonly littleEndian: boolean;
  /** In file order: the main image first. Never empty. */
  readonly directories: readonly Directory[];
}

// Real files stay far below: 30 overviews and masks, 60 fields. Above is damage or an attack.
const maxDirectories = 256;
const maxFields = 4096;
/** Fields that describe an image are short; only lists of blocks and embedded texts are longer. */
const maxFieldBytes = 65_536;

const corrupt = (path: string, what: string, wanted?: string, got?: string): SwathError =>
  new SwathError("raster", {
    what: `${path}: ${what}`,
    ...(wanted !== undefined && { wanted }),
    ...(got !== undefined && { got }),
  });

const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

const readUint64 = (view: DataView, at: number, littleEndian: boolean): number =>
  // Above 2^53 it is inexact, but then it is also beyond the end of any file, and refused as such.
  Number(view.getBigUint64(at, littleEndian));

/**
 * Walks the chain of directories of a TIFF or BigTIFF. Every count and offset is checked against the file before
 * anything is allocated. Throws `SwathError("raster")` for anything malformed, loops included.
 */
export const readTiff = async (bytes: FileBytes): Promise<Tiff> => {
  const { path } = bytes;
  const head = viewOf(await bytes.read(0, Math.min(16, bytes.size)));
  const order = head.byteLength >= 8 ? head.getUint16(0) : 0;
  if (order !== 0x4949 && order !== 0x4d4d) throw corrupt(path, "not a TIFF", "II or MM at its start");
  const littleEndian = order === 0x4949;
  const version = head.getUint16(2, littleEndian);
  if (version !== 42 && version !== 43) throw corrupt(path, "not a TIFF", "version 42 or 43", `${version}`);
  const big = version === 43;
  if (big && (head.byteLength < 16 || head.getUint16(4, littleEndian) !== 8)) {
    throw corrupt(path, "damaged BigTIFF header", "8-byte offsets");
  }
  const countBytes = big ? 8 : 2;
  const fieldBytes = big ? 20 : 12;
  const offsetBytes = big ? 8 : 4;
  const readOffset = (view: DataView, at: number): number =>
    big ? readUint64(view, at, littleEndian) : view.getUint32(at, littleEndian);

  const directories: Directory[] = [];
  const seen = new Set<number>();
  let next = readOffset(head, big ? 8 : 4);
  while (next !== 0) {
    if (seen.has(next)) throw corrupt(path, `directory ${directories.length} loops back to offset ${next}`);
    if (directories.length === maxDirectories) throw corrupt(path, `more than ${maxDirectories} directories`);
    seen.add(next);
    const counted = viewOf(await bytes.read(next, countBytes));
    const fieldCount = big ? readUint64(counted, 0, littleEndian) : counted.getUint16(0, littleEndian);
    if (fieldCount < 1 || fieldCount > maxFields) {
      throw corrupt(
        path,
        `damaged directory ${directories.length}`,
        `1 to ${maxFields} fields`,
        `${fieldCount}`,
      );
    }
    const at = next + countBytes;
    const view = viewOf(await bytes.read(at, fieldCount * fieldBytes + offsetBytes));
    const directory = new Map<number, Field>();
    for (let i = 0; i < fieldCount; i++) {
      const start = i * fieldBytes;
      const type = view.getUint16(start + 2, littleEndian);
      const count = readOffset(view, start + 4);
      const inline = (fieldTypeBytes[type] ?? 0) * count <= offsetBytes;
      const valueAt = start + 4 + offsetBytes;
      directory.set(view.getUint16(start, littleEndian), {
        type,
        count,
        offsetBytes: inline ? at + valueAt : readOffset(view, valueAt),
      });
    }
    directories.push(directory);
    next = readOffset(view, fieldCount * fieldBytes);
  }
  if (directories.length === 0) throw corrupt(path, "a TIFF without an image");
  return { bytes, littleEndian, directories };
};

/** The bytes of a field's values as they lie in the file; `null` when the directory has no such field. */
export const readFieldBytes = async (
  tiff: Tiff,
  directory: Directory,
  tag: number,
  mostBytes: number = maxFieldBytes,
): Promise<Uint8Array | null> => {
  const field = directory.get(tag);
  if (field === undefined) return null;
  const length = field.count * (fieldTypeBytes[field.type] ?? 0);
  if (length < 1 || length > mostBytes) {
    const got = `${field.count} of type ${field.type}`;
    throw corrupt(tiff.bytes.path, `damaged TIFF field ${tag}`, `1 to ${mostBytes} bytes of values`, got);
  }
  return tiff.bytes.read(field.offsetBytes, length);
};

/** A field's values as numbers; `null` when the directory has no such field. */
export const readNumbers = async (
  tiff: Tiff,
  directory: Directory,
  tag: number,
  mostBytes: number = maxFieldBytes,
): Promise<Float64Array | null> => {
  const data = await readFieldBytes(tiff, directory, tag, mostBytes);
  if (data === null) return null;
  const { type, count } = directory.get(tag)!;
  const { littleEndian } = tiff;
  const view = viewOf(data);
  const size = fieldTypeBytes[type]!;
  const readers: Partial<Record<number, (at: number) => number>> = {
    1: (at) => view.getUint8(at),
    3: (at) => view.getUint16(at, littleEndian),
    4: (at) => view.getUint32(at, littleEndian),
    5: (at) => view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian),
    8: (at) => view.getInt16(at, littleEndian),
    9: (at) => view.getInt32(at, littleEndian),
    11: (at) => view.getFloat32(at, littleEndian),
    12: (at) => view.getFloat64(at, littleEndian),
    13: (at) => view.getUint32(at, littleEndian),
    16: (at) => readUint64(view, at, littleEndian),
    18: (at) => readUint64(view, at, littleEndian),
  };
  const readAt = readers[type];
  if (readAt === undefined)
    throw corrupt(tiff.bytes.path, `damaged TIFF field ${tag}`, "numbers", `type ${type}`);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = readAt(i * size);
  return numbers;
};

/** A text field without its terminating NUL; `null` when the directory has no such field. */
export const readText = async (
  tiff: Tiff,
  directory: Directory,
  tag: number,
  mostBytes: number = maxFieldBytes,
): Promise<string | null> => {
  const data = await readFieldBytes(tiff, directory, tag, mostBytes);
  if (data === null) return null;
  const end = data.indexOf(0);
  return Buffer.from(end < 0 ? data : data.subarray(0, end)).toString("utf8");
};
