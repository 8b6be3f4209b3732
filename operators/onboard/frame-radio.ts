import { frameBytes, framesPerSegment, packFrame } from "../../pipeline/link/frames/frame.ts";
import type { SealFrame } from "../../pipeline/link/frames/frame-security.ts";
import { addUsage, metered, noUsage, type LinkMeter } from "../../pipeline/link/frames/metered.ts";
import type { Piece } from "../../pipeline/link/frames/piece.ts";
import type { LinkRate } from "../../pipeline/link/rate/link-rate.ts";
import type { LinkSegment, TurnReport } from "../../pipeline/link/frames/segment.ts";
import type { Transmitter } from "../flight/downlink.ts";
import type { StoredProduct } from "../flight/store.ts";
import { departure, framesOf, type PlannedPiece } from "../flight/turn.ts";

/** What the radio needs to put real frames on the link. */
export interface FrameRadio {
  readonly satellite: string;
  /** Stands in the frame header. */
  readonly spacecraftId: number;
  readonly rate: LinkRate;
  /** Protects what goes to a station; `null`: nothing does. */
  readonly seal: ((station: string) => SealFrame) | null;
  /** Counts what goes through `send`, from the frames themselves. */
  readonly meter: LinkMeter;
  /** The one way down. */
  readonly send: (segment: LinkSegment) => Promise<void>;
  /** The station's answer to a turn. */
  readonly report: (contact: string, turn: number) => Promise<TurnReport>;
  /** The envelope of a stored product. */
  readonly read: (product: StoredProduct) => Promise<Uint8Array>;
}

const cut = ({ product, offset, length }: PlannedPiece, envelope: Uint8Array): Piece => ({
  product: product.number,
  offset,
  total: envelope.length,
  data: envelope.subarray(offset, offset + length),
});

const takeFrom = (pieces: readonly Piece[]): (() => Piece | null) => {
  let at = 0;
  return () => pieces[at++] ?? null;
};

/** Packs planned turns into coded frames and sends them in segments; the last segment of a turn asks for the report. */
export const frameTransmitter =
  (radio: FrameRadio): Transmitter =>
  async (contact, turn, plan) => {
    let usage = noUsage;
    const send = metered(radio.send, radio.meter, (more) => {
      usage = addUsage(usage, more);
    });
    const seal = radio.seal?.(contact.station) ?? null;
    const frames = framesOf(plan);
    let sent = 0;
    for (let segment = 0; segment === 0 || sent < plan.frames; segment++) {
      const frameCount = Math.min(framesPerSegment, plan.frames - sent);
      const buffer = new Uint8Array(frameCount * frameBytes);
      for (let n = 0; n < frameCount; n++) {
        const planned = frames.next().value as readonly PlannedPiece[];
        const pieces: Piece[] = [];
        for (const piece of planned) pieces.push(cut(piece, await radio.read(piece.product)));
        const number = plan.firstFrame + sent + n;
        packFrame(radio.spacecraftId, number, takeFrom(pieces), buffer, n * frameBytes, seal);
      }
      await send({
        satellite: radio.satellite,
        station: contact.station,
        contact: contact.id,
        turn,
        segment,
        sentFrom: departure(contact, radio.rate, plan, sent),
        sentTo: departure(contact, radio.rate, plan, sent + frameCount),
        firstFrame: plan.firstFrame + sent,
        frameCount,
        frames: buffer,
        endsTurn: sent + frameCount === plan.frames,
      });
      sent += frameCount;
    }
    return { usage, report: await radio.report(contact.id, turn) };
  };
