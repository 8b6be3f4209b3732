import { frameBytes, readFrame, spacecraftId } from "../frames/frame.ts";
import type { FrameRefusal, OpenFrame } from "../frames/frame-security.ts";
import type { Piece } from "../frames/piece.ts";
import { RangeSet } from "../frames/ranges.ts";
import type { LinkSegment, TurnReport } from "../frames/segment.ts";

/** What became of the frames of a segment: `sent = intact + corrected + corrupt + duplicate + lost + refused`. */
export interface FrameCounts {
  readonly sent: number;
  readonly intact: number;
  /** Put right by Reed–Solomon. */
  readonly corrected: number;
  readonly corrupt: number;
  /** Whole, but had been received before. */
  readonly duplicate: number;
  /** Never heard: the whole segment was lost. */
  readonly lost: number;
  /** Whole, but not genuine: not heard, and asked for again. */
  readonly refused: number;
  /** Symbols that Reed–Solomon put right in the corrected frames. */
  readonly correctedSymbols: number;
}

/** What a receiver made of one segment. */
export interface Reception {
  /** From the frames that arrived whole for the first time, in order of frames; they view `segment.frames`. */
  readonly pieces: readonly Piece[];
  readonly counts: FrameCounts;
  /** Why frames were refused, one entry a frame. */
  readonly refusals: readonly FrameRefusal[];
  /** The answer to the satellite, when the segment ends its turn. */
  readonly report: TurnReport | null;
}

interface ContactState {
  /** Frames below have been spoken of in a report. */
  reportedTo: number;
  readonly received: RangeSet;
  heardInTurn: boolean;
}

/**
 * A station's receiver for one satellite: checks frames, puts right what it can, and names what is missing.
 *
 * Takes the segments of a contact in order (`SegmentOrder`). A report names the frames that are missing since the last
 * report that was heard; the satellite sends their pieces again in new frames, so no frame is named twice. A turn of
 * which nothing was heard is reported as such: the satellite takes all of it for missing, and so does the next report.
 * Any frame that arrives in a turn lets the report go up, even when an outage began before the turn's end.
 */
export class FrameReceiver {
  readonly #spacecraft: number;
  readonly #open: OpenFrame | null;
  readonly #contacts = new Map<string, ContactState>();

  /** `open`: where the link is protected. */
  constructor(satellite: string, open: OpenFrame | null = null) {
    this.#spacecraft = spacecraftId(satellite);
    this.#open = open;
  }

  /** Puts frames right in place: `segment.frames` must not be shared with anyone who wants them as they came. */
  accept(segment: LinkSegment): Reception {
    const state = this.#contacts.get(segment.contact) ?? {
      reportedTo: 0,
      received: new RangeSet(),
      heardInTurn: false,
    };
    this.#contacts.set(segment.contact, state);
    const pieces: Piece[] = [];
    const refusals: FrameRefusal[] = [];
    const counts = {
      sent: segment.frameCount,
      intact: 0,
      corrected: 0,
      corrupt: 0,
      duplicate: 0,
      lost: segment.frames.length === 0 ? segment.frameCount : 0,
      refused: 0,
      correctedSymbols: 0,
    };
    for (let at = 0; at < segment.frames.length; at += frameBytes) {
      const frame = readFrame(segment.frames, at, this.#open);
      if (frame.kind === "refused") {
        counts.refused++;
        refusals.push(frame.reason);
        continue;
      }
      const number = segment.firstFrame + at / frameBytes;
      const isOurs =
        frame.kind === "whole" && frame.frameNumber === number && frame.spacecraft === this.#spacecraft;
      if (!isOurs) counts.corrupt++;
      else if (number < state.reportedTo || state.received.add(number, number).length === 0)
        counts.duplicate++;
      else {
        if (frame.corrected > 0) counts.corrected++;
        else counts.intact++;
        counts.correctedSymbols += frame.corrected;
        pieces.push(...frame.pieces);
      }
      if (isOurs) state.heardInTurn = true;
    }
    return { pieces, counts, refusals, report: segment.endsTurn ? this.#endTurn(segment, state) : null };
  }

  #endTurn(segment: LinkSegment, state: ContactState): TurnReport {
    const end = segment.firstFrame + segment.frameCount;
    const heard = state.heardInTurn;
    const missing = heard ? state.received.missing(state.reportedTo, end - 1) : [];
    if (heard) {
      state.reportedTo = Math.max(state.reportedTo, end);
      state.received.clear();
    }
    state.heardInTurn = false;
    return { contact: segment.contact, turn: segment.turn, missing, heard };
  }
}
