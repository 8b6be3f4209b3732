import { DeliverPolicy } from "@nats-io/jetstream";
import type { Consumer } from "@nats-io/jetstream";
import { setTimeout as sleep } from "node:timers/promises";
import { busError } from "./bus-error.ts";
import { faultOf } from "./bus-fault.ts";
import type { Bus } from "./connection.ts";

/**
 * Takes a failure for one that passes, or throws it: it lasts, or has lasted for longer than the bus waits. Without a connection nothing is asked, so that
 * time counts for nothing: who watches the connection ends the run. Returns since when it fails. Throws `SwathError("bus")`.
 */
export const requirePassing = (
  bus: Bus,
  what: string,
  cause: unknown,
  since: number | null,
): number | null => {
  if (bus.connection.isClosed() || faultOf(cause) === "lasting") throw busError(what, cause);
  if (bus.awaySince() !== null) return null;
  const now = performance.now();
  if (since !== null && now - since > bus.wait * 1000) throw busError(what, cause);
  return since ?? now;
};

/**
 * What a stream holds: the number of its last message. Throws `SwathError("bus")` where it is not there, the connection is closed, or a server that
 * is connected answers nothing for longer than the bus waits.
 */
export const streamState = async (
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

/** A consumer of a stream that nobody acknowledges to: it begins at number `first`, or at the last message on the subject. */
export const openConsumer = (
  bus: Bus,
  stream: string,
  subject: string,
  first: number | "last",
): Promise<Consumer> =>
  bus.js.consumers.get(stream, {
    filter_subjects: subject,
    ...(first === "last"
      ? { deliver_policy: DeliverPolicy.Last }
      : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: first }),
  });

/** Ends the waiting of a reader when its signal aborts or the connection has come back: what was under way when it broke is never answered. */
export interface Interruption extends Disposable {
  /** Resolves when it comes. */
  readonly come: Promise<null>;
}

/** Waits for an interruption; `also` is called when it comes. Dispose of it to stop waiting. */
export const interruption = (bus: Bus, signal: AbortSignal | undefined, also: () => void): Interruption => {
  let giveUp = (): void => undefined;
  const come = new Promise<null>((resolve) => (giveUp = () => resolve(null)));
  const interrupt = (): void => {
    also();
    giveUp();
  };
  const stopListening = bus.onReconnect(interrupt);
  signal?.addEventListener("abort", interrupt, { once: true });
  return {
    come,
    [Symbol.dispose]() {
      stopListening();
      signal?.removeEventListener("abort", interrupt);
    },
  };
};
