import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../pipeline/errors.ts";
import { bytes } from "../../pipeline/units.ts";
import { openCursors } from "../../stations/subscribers/cursor-store.ts";
import { fanOut as fanOutOf } from "../../stations/subscribers/fan-out.ts";
import type { DetectionFeed } from "../../stations/subscribers/feed.ts";
import { openJournal } from "../../stations/subscribers/folder-journal.ts";
import type { Notes } from "../progress.ts";
import { finishedRuns, watchFinishedRuns } from "./finished-runs.ts";
import { hearRecords } from "./heard-records.ts";
import { shippedClasses } from "./known-classes.ts";
import { connectNamed, hearResults, type LivePlace } from "./live-results.ts";
import { stateFolder } from "./state-folder.ts";

/** What a gateway keeps of what it heard: two million detections, about. */
const keep = bytes(1e9);

/** Before a part that failed is done again; ms. */
const retryMs = 5_000;

/**
 * Opens the feed of a folder of runs and a NATS: what is there is taken in before it resolves, what comes from then on. Dispose of it to stop.
 * Throws `SwathError`: "storage" where the folder cannot be written, "bus" where the NATS that was named does not answer.
 */
export const openDetectionFeed = async (
  place: LivePlace,
  { note }: Notes,
): Promise<DetectionFeed & AsyncDisposable> => {
  const state = stateFolder(place.runs);
  const bus = await connectNamed(place, { note });
  const journal = await openJournal({ folder: join(state, "journal"), keep, note });
  const fanOut = fanOutOf(journal);
  const cursors = openCursors(join(state, "cursors"), note);
  const classes = await shippedClasses();
  const runs = finishedRuns(place.runs, { journal, fanOut }, { note });
  await runs.look();
  const stop = new AbortController();
  /** Does it again where it fails: a disk that was full, a folder that was not there. What was missed meanwhile is still where it was. */
  const keepAt = async (work: () => Promise<void>): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (!stop.signal.aborted) note(`hears nothing for now: ${messageOf(error)}`);
      }
      await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const parts = [
    keepAt(() => hearResults(place, bus, { journal, fanOut }, { note }, stop.signal)),
    keepAt(() => watchFinishedRuns(runs, stop.signal)),
    ...(bus === null ? [] : [keepAt(() => hearRecords(bus, place.runs, { note }, stop.signal))]),
  ];
  return {
    journal,
    fanOut,
    cursors,
    knownClasses: () => new Set([...classes, ...journal.classes]),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await bus?.[Symbol.asyncDispose]();
      await Promise.all(parts);
      journal.close();
    },
  };
};
