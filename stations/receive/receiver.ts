import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { frameBytes } from "../../pipeline/link/frames/frame.ts";
import { lightTime } from "../../pipeline/link/rate/light-time.ts";
import { timeToSend } from "../../pipeline/link/rate/link-rate.ts";
import { FrameReceiver, type FrameCounts } from "../../pipeline/link/transfer/reception.ts";
import { uplinkBytes } from "../../pipeline/link/transfer/turn-report.ts";
import { SegmentOrder } from "../../pipeline/link/frames/segment-order.ts";
import type { FrameRefusal } from "../../pipeline/link/frames/frame-security.ts";
import { openFrameGate, type LinkSecurity } from "../../pipeline/link/security/link-security.ts";
import type { LinkSegment, TurnReport } from "../../pipeline/link/frames/segment.ts";
import type { StationCount, StationLedger } from "../../pipeline/mission/ledger.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { bytes, instant, later, type Instant } from "../../pipeline/units.ts";
import type { Backhaul, HeardPiece } from "./ground-message.ts";

/** What follows from one segment: pieces for the mission centre, and at the end of a turn the answer. */
export interface Heard {
  readonly segment: LinkSegment;
  readonly backhaul: Backhaul | null;
  readonly report: TurnReport | null;
  /** Why frames were refused, one entry a frame. */
  readonly refusals: readonly FrameRefusal[];
}

type Counts = { -readonly [Key in keyof StationCount]: StationCount[Key] };

/** Instants are rounded where they are added up; seconds. */
const clockSlack = 1e-3;

/** Segments of one contact that may wait for one that is late; a publisher has no more than this under way. */
const waitingSegments = 1024;

/**
 * The receiving end of one station: a fold over the segments that its satellites send, whatever the order between
 * satellites. The same segments give the same answers, so a station that died is simply shown them again.
 */
export class Receiver {
  readonly #station: string;
  readonly #rate: RunPlan["rate"];
  readonly #contacts: ReadonlyMap<string, Contact>;
  readonly #order = new SegmentOrder({ waiting: waitingSegments });
  readonly #receivers = new Map<string, FrameReceiver>();
  readonly #counts = new Map<string, Counts>();
  readonly #refused = new Map<FrameRefusal, number>();
  readonly #security: LinkSecurity | null;
  readonly #protection: RunPlan["protection"];
  /** When what is being opened was sent. */
  #sentTo = instant(0);

  /** `security`: the keys, where the plan protects its links. */
  constructor(plan: RunPlan, station: string, security: LinkSecurity | null = null) {
    this.#security = security;
    this.#protection = plan.protection;
    this.#station = station;
    this.#rate = plan.rate;
    const ours = plan.contacts.contacts.filter((contact) => contact.station === station);
    this.#contacts = new Map(ours.map((contact) => [contact.id, contact]));
  }

  /** Takes a segment in; returns what follows from it and from those that waited for it. */
  accept(arrived: LinkSegment): readonly Heard[] {
    const contact = this.#contactOf(arrived);
    return this.#order.accept(arrived).map((segment) => {
      const { satellite } = segment;
      this.#sentTo = segment.sentTo;
      const { pieces, counts, refusals, report } = this.#receiverOf(satellite).accept(segment);
      this.#count(satellite, counts, report);
      for (const reason of refusals) this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
      const heard = pieces.map((piece): HeardPiece => {
        // Pieces view the frames that they came in.
        const frame = Math.floor((piece.data.byteOffset - segment.frames.byteOffset) / frameBytes);
        const [sentAt, heardAt] = [
          this.#sentAt(contact, segment, frame),
          this.#heardAt(contact, segment, frame),
        ];
        return { ...piece, sentAt, heardAt };
      });
      const backhaul = heard.length > 0 ? { station: this.#station, satellite, pieces: heard } : null;
      return { segment, backhaul, report, refusals };
    });
  }

  /** The contact that a segment came in. Throws `SwathError("link")` for one that cannot have: nothing of it is taken. */
  #contactOf({ contact: id, satellite, station, sentFrom, sentTo }: LinkSegment): Contact {
    const contact = this.#contacts.get(id);
    if (contact === undefined || contact.satellite !== satellite || station !== this.#station) {
      throw new SwathError("link", {
        what: `station ${this.#station} heard contact ${id} of ${satellite}, which is not in its plan`,
        hint: "start every node with the same run",
      });
    }
    if (sentFrom < contact.aos - clockSlack || sentTo < sentFrom || sentTo > contact.los + clockSlack) {
      throw new SwathError("link", {
        what: `station ${this.#station} heard ${satellite} outside of contact ${id}`,
        wanted: `from ${contact.aos} to ${contact.los}`,
        got: `${sentFrom} to ${sentTo}`,
      });
    }
    return contact;
  }

  #receiverOf(satellite: string): FrameReceiver {
    const known = this.#receivers.get(satellite);
    if (known !== undefined) return known;
    const gate =
      this.#security === null
        ? null
        : openFrameGate(this.#security, satellite, this.#station, () => this.#sentTo);
    const receiver = new FrameReceiver(satellite, gate);
    this.#receivers.set(satellite, receiver);
    return receiver;
  }

  /** When this number of frames of a segment has left the satellite. */
  #sentAt(contact: Contact, { sentFrom, sentTo }: LinkSegment, frames: number): Instant {
    if (frames === 0) return sentFrom;
    const sent = timeToSend(contact, this.#rate, sentFrom, bytes(frames * frameBytes)) ?? sentTo;
    return instant(Math.min(sent, sentTo));
  }

  /** A frame is in hand when its last bit is, so that a result in the first does not wait for an image in the last. */
  #heardAt(contact: Contact, segment: LinkSegment, frame: number): Instant {
    const lastBit = this.#sentAt(contact, segment, frame + 1);
    return later(lastBit, lightTime(contact, lastBit));
  }

  get ledger(): StationLedger {
    return {
      schema: "swath-station-ledger/1",
      station: this.#station,
      satellites: [...this.#counts.values()].toSorted((a, b) => (a.satellite < b.satellite ? -1 : 1)),
      ...(this.#refused.size === 0 ? {} : { refused: Object.fromEntries(this.#refused) }),
    };
  }

  #count(satellite: string, counts: FrameCounts, report: TurnReport | null): void {
    const sum = this.#counts.get(satellite) ?? {
      satellite,
      frames: 0,
      acceptedFrames: 0,
      correctedFrames: 0,
      corruptFrames: 0,
      lostFrames: 0,
      reports: 0,
      uplink: bytes(0),
    };
    this.#counts.set(satellite, sum);
    sum.frames += counts.sent;
    sum.acceptedFrames += counts.intact + counts.corrected;
    sum.correctedFrames += counts.corrected;
    sum.corruptFrames += counts.corrupt;
    sum.lostFrames += counts.lost;
    if (report !== null) {
      if (report.heard) sum.reports++;
      sum.uplink = bytes(sum.uplink + uplinkBytes(report, this.#protection));
    }
  }
}
