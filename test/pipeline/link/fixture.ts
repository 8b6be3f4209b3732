import {
  frameBytes,
  framesPerSegment,
  packFrame,
  spacecraftId,
} from "../../../pipeline/link/frames/frame.ts";
import { cutPiece } from "../../../pipeline/link/frames/piece.ts";
import type { Piece } from "../../../pipeline/link/frames/piece.ts";
import type { LinkSegment, TurnReport } from "../../../pipeline/link/frames/segment.ts";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import { seeded } from "../../../pipeline/seeded.ts";
import { degrees, instant, metres, seconds } from "../../../pipeline/units.ts";

export const bytesOf = (length: number, seed: number): Uint8Array => {
  const random = seeded("bytes", seed);
  return Uint8Array.from({ length }, () => random.uint32());
};

interface Span {
  readonly product: number;
  readonly start: number;
  readonly end: number;
}

/** The plainest satellite: sends what waits, first come first served, and again what a report names. */
export class PlainSender {
  readonly #envelopes: readonly Uint8Array[];
  readonly #waiting: Span[];
  readonly #sent = new Map<number, readonly Piece[]>();
  readonly #segmentFrames: number;
  #frame = 0;
  #turn = 0;

  constructor(envelopes: readonly Uint8Array[], segmentFrames = framesPerSegment) {
    this.#envelopes = envelopes;
    this.#segmentFrames = segmentFrames;
    this.#waiting = envelopes.map((e, product) => ({ product, start: 0, end: e.length }));
  }

  get isDone(): boolean {
    return this.#waiting.length === 0 && this.#sent.size === 0;
  }

  /** One turn of at most `frames` frames. */
  turn(contact: string, frames: number): LinkSegment[] {
    const segments: LinkSegment[] = [];
    const turn = this.#turn++;
    for (let left = frames; left > 0 && this.#waiting.length > 0; left -= this.#segmentFrames) {
      const firstFrame = this.#frame;
      const parts: Uint8Array[] = [];
      for (let n = Math.min(left, this.#segmentFrames); n > 0 && this.#waiting.length > 0; n--) {
        const coded = new Uint8Array(frameBytes);
        this.#sent.set(
          this.#frame,
          packFrame(spacecraftId("sat"), this.#frame, (room) => this.#take(room), coded, 0),
        );
        this.#frame++;
        parts.push(coded);
      }
      segments.push({
        satellite: "sat",
        station: "gs",
        contact,
        turn,
        segment: segments.length,
        sentFrom: instant(turn),
        sentTo: instant(turn + 1),
        firstFrame,
        frameCount: parts.length,
        frames: Buffer.concat(parts),
        endsTurn: false,
      });
    }
    const last = segments.at(-1);
    if (last) segments[segments.length - 1] = { ...last, endsTurn: true };
    return segments;
  }

  hear(report: TurnReport): void {
    for (const [frame, pieces] of this.#sent) {
      const isMissing =
        !report.heard || report.missing.some(([first, last]) => first <= frame && frame <= last);
      if (isMissing) {
        for (const { product, offset, data } of pieces) {
          this.#waiting.push({ product, start: offset, end: offset + data.length });
        }
      }
      this.#sent.delete(frame);
    }
  }

  #take(room: number): Piece | null {
    const next = this.#waiting[0];
    if (next === undefined) return null;
    const piece = cutPiece(next.product, this.#envelopes[next.product]!, next.start, next.end, room);
    if (piece === null) return null;
    const start = next.start + piece.data.length;
    if (start === next.end) this.#waiting.shift();
    else this.#waiting[0] = { ...next, start };
    return piece;
  }
}

/** A pass of ten minutes: elevation rises from 5° to 65° and falls again, linear between samples 10 s apart. */
export const pass = (aos = 1000): Contact => ({
  id: "sat.gs.0",
  satellite: "sat",
  station: "gs",
  antenna: 0,
  aos: instant(aos),
  lockedAt: instant(aos),
  los: instant(aos + 600),
  backhaul: seconds(0),
  maxElevation: degrees(65),
  samples: Array.from({ length: 61 }, (_, i) => ({
    at: instant(aos + 10 * i),
    elevation: degrees(65 - 2 * Math.abs(30 - i)),
    range: metres(1e6),
  })),
});
