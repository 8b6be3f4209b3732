import { SwathError } from "../../errors.ts";
import type { LinkSegment } from "./segment.ts";

interface Progress {
  turn: number;
  segment: number;
  /** By `turn/segment`: what came before its turn. */
  readonly early: Map<string, LinkSegment>;
}

/**
 * Puts the segments of each contact back into the order of sending, and lets each through once. A publisher that
 * repeats itself after a broken connection can overtake itself; a turn must still end after everything that was sent in
 * it. At most `waiting` segments of a contact wait for one that is outstanding; overflow policy: error.
 */
export class SegmentOrder {
  readonly #waiting: number;
  readonly #contacts = new Map<string, Progress>();

  constructor(options: { readonly waiting: number }) {
    this.#waiting = options.waiting;
  }

  /** The segments that may now be worked on, in order: none while an earlier one is outstanding. */
  accept(segment: LinkSegment): readonly LinkSegment[] {
    const at = this.#contacts.get(segment.contact) ?? { turn: 0, segment: 0, early: new Map() };
    this.#contacts.set(segment.contact, at);
    const isPast = segment.turn < at.turn || (segment.turn === at.turn && segment.segment < at.segment);
    if (isPast) return [];
    at.early.set(`${segment.turn}/${segment.segment}`, segment);
    const ready: LinkSegment[] = [];
    for (;;) {
      const key = `${at.turn}/${at.segment}`;
      const next = at.early.get(key);
      if (next === undefined) break;
      at.early.delete(key);
      ready.push(next);
      if (next.endsTurn) {
        at.turn++;
        at.segment = 0;
      } else at.segment++;
    }
    if (at.early.size > this.#waiting) {
      throw new SwathError("link", {
        what: `segment ${at.segment} of turn ${at.turn} of contact ${segment.contact} never came`,
        got: `${at.early.size} later ones`,
        hint: "the link stream has lost messages: start the run again",
      });
    }
    return ready;
  }
}
