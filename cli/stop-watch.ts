import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** How long what was interrupted may take to clean up; ms. With what it takes to notice, below the two seconds that a person waits. */
const grace = 1700;

/** What the thread is started with: `words[0]` is what it waits at, `words[1]` what nobody ever changes. */
export interface StopWatchStart {
  readonly words: Int32Array;
  readonly grace: number;
}

/** A thread that ends this process when it was asked to stop and does not. */
export interface StopWatch extends Disposable {
  readonly worker: Worker;
  /** The process has been asked to stop in another way than by Ctrl-C: the time runs from now. */
  run(): void;
}

/** Bundled beside the command, and built beside this file. */
const workerFile = (): string | null =>
  ["./stop-watch-worker.js", "../dist/cli/stop-watch-worker.js"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((file) => existsSync(file)) ?? null;

/**
 * Hears Ctrl-C on a thread of its own, so also while this one is in a long loop or in native code, and tells `onInterrupt`. If the
 * process still runs 1.7 s later, the thread ends it as the signal would have; what it leaves behind, its next start sweeps. A second
 * Ctrl-C ends it at once. Without a built worker there is no such thread, and `null`.
 */
export const openStopWatch = (onInterrupt: () => void): StopWatch | null => {
  const file = workerFile();
  if (file === null) return null;
  const words = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(file, { workerData: { words, grace } satisfies StopWatchStart, execArgv: [] });
  worker.on("message", onInterrupt);
  // Where threads have run out, Ctrl-C is heard as always: between two pieces of work.
  worker.on("error", () => undefined);
  worker.unref();
  const run = (): void => {
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
  };
  return {
    worker,
    run,
    [Symbol.dispose]: () => void worker.terminate(),
  };
};
