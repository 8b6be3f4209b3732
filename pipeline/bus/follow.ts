import type { ConsumerMessages, JsMsg } from "@nats-io/jetstream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "./connection.ts";
import { signatureHeader } from "./publisher.ts";
import { MessageParts, partHeader, type BusMessage } from "./message-parts.ts";
import { interruption, openConsumer, requirePassing, streamState } from "./stream-consumer.ts";

/** Where a reader of a stream starts and when it ends. */
export interface FollowOptions {
  /** `{ after: 0 }` is the start; `last` the last message on a subject without wildcards, where there is one. */
  readonly from: "start" | "new" | "last" | { readonly after: number };
  /** "caught-up": ends once everything that was there at the call has been given. Default: goes on for ever. */
  readonly until?: "caught-up";
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

/** Held by the client ahead of the reader, about; bytes. Overflow policy: block, the rest stays on the server. */
const readAhead = 8 * 1024 * 1024;

/**
 * The messages of `stream` on `subject` (wildcards allowed), in order, each once, also across restarts of the server.
 * Throws `SwathError` ("bus") when the stream is not there, the connection is closed, reading is refused, or a server that is connected answers
 * nothing for the stream for longer than the bus waits.
 */
export async function* follow(
  bus: Bus,
  stream: string,
  subject: string,
  options: FollowOptions,
): AsyncGenerator<BusMessage, void, undefined> {
  const { signal } = options;
  const what = `cannot follow ${subject}`;
  const state = await streamState(bus, stream, what);
  const parts = new MessageParts();
  const end = options.until === "caught-up" ? state.last_seq : Infinity;
  let seq = startOf(options.from, state.last_seq);
  let failingSince: number | null = null;
  // After a reconnection or a failure a new consumer goes on behind the last message given. Requests that were under way
  // when the connection broke are never answered, so a reconnection also interrupts the waiting for them.
  while (!isAborted(signal) && seq < end) {
    let messages: ConsumerMessages | null = null;
    const interrupted = interruption(bus, signal, () => messages?.stop());
    try {
      const isLast = options.from === "last" && seq === 0;
      const opening = openConsumer(bus, stream, subject, isLast ? "last" : seq + 1);
      const consumer = await Promise.race([opening, interrupted.come]);
      if (consumer === null) continue;
      if (end !== Infinity) {
        const info = await Promise.race([consumer.info(), interrupted.come]);
        if (info === null) continue;
        if (info.num_pending === 0) return;
      }
      const opened = await consumer.consume({ max_bytes: readAhead });
      messages = opened;
      failingSince = null;
      if (isAborted(signal)) return;
      for await (const message of opened) {
        if (message.seq > end) return;
        seq = message.seq;
        const part = message.headers?.get(partHeader) ?? "";
        const whole = part === "" ? busMessage(message) : parts.accept(busMessage(message), part);
        if (whole !== null) yield whole;
        if (isAborted(signal) || (end !== Infinity && message.info.pending === 0)) return;
      }
    } catch (cause) {
      failingSince = requirePassing(bus, what, cause, failingSince);
      await sleep(200);
    } finally {
      interrupted[Symbol.dispose]();
      await messages?.close();
    }
    if (!isAborted(signal)) await streamState(bus, stream, what);
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const startOf = (from: FollowOptions["from"], last: number): number =>
  from === "start" || from === "last" ? 0 : from === "new" ? last : from.after;

/** A message of JetStream as readers have it. */
export const busMessage = (message: JsMsg): BusMessage => ({
  subject: message.subject,
  data: message.data,
  seq: message.seq,
  // Headers are parsed when somebody looks at them.
  get msgId() {
    return message.headers?.get("Nats-Msg-Id") ?? "";
  },
  get signature() {
    return message.headers?.get(signatureHeader) ?? "";
  },
});
