import { DeliverPolicy } from "@nats-io/jetstream";
import type { ConsumerMessages, JsMsg } from "@nats-io/jetstream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "./connection.ts";
import { busError } from "./bus-error.ts";
import { faultOf } from "./bus-fault.ts";
import { signatureHeader } from "./publisher.ts";
import { MessageParts, partHeader, type BusMessage } from "./message-parts.ts";

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
    let giveUp = (): void => undefined;
    const interruption = new Promise<null>((resolve) => (giveUp = () => resolve(null)));
    const interrupt = (): void => {
      messages?.stop();
      giveUp();
    };
    const stopListening = bus.onReconnect(interrupt);
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      const isLast = options.from === "last" && seq === 0;
      const opening = open(bus, stream, subject, isLast ? "last" : seq + 1);
      const consumer = await Promise.race([opening, interruption]);
      if (consumer === null) continue;
      if (end !== Infinity && consumer.pending === 0) return;
      const opened = await consumer.consume();
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
      stopListening();
      signal?.removeEventListener("abort", interrupt);
      await messages?.close();
    }
    if (!isAborted(signal)) await streamState(bus, stream, what);
  }
}

interface OpenConsumer {
  /** Messages that wait for it. */
  readonly pending: number;
  readonly consume: () => Promise<ConsumerMessages>;
}

const open = async (
  bus: Bus,
  stream: string,
  subject: string,
  first: number | "last",
): Promise<OpenConsumer> => {
  const consumer = await bus.js.consumers.get(stream, {
    filter_subjects: subject,
    ...(first === "last"
      ? { deliver_policy: DeliverPolicy.Last }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: first }),
  });
  const { num_pending: pending } = await consumer.info();
  return { pending, consume: () => consumer.consume({ max_bytes: readAhead }) };
};

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const startOf = (from: FollowOptions["from"], last: number): number =>
  from === "start" || from === "last" ? 0 : from === "new" ? last : from.after;

/**
 * Takes a failure for one that passes, or throws it: it lasts, or has lasted for longer than the bus waits. Without a connection nothing is asked, so that
 * time counts for nothing: who watches the connection ends the run. Returns since when it fails.
 */
const requirePassing = (bus: Bus, what: string, cause: unknown, since: number | null): number | null => {
  if (bus.connection.isClosed() || faultOf(cause) === "lasting") throw busError(what, cause);
  if (bus.awaySince() !== null) return null;
  const now = performance.now();
  if (since !== null && now - since > bus.wait * 1000) throw busError(what, cause);
  return since ?? now;
};

const streamState = async (
  bus: Bus,
  stream: string,
  what: string,
): Promise<{ readonly last_seq: number }> => {
  let since: number | null = null;
  for (;;) {
    try {
      return (await bus.manager.streams.info(stream)).state;
    } catch (cause) {
      // While the server restarts its answers are late or none; that a stream is missing it says in words.
      since = requirePassing(bus, what, cause, since);
      await sleep(200);
    }
  }
};

const busMessage = (message: JsMsg): BusMessage => ({
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
