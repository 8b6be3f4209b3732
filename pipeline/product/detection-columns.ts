/** Detections as columns, one entry a detection; boxes in whole steps of the wire grid. */
export interface DetectionColumns {
  readonly class: Uint8Array;
  readonly score: Uint8Array;
  /** Left and upper edge, … */
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** … and how far the box reaches from there. */
  readonly width: Uint16Array;
  readonly height: Uint16Array;
}

/** Columns of one byte an entry, in wire order. */
export const byteColumns = ["class", "score"] as const;
/** Columns of two bytes an entry, in wire order after `byteColumns`. */
export const wordColumns = ["x", "y", "width", "height"] as const;

/** Arrow pads every buffer to 8 bytes. */
const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Bytes of the body for this many detections. */
export const bodyLength = (count: number): number =>
  byteColumns.length * padded(count) + wordColumns.length * padded(2 * count);

/** The body of an Arrow record batch of these columns: little-endian, no validity bitmaps. */
export const writeBody = (columns: DetectionColumns): Uint8Array => {
  const count = columns.class.length;
  const body = new Uint8Array(bodyLength(count));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const name of byteColumns) {
    body.set(columns[name], at);
    at += padded(count);
  }
  for (const name of wordColumns) {
    columns[name].forEach((value, i) => view.setUint16(at + 2 * i, value, true));
    at += padded(2 * count);
  }
  return body;
};

/** The columns of a body of `bodyLength(count)` bytes. */
export const readBody = (body: Uint8Array, count: number): DetectionColumns => {
  const view = new DataView(body.buffer, body.byteOffset);
  const bytesAt = (at: number) => body.slice(at, at + count);
  const wordsAt = (at: number) =>
    Uint16Array.from({ length: count }, (_, i) => view.getUint16(at + 2 * i, true));
  const words = byteColumns.length * padded(count);
  const word = padded(2 * count);
  return {
    class: bytesAt(0),
    score: bytesAt(padded(count)),
    x: wordsAt(words),
    y: wordsAt(words + word),
    width: wordsAt(words + 2 * word),
    height: wordsAt(words + 3 * word),
  };
};
