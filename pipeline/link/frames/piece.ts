import { varintBytes, varintReader, writeVarint } from "./varint.ts";

/**
 * A stretch of one product's envelope, as it lies in one frame. Small products share a frame; a large one spans many.
 * On the wire: varint length (0: the rest of the frame is idle fill), product, offset, total, then the bytes.
 */
export interface Piece {
  /** `Product.number` of the satellite that sends. */
  readonly product: number;
  /** Where `data` belongs in the envelope. */
  readonly offset: number;
  /** Length of the whole envelope. */
  readonly total: number;
  /** Never empty. */
  readonly data: Uint8Array;
}

/** What a piece takes up in a frame besides its data. */
export const pieceHeaderBytes = (product: number, offset: number, total: number, length: number): number =>
  varintBytes(length) + varintBytes(product) + varintBytes(offset) + varintBytes(total);

/** A sliver costs more in header than it carries; the room is left idle, or to another product. */
const smallestCut = 16;

/**
 * How many bytes of a product of `total` bytes go into a piece that starts at `offset`, ends by `end` and fits into `room`
 * bytes of a frame with its header; 0 when only a sliver would fit.
 */
export const pieceLength = (
  product: number,
  total: number,
  offset: number,
  end: number,
  room: number,
): number => {
  const fixed = varintBytes(product) + varintBytes(offset) + varintBytes(total);
  const afterShortLength = room - fixed - 1;
  const fits = afterShortLength < 0x80 ? afterShortLength : Math.max(0x7f, afterShortLength - 1);
  const length = Math.min(end - offset, fits);
  return length <= 0 || (length < smallestCut && length < end - offset) ? 0 : length;
};

/**
 * The longest piece of `envelope` that starts at `offset`, ends by `end` and fits into `room` bytes of a frame with its
 * header; `null` when only a sliver would fit. Views the envelope, copies nothing.
 */
export const cutPiece = (
  product: number,
  envelope: Uint8Array,
  offset: number,
  end: number,
  room: number,
): Piece | null => {
  const total = envelope.length;
  const length = pieceLength(product, total, offset, end, room);
  return length === 0 ? null : { product, offset, total, data: envelope.subarray(offset, offset + length) };
};

/** Writes a piece; returns where the next one goes. The caller has made sure that it fits. */
export const writePiece = (piece: Piece, into: Uint8Array, at: number): number => {
  let next = writeVarint(into, at, piece.data.length);
  next = writeVarint(into, next, piece.product);
  next = writeVarint(into, next, piece.offset);
  next = writeVarint(into, next, piece.total);
  into.set(piece.data, next);
  return next + piece.data.length;
};

/** The pieces in the data of a frame. */
export interface PiecesReading {
  readonly pieces: readonly Piece[];
  /** Bytes at the end that carry nothing, the zero that says so included. */
  readonly idle: number;
}

/** The pieces in `from[start … end)`, viewing it; `null` when the bytes are not laid out as pieces. */
export const readPieces = (from: Uint8Array, start: number, end: number): PiecesReading | null => {
  const pieces: Piece[] = [];
  let at = start;
  while (at < end) {
    const header = varintReader(from, at, end);
    const length = header.next();
    if (length === 0) return header.ok() ? { pieces, idle: end - at } : null;
    const product = header.next();
    const offset = header.next();
    const total = header.next();
    const data = header.position();
    if (!header.ok() || data + length > end || offset + length > total) return null;
    pieces.push({ product, offset, total, data: from.subarray(data, data + length) });
    at = data + length;
  }
  return { pieces, idle: 0 };
};
