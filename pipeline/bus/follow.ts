import { DeliverPolicy } from "@nats-io/jetstream";
import type { ConsumerMessages, JsMsg, OrderedConsumerOptions } from "@nats-io/jetstream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "./connection.ts";
import { busError } from "./bus-error.ts";

/** A message of a stream. */
export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Counts from 1 in its stream: follow `{ after: seq }` to go on from here. */
  readonly seq: number;
  /** "" when it was published without one. */
  readonly msgId: string;
}

export interface FollowOptions {
  /** `{ after: 0 }` is the start. */
  readonly from: "start" | "new" | { readonly after: number };
  /** "caught-up": ends once everything that was there at the call has been given. Default: goes on for ever. */
  readonly until?: "caught-up";
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

/** Held by the client ahead of the reader, about; bytes. Overflow policy: block, the rest stays on the server. */
const readAhead = 8 * 1024 * 1024;

/**
 * The messages of `stream` on `subject` (wildcards allowed), in order, each once, also across restarts of the server.
 * Throws `SwathError` ("bus") when the stream is not there or the connection is closed.
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
  const end = options.until === "caught-up" ? state.last_seq : Infinity;
  let seq = startOf(options.from, state.last_seq);
  // A consumer that fails is made anew after the last message given; the library's own recovery covers most restarts.
  while (signal?.aborted !== true && seq < end) {
    let messages: ConsumerMessages | null = null;
    const onAbort = (): void => messages?.stop();
    try {
      const consumer = await bus.js.consumers.get(stream, consumerOptions(subject, seq + 1));
      if (end !== Infinity && (await consumer.info()).num_pending === 0) return;
      messages = await consumer.consume({ max_bytes: readAhead });
      signal?.addEventListener("abort", onAbort, { once: true });
      if (isAborted(signal)) return;
      for await (const message of messages) {
        if (message.seq > end) return;
        seq = message.seq;
        yield busMessage(message);
        if (isAborted(signal) || (end !== Infinity && message.info.pending === 0)) return;
      }
    } catch (cause) {
      if (bus.connection.isClosed()) throw busError(what, cause);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      await messages?.close();
    }
    if (isAborted(signal)) return;
    await sleep(200);
    await streamState(bus, stream, what);
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const startOf = (from: FollowOptions["from"], last: number): number =>
  from === "start" ? 0 : from === "new" ? last : from.after;

const consumerOptions = (subject: string, first: number): Partial<OrderedConsumerOptions> => ({
  filter_subjects: subject,
  deliver_policy: DeliverPolicy.StartSequence,
  opt_start_seq: first,
});

const streamState = async (
  bus: Bus,
  stream: string,
  what: string,
): Promise<{ readonly last_seq: number }> => {
  for (;;) {
    try {
      return (await bus.manager.streams.info(stream)).state;
    } catch (cause) {
      // While the server restarts its answers are late or none; that a stream is missing it says in words.
      if (bus.connection.isClosed() || /not found|permission/i.test(String(cause)))
        throw busError(what, cause);
      await sleep(200);
    }
  }
};

const busMessage = (message: JsMsg): BusMessage => ({
  subject: message.subject,
  data: message.data,
  seq: message.seq,
  msgId: message.headers?.get("Nats-Msg-Id") ?? "",
});
