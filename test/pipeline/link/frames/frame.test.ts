import { describe, expect, it } from "vitest";
import fc from "fast-check";
import {
  frameBytes,
  frameDataBytes,
  framesPerSegment,
  packFrame,
  readFrame,
} from "../../../../pipeline/link/frames/frame.ts";
import { cutPiece, pieceHeaderBytes, readPieces } from "../../../../pipeline/link/frames/piece.ts";
import type { Piece } from "../../../../pipeline/link/frames/piece.ts";
import { encodeCheckSymbols } from "../../../../pipeline/link/frames/reed-solomon.ts";

const bytesOf = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7) & 255);

/** Takes the products one after the other. */
const takeAll = (envelopes: readonly Uint8Array[]): ((room: number) => Piece | null) => {
  let product = 0;
  let offset = 0;
  return (room) => {
    const envelope = envelopes[product];
    if (envelope === undefined) return null;
    const piece = cutPiece(product, envelope, offset, envelope.length, room);
    offset += piece?.data.length ?? 0;
    if (offset === envelope.length) {
      product++;
      offset = 0;
    }
    return piece;
  };
};

const oneFrame = (): { coded: Uint8Array; envelope: Uint8Array } => {
  const envelope = bytesOf(700);
  const coded = new Uint8Array(frameBytes);
  packFrame(0x2a5, 0x01020304, takeAll([envelope, bytesOf(90, 2)]), coded, 0);
  return { coded, envelope };
};

describe("coded frames", () => {
  it("are laid out as CCSDS 131.0-B and 132.0-B say", () => {
    const { coded } = oneFrame();
    expect(frameBytes).toBe(1279);
    expect(framesPerSegment * frameBytes).toBeLessThanOrEqual(256 * 1024);
    expect(Buffer.from(coded.subarray(0, 14)).toString("hex")).toBe(
      "1acffc1d" + "2a50" + "0404" + "c001" + "03010203",
    );
  });

  it("carry any sequence of products, whole and in order", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.nat(0x3ff), (lengths, spacecraft) => {
        const envelopes = lengths.map(bytesOf);
        const take = takeAll(envelopes);
        const got = envelopes.map((e) => new Uint8Array(e.length));
        let carried = 0;
        for (let number = 0; carried < lengths.reduce((a, b) => a + b); number++) {
          const coded = new Uint8Array(frameBytes + 2);
          const packed = packFrame(spacecraft, number, take, coded, 2);
          const frame = readFrame(coded, 2);
          if (frame.kind !== "whole") throw new Error(frame.reason);
          expect(frame).toMatchObject({ spacecraft, frameNumber: number, corrected: 0 });
          expect(frame.pieces.map((p) => [p.product, p.offset, p.total])).toEqual(
            packed.map((p) => [p.product, p.offset, p.total]),
          );
          const used = frame.pieces.reduce(
            (sum, { product, offset, total, data }) =>
              sum + data.length + pieceHeaderBytes(product, offset, total, data.length),
            0,
          );
          expect(used + frame.idle).toBe(frameDataBytes);
          for (const { product, offset, data } of frame.pieces) {
            got[product]!.set(data, offset);
            carried += data.length;
          }
        }
        expect(Buffer.concat(got).equals(Buffer.concat(envelopes))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("wastes at most a sliver of a frame while there is something to send", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1101 }),
        fc.integer({ min: 1, max: 1 << 22 }),
        fc.nat(),
        (room, total, at) => {
          const envelope = new Uint8Array(total);
          const piece = cutPiece(7, envelope, at % total, total, room);
          const taken = piece
            ? piece.data.length + pieceHeaderBytes(7, piece.offset, total, piece.data.length)
            : 0;
          expect(taken).toBeLessThanOrEqual(room);
          if (piece && piece.offset + piece.data.length === total) return;
          expect(room - taken).toBeLessThan(piece ? 2 : 28);
        },
      ),
    );
  });

  it("survive what Reed–Solomon can mend, say so, and never pass for whole with other bytes", () => {
    const damage = fc.array(fc.tuple(fc.nat(frameBytes - 1), fc.integer({ min: 1, max: 255 })), {
      maxLength: 140,
    });
    let mended = 0;
    let refused = 0;
    fc.assert(
      fc.property(damage, (hits) => {
        const { coded, envelope } = oneFrame();
        for (const [at, mask] of hits) coded[at]! ^= mask;
        const frame = readFrame(coded, 0);
        if (frame.kind !== "whole") {
          refused++;
          return;
        }
        if (frame.corrected > 0) mended++;
        expect(frame.frameNumber).toBe(0x01020304);
        expect(Buffer.from(frame.pieces[0]!.data).equals(envelope)).toBe(true);
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(mended).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(5);
  });

  it("name what makes a frame useless", () => {
    const { coded } = oneFrame();
    const noMarker = coded.slice();
    noMarker.fill(0, 0, 4);
    expect(readFrame(noMarker, 0)).toEqual({ kind: "corrupt", reason: "sync" });
    expect(readFrame(coded.subarray(0, 1000), 0)).toEqual({ kind: "corrupt", reason: "sync" });
    const beyondRepair = coded.slice().fill(0x55, 200, 600);
    expect(readFrame(beyondRepair, 0)).toEqual({ kind: "corrupt", reason: "uncorrectable" });
  });

  it("need their CRC: a codeword that decodes to another one does not pass", () => {
    const { coded } = oneFrame();
    coded[20]! ^= 1;
    encodeCheckSymbols(coded, 4);
    expect(readFrame(coded, 0)).toEqual({ kind: "corrupt", reason: "uncorrectable" });
  });

  it("refuses a piece that does not fit", () => {
    const tooLong = { product: 1, offset: 0, total: 2000, data: new Uint8Array(1100) };
    expect(() => packFrame(1, 0, () => tooLong, new Uint8Array(frameBytes), 0)).toThrow(
      /does not fit its frame: wanted 1 to 1101 bytes/,
    );
    expect(() => packFrame(1, 0, () => null, new Uint8Array(10), 0)).toThrow(/too small/);
  });

  it("reads any bytes as pieces or refuses them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const reading = readPieces(noise, 0, noise.length);
        for (const { offset, total, data } of reading?.pieces ?? []) {
          expect(data.length).toBeGreaterThan(0);
          expect(offset + data.length).toBeLessThanOrEqual(total);
        }
      }),
    );
  });
});
