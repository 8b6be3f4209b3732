import { setTimeout as sleep } from "node:timers/promises";
import { isSwathError } from "../../pipeline/errors.ts";
import { areaIndex } from "./area-index.ts";
import { type DetectionFilter, isEverything, matcher } from "./detection-filter.ts";
import type { Journal, JournalEntry } from "./journal.ts";

/** What a subscriber is told besides detections. `after` is the number of the last detection before it. */
export type Notice =
  /** Everything up to here has been sent; what follows comes as it lands. */
  | { readonly kind: "live"; readonly after: number }
  /** The client reads more slowly than detections land: it gets the rest from the journal, at its pace. */
  | { readonly kind: "behind"; readonly after: number; readonly head: number }
  /** Detections that stood here are no longer kept. */
  | { readonly kind: "gap"; readonly after: number };

/** Where a subscriber's detections go. */
export interface Sink {
  /** Takes them all; what the client has not read yet counts as `waiting`. */
  send(entries: readonly JournalEntry[]): void;
  tell(notice: Notice): void;
  /** Octets that the client has not read yet. */
  readonly waiting: number;
  /** Resolves once nothing waits; rejects when the signal aborts, or when the client has read nothing for too long. */
  drained(signal: AbortSignal): Promise<void>;
}

/** Who gets what, from where on. */
export interface Subscriber {
  readonly filter: DetectionFilter;
  /** Number of the last detection that it has had; 0: from the start. */
  readonly after: number;
  /** Detections per second at most: the rest comes later, nothing is left out; `null`: as they land. */
  readonly perSecond: number | null;
  readonly sink: Sink;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** Hands detections to subscribers. A client is sent what lands while it reads as fast; else it reads the journal, and no one waits for it. */
export interface FanOut {
  /** What the journal has just taken in. Overflow policy: a subscriber that has too much waiting is put back to its place in the journal. */
  publish(entries: readonly JournalEntry[]): void;
  /** Detections behind this number came into the journal in one piece: everyone reads them there. */
  reread(after: number): void;
  /** Serves a subscriber until its signal aborts. Throws what its sink throws. */
  serve(subscriber: Subscriber): Promise<void>;
  /** How many are served. */
  readonly subscribers: number;
}

/** What may wait for all clients together, and for one at least and at most, octets. */
const waitingBytes = { all: 64e6, least: 64 * 1024, most: 4e6 };

interface Live {
  readonly matches: (entry: JournalEntry["result"]) => boolean;
  readonly subscriber: Subscriber;
  batch: JournalEntry[];
  after: number;
  /** Goes on from the journal. */
  readonly leave: () => void;
}

/** Lets `perSecond` pass in a second, and a second's worth at once. */
const pace = (perSecond: number, signal: AbortSignal) => {
  const most = Math.max(1, perSecond);
  let [tokens, at] = [most, performance.now()];
  return async (): Promise<void> => {
    const now = performance.now();
    tokens = Math.min(most, tokens + ((now - at) / 1000) * perSecond);
    at = now;
    tokens -= 1;
    if (tokens < 0) await sleep((-tokens / perSecond) * 1000, undefined, { signal });
  };
};

/** Fans out what a journal takes in. */
export const fanOut = (journal: Journal): FanOut => {
  const index = areaIndex<Live>();
  const lives = new Set<Live>();
  /** Those of them who get all there is. */
  const unfiltered = new Set<Live>();
  const waiters = new Set<() => void>();
  let subscribers = 0;

  const mostWaiting = (): number =>
    Math.min(Math.max(waitingBytes.all / Math.max(subscribers, 1), waitingBytes.least), waitingBytes.most);

  /** Resolves when the journal is longer. */
  const grown = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiters.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiters.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });

  /** Sends from the journal until its end; the number that it has come to. */
  const catchUp = async (
    { filter, sink, signal }: Subscriber,
    after: number,
    permit: (() => Promise<void>) | null,
  ): Promise<number> => {
    const matches = matcher(filter);
    let next = after + 1;
    while (next <= journal.head) {
      const part = await journal.read(next);
      signal.throwIfAborted();
      if (part.isGap) sink.tell({ kind: "gap", after: next - 1 });
      const wanted = part.entries.filter(({ result }) => matches(result));
      if (permit === null) sink.send(wanted);
      else {
        for (const entry of wanted) {
          await permit();
          sink.send([entry]);
          if (sink.waiting > waitingBytes.least) await sink.drained(signal);
        }
      }
      next = part.next;
      if (sink.waiting > waitingBytes.least) await sink.drained(signal);
    }
    return next - 1;
  };

  /** Sends what lands until the client falls behind or leaves; the number that it has come to. */
  const stayLive = (subscriber: Subscriber, after: number): Promise<number> =>
    new Promise((resolve) => {
      const { filter, signal } = subscriber;
      const end = (): void => {
        index.remove(live);
        unfiltered.delete(live);
        lives.delete(live);
        signal.removeEventListener("abort", end);
        resolve(live.after);
      };
      const live: Live = {
        matches: matcher(filter),
        subscriber,
        batch: [],
        after,
        leave: end,
      };
      if (isEverything(filter)) unfiltered.add(live);
      else index.add(live, filter.area);
      lives.add(live);
      signal.addEventListener("abort", end, { once: true });
    });

  /** Sends what has landed; a client that has too much waiting then goes on from the journal. */
  const deliver = (live: Live, batch: readonly JournalEntry[], most: number): void => {
    const { sink } = live.subscriber;
    live.after = batch.at(-1)?.seq ?? live.after;
    try {
      sink.send(batch);
      if (sink.waiting <= most) return;
      sink.tell({ kind: "behind", after: live.after, head: journal.head });
    } catch {
      // What is wrong with one client is said where it is served, and concerns nobody else.
      live.after = (batch[0]?.seq ?? live.after + 1) - 1;
    }
    live.leave();
  };

  const run = async (subscriber: Subscriber): Promise<void> => {
    const { sink, signal, perSecond } = subscriber;
    let after = Math.min(subscriber.after, journal.head);
    let told = false;
    const permit = perSecond === null ? null : pace(perSecond, signal);
    while (!signal.aborted) {
      after = await catchUp(subscriber, after, permit);
      if (after < journal.head) continue;
      if (!told) sink.tell({ kind: "live", after });
      told = true;
      if (perSecond === null) {
        const reached = await stayLive(subscriber, after);
        if (!signal.aborted) await sink.drained(signal);
        told = false;
        after = reached;
      } else await grown(signal);
    }
  };

  return {
    get subscribers() {
      return subscribers;
    },
    publish(entries) {
      if (entries.length === 0) return;
      const touched = new Set<Live>();
      if (unfiltered.size < lives.size) {
        for (const entry of entries) {
          const { longitude, latitude } = entry.result;
          index.forEachNear(longitude, latitude, (live) => {
            if (!live.matches(entry.result)) return;
            if (live.batch.length === 0) touched.add(live);
            live.batch.push(entry);
          });
        }
      }
      const most = mostWaiting();
      for (const live of unfiltered) deliver(live, entries, most);
      for (const live of touched) {
        const { batch } = live;
        live.batch = [];
        deliver(live, batch, most);
      }
      for (const wake of waiters) wake();
    },
    reread(after) {
      for (const live of lives) {
        live.after = Math.max(live.after, after);
        live.leave();
      }
      for (const wake of waiters) wake();
    },
    async serve(subscriber) {
      subscribers += 1;
      try {
        await run(subscriber);
      } catch (error) {
        // Whoever leaves interrupts what was under way for it.
        if (!subscriber.signal.aborted || isSwathError(error)) throw error;
      } finally {
        subscribers -= 1;
      }
    },
  };
};
