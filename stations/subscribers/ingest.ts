import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { followSource, listResultSources, type ResultSource } from "../../pipeline/bus/result-source.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import type { FanOut } from "./fan-out.ts";
import type { HeardResult, Journal } from "./journal.ts";

/** How often a server is asked for runs that have begun; ms. */
const interval = 500;

/** What is heard goes into the journal, then to subscribers: both in one step, so that no one may see one without the other. */
export const take = (
  { journal, fanOut }: { readonly journal: Journal; readonly fanOut: FanOut },
  source: string,
  results: readonly HeardResult[],
): void => fanOut.publish(journal.append(source, results));

/**
 * Follows the results of all runs on a server, those that begin later included, until the signal aborts. What JetStream hands over together
 * is written down together. Throws `SwathError("bus")` when the connection is closed, "storage" when the journal cannot be written.
 */
export const ingest = async (
  bus: Bus,
  feed: { readonly journal: Journal; readonly fanOut: FanOut },
  signal: AbortSignal,
): Promise<void> => {
  const { journal } = feed;
  const followed = new Set<string>();
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  let failed: { readonly error: unknown } | null = null;

  const followOne = async ({ stream, run, startedMs }: ResultSource): Promise<void> => {
    journal.openSource({ name: stream, run, startedMs });
    const reader = {
      after: journal.lastOf(stream),
      signal: until,
      take: (results: readonly HeardResult[]) => take(feed, stream, results),
    };
    try {
      await followSource(bus, { stream }, reader);
    } catch (error) {
      // A stream that is removed has said what it had to say.
      if (!isSwathError(error, "bus") || bus.connection.isClosed()) throw error;
    }
  };

  try {
    while (!signal.aborted) {
      if (failed !== null) throw (failed as { readonly error: unknown }).error;
      for (const source of await listResultSources(bus)) {
        const key = `${source.stream}@${source.startedMs}`;
        if (followed.has(key)) continue;
        followed.add(key);
        void followOne(source).then(
          () => followed.delete(key),
          (error: unknown) => (failed ??= { error }),
        );
      }
      await sleep(interval, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    stop.abort();
  }
};
