import { setTimeout as sleep } from "node:timers/promises";
import type { Bus, BusOptions } from "../../pipeline/bus/connection.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import type { DetectionFeed } from "../../stations/subscribers/feed.ts";
import { ingest } from "../../stations/subscribers/ingest.ts";
import { connectTo, keysGuard, type ConnectionValues } from "../inputs/nats-connection.ts";
import type { Notes } from "../progress.ts";
import { findServer, joinLiveServer } from "../engine/live-server.ts";

/** Which NATS a gateway listens to. */
export interface LivePlace extends Partial<ConnectionValues> {
  /** `null`: that of a command which writes to `runs`, whenever one is at work. */
  readonly nats: string | null;
  readonly runs: string;
}

/** How often it is looked for a command at work, or whether it still is; ms. */
const interval = 500;

const commandAtWork = (runs: string): string | null => {
  try {
    return findServer(runs);
  } catch (error) {
    if (isSwathError(error, "bus")) return null;
    throw error;
  }
};

/** Connects to the NATS that was named. Throws `SwathError("bus")` when it does not answer. */
export const connectNamed = (place: LivePlace, progress: Notes): Promise<Bus> | null =>
  place.nats === null ? null : connectTo({ ...place, nats: place.nats }, "swath serve", { progress });

/** Listens to a command's own server until it goes: its address is taken back before it stops. */
const listenWhileAtWork = async (
  url: string,
  runs: string,
  feed: Pick<DetectionFeed, "journal" | "fanOut">,
  guard: Pick<BusOptions, "guard">,
  signal: AbortSignal,
): Promise<void> => {
  await using bus = await joinLiveServer(url, "swath serve", guard);
  const gone = new AbortController();
  const until = AbortSignal.any([signal, gone.signal]);
  const watch = async (): Promise<void> => {
    while (!until.aborted && commandAtWork(runs) === url)
      await sleep(interval, undefined, { signal: until }).catch(() => undefined);
    gone.abort();
  };
  await Promise.all([ingest(bus, feed, until), watch()]);
};

/**
 * Hears the results of runs at work until the signal aborts: on the NATS that was named, or on that of each command that writes to `runs`, one
 * after the other. A command that was killed leaves an address behind at which no one answers: that is tried again, in silence.
 */
export const hearResults = async (
  { runs, keys }: LivePlace,
  named: Bus | null,
  feed: Pick<DetectionFeed, "journal" | "fanOut">,
  { note }: Notes,
  signal: AbortSignal,
): Promise<void> => {
  if (named !== null) return ingest(named, feed, signal);
  const guard = keysGuard(keys, note);
  while (!signal.aborted) {
    const url = commandAtWork(runs);
    try {
      if (url !== null) await listenWhileAtWork(url, runs, feed, guard, signal);
    } catch (error) {
      if (!isSwathError(error, "bus")) throw error;
    }
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
};
