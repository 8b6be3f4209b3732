import { messageOf } from "../../../pipeline/errors.ts";
import type { ResultMessage } from "../../../pipeline/mission/result-message.ts";
import type { CursorStore } from "../cursor-store.ts";
import type { FanOut, Sink } from "../fan-out.ts";
import { type Journal, type JournalEntry, textOf } from "../journal.ts";
import { cloudEvent, secretKey, webhookHeaders } from "./cloud-event.ts";
import type { DeadLetter, SubscriptionStore, WebhookSubscription } from "./subscription-store.ts";
import type { PostWebhook } from "./webhook-target.ts";

/** Wall time, handed in: an hour of failures is a moment in a test. */
export interface WallClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What deliveries work with. */
export interface DeliveryPorts {
  readonly journal: Journal;
  readonly fanOut: FanOut;
  /** How far each webhook has come. */
  readonly cursors: CursorStore;
  readonly subscriptions: SubscriptionStore;
  readonly post: PostWebhook;
  readonly clock: WallClock;
}

/** How a webhook fares. */
export interface DeliveryState {
  delivered: number;
  /** Since when it has not taken anything, milliseconds since 1970; `null`: it does. */
  failingSinceMs: number | null;
  /** What it, or the way to it, said last. */
  lastFailure: string | null;
  nextTryMs: number | null;
}

/** A webhook at work. */
export interface Delivery {
  readonly state: DeliveryState;
  /** Sends its dead letters once more, in order, once each; those that are taken are gone from the list. */
  readonly resend: () => Promise<{ readonly sent: number; readonly left: number }>;
  readonly stop: () => Promise<void>;
}

/** Before the second try, and at most before any; ms. */
const waits = { first: 1_000, most: 600_000 };

/** Dead letters that are kept: with more, the webhook gets no more until somebody looks. */
export const mostLetters = 10_000;

/** Waits after the nth failure: 1, 2, 4 … s, ten minutes at most. */
export const backoffMs = (failures: number): number =>
  Math.min(waits.first * 2 ** (failures - 1), waits.most);

/** An answer that will not change: the receiver has understood, and does not want it. */
const isFinal = (status: number): boolean =>
  status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status);

/** Holds what the fan-out hands over until it has been sent; what waits is bounded by the fan-out, which counts it. */
const queueSink = (onSend: () => void) => {
  const queue: JournalEntry[] = [];
  const drains = new Set<() => void>();
  let waiting = 0;
  const sink: Sink = {
    send(entries) {
      for (const entry of entries) {
        // It may wait for hours: a part of what the connection read would keep the whole of it.
        queue.push({ ...entry, data: Uint8Array.from(entry.data) });
        waiting += entry.data.length;
      }
      onSend();
    },
    tell: () => undefined,
    get waiting() {
      return waiting;
    },
    drained: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          drains.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        drains.add(done);
        signal.addEventListener("abort", done, { once: true });
        if (queue.length === 0) done();
      }),
  };
  return {
    sink,
    first: (): JournalEntry | undefined => queue[0],
    shift: (): void => {
      waiting -= queue.shift()?.data.length ?? 0;
      if (queue.length === 0) for (const done of drains) done();
    },
  };
};

/**
 * Calls a webhook for each detection that fits, in order, one after the other, until it is stopped. A failure is tried again, ever more slowly;
 * after all tries, or an answer that is final, the detection goes to the dead letters, and while the receiver stays down each of those behind
 * it is tried once every ten minutes. A crash between the receiver's answer and the note of it makes the call come again, under the same id.
 */
export const deliverWebhook = (subscription: WebhookSubscription, ports: DeliveryPorts): Delivery => {
  const { name, webhook, filter, perSecond, attempts } = subscription;
  const { journal, fanOut, cursors, subscriptions, post, clock } = ports;
  const url = new URL(webhook);
  const key = subscription.secret === null ? null : secretKey(subscription.secret);
  const stop = new AbortController();
  const { signal } = stop;
  const state: DeliveryState = { delivered: 0, failingSinceMs: null, lastFailure: null, nextTryMs: null };
  let wake = (): void => undefined;
  const { sink, first, shift } = queueSink(() => wake());
  let isDown = false;

  /** `null`: taken. */
  const tryOnce = async (
    entry: JournalEntry,
  ): Promise<{ readonly reason: string; readonly final: boolean; readonly waitMs: number } | null> => {
    const body = cloudEvent(journal, entry);
    try {
      const answer = await post(url, webhookHeaders(entry.result.id, body, key, clock.now()), body, signal);
      if (answer.status >= 200 && answer.status < 300) return null;
      return {
        reason: `it answered ${answer.status}`,
        final: isFinal(answer.status),
        waitMs: Math.min((answer.retryAfterSeconds ?? 0) * 1000, waits.most),
      };
    } catch (error) {
      signal.throwIfAborted();
      return { reason: messageOf(error), final: false, waitMs: 0 };
    }
  };
  const wait = async (ms: number): Promise<void> => {
    state.nextTryMs = clock.now() + ms;
    await clock.sleep(ms, signal);
    state.nextTryMs = null;
  };
  const bury = (entry: JournalEntry, tries: number, reason: string): void =>
    subscriptions.addLetter(name, {
      seq: entry.seq,
      id: entry.result.id,
      given_up_at: new Date(clock.now()).toISOString(),
      attempts: tries,
      reason,
      text: textOf(entry),
    });
  const deliver = async (entry: JournalEntry): Promise<void> => {
    const most = isDown ? 1 : attempts;
    if (isDown) await wait(waits.most);
    for (let tries = 1; ; tries += 1) {
      const failure = await tryOnce(entry);
      if (failure === null) {
        state.delivered += 1;
        [state.failingSinceMs, state.lastFailure, isDown] = [null, null, false];
        return;
      }
      state.lastFailure = failure.reason;
      if (!failure.final) state.failingSinceMs ??= clock.now();
      if (failure.final || tries >= most) {
        bury(entry, tries, failure.reason);
        isDown = !failure.final;
        return;
      }
      await wait(Math.max(backoffMs(tries), failure.waitMs));
    }
  };
  const move = (after: number): void =>
    cursors.put({ schema: "swath-cursor/1", name, journal: journal.id, after, run: filter.run });

  const work = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      const entry = first();
      const isFull = subscriptions.letterCount(name) >= mostLetters;
      if (isFull) state.lastFailure = `${mostLetters} dead letters: resend or remove them`;
      if (entry === undefined || isFull) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        continue;
      }
      await deliver(entry);
      move(entry.seq);
      shift();
    }
  };
  const kept = cursors.get(name);
  const after = kept?.journal === journal.id ? kept.after : journal.head;
  if (kept?.journal !== journal.id) move(after);
  const quietly = async (part: Promise<void>): Promise<void> => {
    try {
      await part;
    } catch (error) {
      if (!signal.aborted) state.lastFailure = `stopped: ${messageOf(error)}`;
    }
  };
  const parts = [quietly(fanOut.serve({ filter, after, perSecond, sink, signal })), quietly(work())];
  return {
    state,
    async resend() {
      const letters = subscriptions.letters(name);
      const left: DeadLetter[] = [];
      for (const letter of letters) {
        const result = JSON.parse(letter.text) as ResultMessage;
        const failure = await tryOnce({ seq: letter.seq, result, data: Buffer.from(letter.text) });
        if (failure !== null) left.push({ ...letter, attempts: letter.attempts + 1, reason: failure.reason });
      }
      // What was given up meanwhile stands behind.
      const taken = new Set(letters.map(({ seq }) => seq));
      const since = subscriptions.letters(name).filter(({ seq }) => !taken.has(seq));
      subscriptions.setLetters(name, [...left, ...since]);
      wake();
      return { sent: letters.length - left.length, left: left.length + since.length };
    },
    async stop() {
      stop.abort();
      wake();
      await Promise.all(parts);
    },
  };
};
