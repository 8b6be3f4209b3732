import { statSync } from "node:fs";
import { join } from "node:path";
import { runMark } from "../../pipeline/atomic-folder.ts";
import { isSwathError } from "../../pipeline/errors.ts";
import type { ResultMessage } from "../../pipeline/mission/result-message.ts";
import { type DetectionArchive, detectionArchive } from "../../stations/archive/detection-archive.ts";
import { anyDetection } from "../../stations/archive/detection-query.ts";
import { readDetections } from "../../stations/archive/read-detections.ts";
import { type SceneCatalogue, sceneCatalogue } from "../../stations/archive/scene-catalogue.ts";
import { type Journal, textOf } from "../../stations/subscribers/journal.ts";
import { readRunFolder, runsIn } from "../folder/read-run.ts";
import { readSceneItems } from "./scene-items.ts";

/** What the folders of finished runs hold, ready to be asked. */
export interface RunArchive {
  readonly archive: DetectionArchive;
  readonly scenes: SceneCatalogue;
  /** Looks for folders that came, changed or went, at most once a second. */
  readonly refresh: () => Promise<void>;
}

/** What was read of a folder: from which state of it, and which runs. */
interface Loaded {
  readonly state: string;
  readonly runs: readonly string[];
}

/** A folder is written whole, so what its summary is tells whether anything changed; `null` where there is none. */
const stateOf = (folder: string): string | null => {
  try {
    const { mtimeMs, size, ino } = statSync(join(folder, runMark));
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return null;
  }
};

/** How often folders are looked at, however often is asked. */
const refreshMs = 1000;

/**
 * Detections and scenes of the runs in a folder. A run folder that is half there, or of another release, is named once by `note` and left
 * out; the others are not disturbed.
 */
export const runArchive = (
  out: string,
  { note, clock = Date.now }: { readonly note: (text: string) => void; readonly clock?: () => number },
): RunArchive => {
  const archive = detectionArchive();
  const scenes = sceneCatalogue();
  const loaded = new Map<string, Loaded>();
  const forget = (name: string): void => {
    for (const run of loaded.get(name)?.runs ?? []) {
      archive.forget(run);
      scenes.forget(run);
    }
    loaded.delete(name);
  };

  /** Does what may fail for one folder alone. */
  const attempt = async <T>(name: string, work: () => T | Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!isSwathError(error)) throw error;
      note(`run ${name} left out: ${error.message}`);
      return null;
    }
  };

  const load = async (name: string): Promise<readonly string[]> => {
    const folder = join(out, name);
    const written = await attempt(name, () => readRunFolder(folder, out));
    if (written?.kind !== "run") return [];
    const { runId, policies } = written.summary;
    const runs: string[] = [];
    for (const { policy } of policies) {
      const origin = { run: `${runId}-${policy}`, policy };
      const twin = [...loaded.entries()].find(([, one]) => one.runs.includes(origin.run));
      if (twin !== undefined) {
        note(`run ${name} left out: ${twin[0]} is the same run, ${origin.run}`);
        return runs;
      }
      const table = await attempt(name, () =>
        readDetections(join(folder, policy, "detections.parquet"), origin),
      );
      if (table === null) continue;
      archive.keep(table);
      runs.push(origin.run);
      const items = await attempt(name, () => readSceneItems(join(folder, policy, "stac")));
      if (items !== null) scenes.keep(origin, items);
    }
    return runs;
  };

  const look = async (): Promise<void> => {
    const names = (await attempt(out, () => runsIn(out))) ?? [];
    for (const name of loaded.keys()) if (!names.includes(name)) forget(name);
    for (const name of names) {
      const state = stateOf(join(out, name));
      if (loaded.get(name)?.state === (state ?? "none")) continue;
      forget(name);
      loaded.set(name, { state: state ?? "none", runs: await load(name) });
      // Whoever asks first need not wait for the compiler.
      archive.count({ ...anyDetection, bbox: [-1, -1, 1, 1], minScore: 0.5 });
    }
  };

  let looking: Promise<void> | null = null;
  let lookedAt = -Infinity;
  return {
    archive,
    scenes,
    refresh() {
      if (looking === null && clock() - lookedAt >= refreshMs) {
        looking = look().finally(() => {
          looking = null;
          lookedAt = clock();
        });
      }
      return looking ?? Promise.resolve();
    },
  };
};

/**
 * The same with what was heard of runs whose folder is not there: those at work, above all. `journal` is read on from where the last look
 * ended, so what a subscriber was sent is found at the next request.
 */
export const withHeard = (
  base: RunArchive,
  journal: Pick<Journal, "first" | "head" | "read">,
): RunArchive => {
  let next = journal.first;
  let reading: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    while (next <= journal.head) {
      const part = await journal.read(next);
      for (const entry of part.entries) {
        if (!base.archive.isKept(entry.result.run))
          base.archive.hear(JSON.parse(textOf(entry)) as ResultMessage);
      }
      next = Math.max(part.next, next + 1);
    }
  };
  return {
    ...base,
    async refresh() {
      await base.refresh();
      reading ??= read().finally(() => (reading = null));
      await reading;
    },
  };
};
