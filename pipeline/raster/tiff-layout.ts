/*
 * The layout of a little-endian TIFF of one image: header, directory, the values that do not fit in it, then the blocks of pixels.
 * TIFF 6.0 (Adobe 1992).
 */

type FieldType = 2 | 3 | 4 | 12;
const fieldBytes: Readonly<Record<FieldType, number>> = { 2: 1, 3: 2, 4: 4, 12: 8 };

/** A field of the directory; the directory wants its fields in the order of their tags. */
export interface TiffField {
  readonly tag: number;
  readonly type: FieldType;
  readonly values: readonly number[];
}

/** A TIFF field of text (type 2), ended by a zero byte. */
export const asciiField = (tag: number, text: string): TiffField => ({
  tag,
  type: 2,
  values: [...Buffer.from(`${text}\0`, "latin1")],
});
/** A TIFF field of unsigned 16-bit numbers (type 3). */
export const shortField = (tag: number, ...values: readonly number[]): TiffField => ({
  tag,
  type: 3,
  values,
});
/** A TIFF field of unsigned 32-bit numbers (type 4). */
export const longField = (tag: number, ...values: readonly number[]): TiffField => ({ tag, type: 4, values });
/** A TIFF field of 64-bit floating-point numbers (type 12). */
export const doubleField = (tag: number, ...values: readonly number[]): TiffField => ({
  tag,
  type: 12,
  values,
});

const writeValue = (buffer: Buffer, type: FieldType, value: number, at: number): void => {
  if (type === 2) buffer.writeUInt8(value, at);
  else if (type === 3) buffer.writeUInt16LE(value, at);
  else if (type === 4) buffer.writeUInt32LE(value, at);
  else buffer.writeDoubleLE(value, at);
};

/** Everything before the pixels; its length depends on counts only, not on values. */
const encodeHead = (fields: readonly TiffField[]): Buffer => {
  const directoryEnd = 8 + 2 + fields.length * 12 + 4;
  const lengths = fields.map(({ type, values }) => fieldBytes[type] * values.length);
  const outside = lengths.reduce((sum, length) => sum + (length > 4 ? length + (length % 2) : 0), 0);
  const head = Buffer.alloc(directoryEnd + outside);
  head.write("II*\0", 0, "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(fields.length, 8);
  let free = directoryEnd;
  for (const [i, { tag, type, values }] of fields.entries()) {
    const entry = 10 + i * 12;
    const length = lengths[i] ?? 0;
    head.writeUInt16LE(tag, entry);
    head.writeUInt16LE(type, entry + 2);
    head.writeUInt32LE(values.length, entry + 4);
    const at = length > 4 ? free : entry + 8;
    if (length > 4) head.writeUInt32LE(free, entry + 8);
    for (const [k, value] of values.entries()) writeValue(head, type, value, at + k * fieldBytes[type]);
    if (length > 4) free += length + (length % 2);
  }
  return head;
};

/**
 * The parts of the file, in order. `fieldsAt` gives the directory for the blocks' offsets and sizes in bytes; how many values a field
 * has must not depend on them.
 */
export const layTiff = (
  blocks: readonly Uint8Array[],
  fieldsAt: (offsets: readonly number[], sizes: readonly number[]) => readonly TiffField[],
): readonly Uint8Array[] => {
  const sizes = blocks.map(({ length }) => length);
  let at = encodeHead(fieldsAt(sizes, sizes)).length;
  const offsets = sizes.map((size) => (at += size) - size);
  return [encodeHead(fieldsAt(offsets, sizes)), ...blocks];
};
