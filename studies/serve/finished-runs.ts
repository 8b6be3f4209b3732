import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isSwathError } from "../../pipeline/errors.ts";
import type { DetectionFeed } from "../../stations/subscribers/feed.ts";
import { runsIn } from "../folder/read-run.ts";
import type { Notes } from "../progress.ts";

/** How often the folder is looked at for runs that have come; ms. */
const interval = 2_000;

/** When a run's folder was written; `null` where it is not whole. */
const writtenMs = (folder: string): number | null =>
  statSync(join(folder, "summary.json"), { throwIfNoEntry: false })?.mtimeMs ?? null;

/** Files of detections in a run's folder, one a policy. */
const detectionFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, "detections.geojson"))
    .filter((file) => existsSync(file))
    .toSorted();

/** Looks at a folder of runs, again and again. */
export interface FinishedRuns {
  /** Takes in what has come since the last look. */
  look(): Promise<void>;
}

/** Takes finished runs into a feed, each once. What cannot be read is named once and left out. */
export const finishedRuns = (
  out: string,
  { journal, fanOut }: Pick<DetectionFeed, "journal" | "fanOut">,
  { note }: Notes,
): FinishedRuns => {
  const taken = new Set<string>();
  const takeRun = async (folder: string, finishedMs: number): Promise<void> => {
    for (const file of detectionFiles(folder)) {
      const before = journal.head;
      try {
        const missed = await journal.addFinished(file, finishedMs);
        if (missed.length > 0) fanOut.publish(missed);
        else if (journal.head > before) fanOut.reread(before);
      } catch (error) {
        if (!isSwathError(error)) throw error;
        note(`left out: ${error.message}`);
      }
    }
  };
  return {
    async look() {
      if (!existsSync(out)) return;
      const found = runsIn(out).flatMap((name) => {
        const at = writtenMs(join(out, name));
        return at === null ? [] : [{ folder: join(out, name), at }];
      });
      for (const { folder, at } of found.toSorted((a, b) => a.at - b.at)) {
        if (taken.has(`${folder}@${at}`)) continue;
        taken.add(`${folder}@${at}`);
        await takeRun(folder, at);
      }
    },
  };
};

/** Looks every two seconds until the signal aborts. */
export const watchFinishedRuns = async (runs: FinishedRuns, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await runs.look();
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
};
