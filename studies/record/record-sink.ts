import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import { messageOf } from "../../pipeline/errors.ts";
import type { MissionHead } from "../../pipeline/mission/mission-head.ts";
import { touchEvery, workFolder } from "./work-folder.ts";

/** Where a record grows while its run is at work. Nothing waits for it, and nothing fails with it. */
export interface RecordSink {
  /** Files first, then the head that names them. */
  readonly put: (files: readonly RunFile[], head: MissionHead) => void;
  /** The run is flown, and its own folder is about to be written here: whoever is elsewhere needs no more than this head. */
  readonly complete: (head: MissionHead) => Promise<void>;
  /** All that was put by now is there. */
  readonly flushed: () => Promise<void>;
  /** The same, and nothing more comes: the record is not kept alive any longer. */
  readonly settled: () => Promise<void>;
  /** The run's own folder has the record now. */
  readonly remove: () => Promise<void>;
}

/** Its head is replaced whole: who reads it finds the old one or the new one. */
const writeWhole = async (folder: string, { path, content }: RunFile): Promise<void> => {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.new`, content);
  await rename(`${target}.new`, target);
};

/**
 * A record in a hidden folder beside where the run's folder will be; what an earlier start left there goes. A disk that is full costs the record
 * alone: that is said once by `note`.
 */
export const folderSink = (runFolder: string, note: (text: string) => void): RecordSink => {
  const folder = workFolder(runFolder);
  let queue: Promise<void> = rm(folder, { recursive: true, force: true });
  let failed = false;
  const then = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(work).catch((error: unknown) => {
      if (!failed) note(`the mission record of the run at work is not kept: ${messageOf(error)}`);
      failed = true;
    });
    return queue;
  };
  let isThere = false;
  const alive = setInterval(() => {
    const now = new Date();
    if (isThere && !failed) void then(() => utimes(join(folder, "head.json"), now, now));
  }, touchEvery);
  alive.unref();
  return {
    put(files, head) {
      void then(async () => {
        if (failed) return;
        for (const file of files) await writeWhole(folder, file);
        await writeWhole(folder, { path: "head.json", content: `${JSON.stringify(head)}\n` });
        isThere = true;
      });
    },
    complete: () => queue,
    flushed: () => queue,
    async settled() {
      clearInterval(alive);
      await queue;
    },
    async remove() {
      clearInterval(alive);
      await queue;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** What goes to each of several places. */
export const allSinks = (sinks: readonly RecordSink[]): RecordSink | null => {
  const [first] = sinks;
  if (first === undefined || sinks.length === 1) return first ?? null;
  const all = async (work: (sink: RecordSink) => Promise<void>): Promise<void> => {
    await Promise.all(sinks.map(work));
  };
  return {
    put(files, head) {
      for (const sink of sinks) sink.put(files, head);
    },
    complete: (head) => all((sink) => sink.complete(head)),
    flushed: () => all((sink) => sink.flushed()),
    settled: () => all((sink) => sink.settled()),
    remove: () => all((sink) => sink.remove()),
  };
};
