import type { ConsumerMessages, JsMsg } from "@nats-io/jetstream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "./connection.ts";
import { busMessage } from "./follow.ts";
import { isGenuine } from "./genuine.ts";
import { MessageParts, partHeader } from "./message-parts.ts";
import { interruption, openConsumer, requirePassing, streamState } from "./stream-consumer.ts";

/** A message of a stream: its number there, from 1, and what it says. */
export interface StreamMessage {
  readonly seq: number;
  /** A part of what the connection read: to be copied by whoever keeps it. */
  readonly data: Uint8Array;
}

/** Where a reader of batches starts, and what it does with them. */
export interface BatchReader {
  /** Number of the last message that it has had; 0: from the start. */
  readonly after: number;
  /** Ends it, without an error. */
  readonly signal: AbortSignal;
  /** Gets what came in together, in order, each message once. What it throws ends the reading. */
  readonly take: (messages: readonly StreamMessage[]) => void;
}

/** A batch ends here: while there is a backlog, messages come in without a pause. */
const most = { messages: 512, bytes: 512 * 1024 };

/** Asked for at once. Overflow policy: block, the rest stays on the server until `take` has had these. */
const readAhead = 4096;

/** Gathers messages until the loop has nothing more to read, or they are enough; then hands them on. */
const gathering = (take: BatchReader["take"], onFailure: (error: unknown) => void) => {
  let messages: StreamMessage[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (messages.length === 0) return;
    const all = messages;
    [messages, bytes] = [[], 0];
    try {
      take(all);
    } catch (error) {
      onFailure(error);
    }
  };
  return {
    flush,
    add(seq: number, data: Uint8Array): void {
      if (messages.length === 0) setImmediate(flush);
      messages.push({ seq, data });
      bytes += data.length;
      if (messages.length >= most.messages || bytes >= most.bytes) flush();
    },
  };
};

/**
 * The messages of `stream` on `subject` (wildcards allowed) as they come in, in batches, also across restarts of the server; resolves when the
 * signal aborts. For readers of much: no promise, no iterator and no object that is not needed for each message; `follow` is for all others.
 * Throws `SwathError("bus")` as `follow` does, and what `take` throws.
 */
export const followBatches = async (
  bus: Bus,
  stream: string,
  subject: string,
  { after, signal, take }: BatchReader,
): Promise<void> => {
  const what = `cannot follow ${subject}`;
  const parts = new MessageParts();
  let failure: { readonly error: unknown } | null = null;
  let seq = after;
  let failingSince: number | null = null;
  await streamState(bus, stream, what);
  while (!signal.aborted) {
    let messages: ConsumerMessages | null = null;
    const interrupted = interruption(bus, signal, () => messages?.stop());
    const stop = (error: unknown): void => {
      failure ??= { error };
      messages?.stop();
    };
    const batch = gathering(take, stop);
    const hear = (message: JsMsg): void => {
      if (failure !== null || signal.aborted || message.seq <= seq) return;
      seq = message.seq;
      const part = message.headers?.get(partHeader) ?? "";
      // Without keys nothing but the data is looked at.
      if (part === "" && bus.guard === null) return batch.add(seq, message.data);
      const whole = part === "" ? busMessage(message) : parts.accept(busMessage(message), part);
      if (whole !== null && isGenuine(bus.guard, whole, whole.signature)) batch.add(seq, whole.data);
    };
    try {
      const consumer = await Promise.race([openConsumer(bus, stream, subject, seq + 1), interrupted.come]);
      if (consumer === null) continue;
      messages = await consumer.consume({ max_messages: readAhead, callback: hear });
      failingSince = null;
      await Promise.race([messages.closed(), interrupted.come]);
    } catch (cause) {
      failingSince = requirePassing(bus, what, cause, failingSince);
      await sleep(200);
    } finally {
      interrupted[Symbol.dispose]();
      await messages?.close();
      batch.flush();
    }
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    if (!signal.aborted) await streamState(bus, stream, what);
  }
};
