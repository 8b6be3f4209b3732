import { longestMessage } from "../message.ts";

/** A message of a stream. */
export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Counts from 1 in its stream: follow `{ after: seq }` to go on from here. */
  readonly seq: number;
  /** "" when it was published without one. */
  readonly msgId: string;
  /** "" when it is not signed. */
  readonly signature: string;
}

/*
 * A server may take shorter messages than a link segment is (`max_payload`). Such a message travels in parts, each a message of its own with
 * the header below; whoever follows the stream gets it whole. Ledgers count segments, so nothing of this enters a result.
 */

/** `2/5`: the second of five parts. */
export const partHeader = "Swath-Part";

/** What a server's `max_payload` also has to hold besides the message, bytes. */
const headerRoom = 1024;

/** The shortest `max_payload` that parts are cut for; bytes. */
export const leastPayload = 8192;

/** Cuts a message into parts that a server takes; one part where it takes the whole. */
export const cutMessage = (payload: Uint8Array, maxPayload: number): readonly Uint8Array[] => {
  const most = maxPayload - headerRoom;
  const count = Math.max(1, Math.ceil(payload.length / most));
  return Array.from({ length: count }, (_, i) => payload.subarray(i * most, (i + 1) * most));
};

/** Message id of a part. */
export const partId = (msgId: string, index: number): string => `${msgId}.part${index + 1}`;

/** `[index, count]` of a part, from 0; `null` where the header is none. */
const parsePart = (text: string): readonly [index: number, count: number] | null => {
  const [, number = "", count = ""] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const [index, of] = [Number(number) - 1, Number(count)];
  return index >= 0 && index < of && of >= 2 ? [index, of] : null;
};

/** Messages begun at once: each publisher has at most one on a subject. Beyond it the oldest is dropped: its publisher is gone. */
const mostBegun = 256;

interface Begun {
  /** By their place: only what has arrived takes room. */
  readonly parts: Map<number, Uint8Array>;
  bytes: number;
}

/** Puts parts together again, as they come. */
export class MessageParts {
  readonly #begun = new Map<string, Begun>();

  /** The whole message once its last part is there; `null` until then, and for what is no part of anything. */
  accept(part: BusMessage, header: string): BusMessage | null {
    const place = parsePart(header);
    if (place === null) return null;
    const [index, count] = place;
    const msgId = part.msgId.replace(/\.part\d+$/, "");
    const key = `${part.subject} ${msgId} ${count}`;
    const begun = this.#begun.get(key) ?? this.#begin(key);
    begun.bytes += part.data.length - (begun.parts.get(index)?.length ?? 0);
    begun.parts.set(index, part.data);
    if (begun.bytes > longestMessage) this.#begun.delete(key);
    if (begun.parts.size < count || begun.bytes > longestMessage) return null;
    this.#begun.delete(key);
    const parts = Array.from({ length: count }, (_, i) => begun.parts.get(i) ?? new Uint8Array());
    return { ...part, msgId, data: Buffer.concat(parts) };
  }

  #begin(key: string): Begun {
    if (this.#begun.size >= mostBegun) {
      const [oldest] = this.#begun.keys();
      if (oldest !== undefined) this.#begun.delete(oldest);
    }
    const begun: Begun = { parts: new Map(), bytes: 0 };
    this.#begun.set(key, begun);
    return begun;
  }
}
