import { crc32 } from "node:zlib";
import { SwathError } from "../../errors.ts";
import {
  macBytes,
  securityHeaderBytes,
  type FrameRefusal,
  type OpenFrame,
  type SealFrame,
} from "./frame-security.ts";
import { pieceHeaderBytes, readPieces, writePiece } from "./piece.ts";
import type { Piece, PiecesReading } from "./piece.ts";
import { correctCodeblock } from "./reed-solomon-correction.ts";
import { codeblockBytes, encodeCheckSymbols, messageBytes } from "./reed-solomon.ts";

/*
 * One coded frame, 1,279 bytes:
 *
 *     0     4  attached sync marker 0x1ACFFC1D                              CCSDS 131.0-B §9
 *     4     6  TM primary header: version 0, spacecraft, virtual channel 0  CCSDS 132.0-B §4.1.2
 *    10     4  secondary header: 24 high bits of the 32-bit frame number    CCSDS 132.0-B §4.1.3
 *    14 1,101  data field: pieces of products, idle fill                    ./piece.ts
 * 1,115     4  CRC-32 (IEEE 802.3) of bytes 4 … 1,114
 * 1,119   160  Reed–Solomon check symbols of bytes 4 … 1,118                ./reed-solomon.ts
 *
 * The CRC stands where the optional 16-bit error control field would: 16 bits let one frame in 65,536 that the decoder
 * "corrected" to something else pass, and what a station accepts must be what was sent. The data is a VCA_SDU
 * (synchronisation flag 1), which leaves 14 bits of the status field to the mission: they hold the layout's version, 2 where a security
 * header and trailer stand around the data (./frame-security.ts).
 * The pseudo-randomiser is left out: it keeps real demodulators in lock and changes no count of bytes.
 */
const syncMarker = 0x1acffc1d;
const clearLayout = 1;
const protectedLayout = 2;
const headerAt = 4;
/** Where the data, or the security header before it, begins. */
const dataAt = 14;
const crcAt = headerAt + messageBytes - 4;

/** A whole coded frame. */
export const frameBytes = headerAt + codeblockBytes;

/** Where the data of a protected frame begins and ends. */
const sealedDataAt = dataAt + securityHeaderBytes;
const macAt = crcAt - macBytes;

/** What one frame that is not protected carries of pieces, headers of pieces included. */
export const frameDataBytes = crcAt - dataAt;

/** As many frames as fit, with the segment's own header, into a NATS message of 256 KiB. */
export const framesPerSegment = Math.floor((256 * 1024 - 1024) / frameBytes);

/** The 10-bit spacecraft identifier that a simulated satellite sends under: a hash of its name. */
export const spacecraftId = (satellite: string): number => crc32(satellite) & 0x3ff;

/** Offers the next piece for a frame with `room` bytes left, header included (see `cutPiece`); `null` to leave it idle. */
export type TakePiece = (room: number) => Piece | null;

/**
 * Packs one coded frame into `into` at `at` and returns the pieces that it carries, so that the sender can send them
 * again when the station names the frame missing. With `seal` it is protected, and carries 22 bytes less.
 */
export const packFrame = (
  spacecraft: number,
  frameNumber: number,
  take: TakePiece,
  into: Uint8Array,
  at: number,
  seal: SealFrame | null = null,
): readonly Piece[] => {
  const frame = into.subarray(at, at + frameBytes);
  if (frame.length < frameBytes) {
    throw new SwathError("link", {
      what: "buffer too small for a frame",
      wanted: `${frameBytes} bytes`,
      got: `${frame.length}`,
    });
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frameBytes);
  view.setUint32(0, syncMarker);
  view.setUint16(4, (spacecraft & 0x3ff) << 4);
  frame[6] = frameNumber; // Master and virtual channel counts: one channel only, so they agree.
  frame[7] = frameNumber;
  view.setUint16(8, 0xc000 | (seal === null ? clearLayout : protectedLayout)); // Secondary header present, synchronisation flag set.
  view.setUint32(10, (3 << 24) | (frameNumber >>> 8)); // Secondary header of length 3 + 1.

  const pieces: Piece[] = [];
  const end = seal === null ? crcAt : macAt;
  let next = seal === null ? dataAt : sealedDataAt;
  while (next < end) {
    const room = end - next;
    const piece = take(room);
    if (piece === null) break;
    const taken =
      pieceHeaderBytes(piece.product, piece.offset, piece.total, piece.data.length) + piece.data.length;
    if (taken > room || piece.data.length === 0) {
      throw new SwathError("link", {
        what: `piece of product ${piece.product} does not fit its frame`,
        wanted: `1 to ${room} bytes`,
        got: `${taken}`,
      });
    }
    next = writePiece(piece, frame, next);
    pieces.push(piece);
  }
  frame.fill(0, next, end);
  seal?.(frame);
  view.setUint32(crcAt, crc32(frame.subarray(headerAt, crcAt)));
  encodeCheckSymbols(frame, headerAt);
  return pieces;
};

/** What a station reads in a frame: the whole frame, or why it is none. */
export type FrameReading =
  | ({
      readonly kind: "whole";
      readonly spacecraft: number;
      readonly frameNumber: number;
      /** Symbols that Reed–Solomon put right; 0 when the frame arrived as sent. */
      readonly corrected: number;
    } & PiecesReading)
  | { readonly kind: "corrupt"; readonly reason: "sync" | "uncorrectable" | "layout" }
  /** Whole, and yet not from the satellite that shares its key with us. */
  | { readonly kind: "refused"; readonly reason: FrameRefusal };

/** How many of the marker's 32 bits may be wrong: the frames' fixed length keeps the receiver in step beyond that of one frame. */
const syncTolerance = 4;

/**
 * Reads the coded frame at `at`. When the CRC fails the Reed–Solomon decoder runs, in place, and the CRC judges again;
 * pieces view the buffer. With `open` only a protected frame is taken, and is opened in place; without it only one that is not.
 */
export const readFrame = (from: Uint8Array, at: number, open: OpenFrame | null = null): FrameReading => {
  const frame = from.subarray(at, at + frameBytes);
  if (frame.length < frameBytes) return { kind: "corrupt", reason: "sync" };
  const view = new DataView(frame.buffer, frame.byteOffset, frameBytes);
  if (bitsSet(view.getUint32(0) ^ syncMarker) > syncTolerance) return { kind: "corrupt", reason: "sync" };
  let corrected = 0;
  if (!crcHolds(frame, view)) {
    const symbols = correctCodeblock(frame, headerAt);
    if (symbols === null || !crcHolds(frame, view)) return { kind: "corrupt", reason: "uncorrectable" };
    corrected = symbols;
  }
  const layout = view.getUint16(8) & 0x3fff;
  const isFrame = view.getUint16(8) >>> 14 === 3 && frame[10] === 3;
  const isRead = layout === (open === null ? clearLayout : protectedLayout);
  if (isFrame && !isRead && open !== null && layout === clearLayout)
    return { kind: "refused", reason: "clear" };
  if (!isFrame || !isRead) return { kind: "corrupt", reason: "layout" };
  const refusal = open?.(frame) ?? null;
  if (refusal !== null) return { kind: "refused", reason: refusal };
  const content = open === null ? readPieces(frame, dataAt, crcAt) : readPieces(frame, sealedDataAt, macAt);
  if (content === null) return { kind: "corrupt", reason: "layout" };
  const frameNumber = (((view.getUint32(10) & 0xffffff) << 8) | frame[7]!) >>> 0;
  return { kind: "whole", spacecraft: (view.getUint16(4) >>> 4) & 0x3ff, frameNumber, corrected, ...content };
};

const crcHolds = (frame: Uint8Array, view: DataView): boolean =>
  view.getUint32(crcAt) === crc32(frame.subarray(headerAt, crcAt));

const bitsSet = (word: number): number => {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
};
