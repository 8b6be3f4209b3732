import { AckPolicy, DeliverPolicy } from "@nats-io/jetstream";
import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Seconds } from "../units.ts";
import type { Bus } from "./connection.ts";
import { busError } from "./bus-error.ts";
import { faultOf } from "./bus-fault.ts";
import { signatureHeader } from "./publisher.ts";

/** A task in hand. It is given to someone else when its holder dies. */
export interface Task {
  readonly data: Uint8Array;
  readonly msgId: string;
  /** "" when it is not signed. */
  readonly signature: string;
  /** How often it has been handed out, this time included. */
  readonly deliveries: number;
  /** Takes it off the queue: call it once everything that the task caused is published and flushed. */
  readonly ack: () => Promise<void>;
  /**
   * Says that it is still being worked on. Called by itself until the task is acknowledged, its holder's signal aborts
   * or its process ends, also after the iteration has.
   */
  readonly working: () => void;
}

/** How tasks are handed out. */
export interface TaskOptions {
  /** How many tasks may be in hand at once; with 1, they come strictly in order, also after a crash. */
  readonly inHand: number;
  /** A task whose holder is silent for this long is handed out again. */
  readonly ackWait: Seconds;
  /** "empty": ends once no task is left, in no one's hands either. Default: goes on for ever. */
  readonly until?: "empty";
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

/** How long a single request for the next task waits; ms. Bounds how late an abort is noticed. */
const patience = 1_000;

/**
 * The tasks on `subject` of a work queue, through a durable consumer called `durable`; several processes may share it.
 * Throws `SwathError` ("bus") when the queue is gone or the connection closed.
 */
export async function* takeTasks(
  bus: Bus,
  {
    stream,
    subject,
    durable,
  }: { readonly stream: string; readonly subject: string; readonly durable: string },
  options: TaskOptions,
): AsyncGenerator<Task, void, undefined> {
  const { signal } = options;
  const what = `cannot take tasks from ${subject}`;
  const inHand = new Set<JsMsg>();
  let isTaking = true;
  const beat = (): void => {
    const isOver = bus.connection.isClosed() || signal?.aborted === true || (!isTaking && inHand.size === 0);
    if (isOver) clearInterval(heartbeat);
    else for (const message of inHand) message.working();
  };
  const heartbeat = setInterval(beat, (options.ackWait * 1000) / 3);
  heartbeat.unref();
  try {
    let consumer: Consumer | null = null;
    while (signal?.aborted !== true) {
      try {
        consumer ??= await openConsumer(bus, stream, subject, durable, options);
        const message: JsMsg | null = await consumer.next({ expires: patience });
        if (message === null) {
          if (options.until === "empty" && (await isEmpty(consumer))) return;
          continue;
        }
        if (signal?.aborted) {
          message.nak();
          return;
        }
        inHand.add(message);
        yield task(message, inHand);
      } catch (cause) {
        if (bus.connection.isClosed() || faultOf(cause) === "lasting") throw busError(what, cause);
        consumer = null; // The server is restarting, or the consumer is gone: begin again.
        await sleep(200);
      }
    }
  } finally {
    isTaking = false;
  }
}

const openConsumer = async (
  bus: Bus,
  stream: string,
  subject: string,
  durable: string,
  { inHand, ackWait }: TaskOptions,
): Promise<Consumer> => {
  await bus.manager.consumers.add(stream, {
    durable_name: durable,
    filter_subject: subject,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: ackWait * 1e9,
    max_ack_pending: inHand,
    max_deliver: -1,
  });
  return bus.js.consumers.get(stream, durable);
};

const isEmpty = async (consumer: Consumer): Promise<boolean> => {
  const { num_pending: waiting, num_ack_pending: inHand } = await consumer.info();
  return waiting === 0 && inHand === 0;
};

const task = (message: JsMsg, inHand: Set<JsMsg>): Task => ({
  data: message.data,
  msgId: message.headers?.get("Nats-Msg-Id") ?? "",
  signature: message.headers?.get(signatureHeader) ?? "",
  deliveries: message.info.deliveryCount,
  working: () => message.working(),
  ack: async () => {
    // An acknowledgement that the server did not confirm may be lost: the task then comes again, and its results fall
    // away by their message ids.
    inHand.delete(message);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await confirmed(message)) return;
    }
  },
});

const confirmed = async (message: JsMsg): Promise<boolean> => {
  try {
    return await message.ackAck({ timeout: 2_000 });
  } catch {
    return false; // Timed out or disconnected: said again, or redelivered.
  }
};
