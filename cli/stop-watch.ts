import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** How long what was interrupted may take to clean up; ms. With what it takes to notice, below the two seconds that a person waits. */
const grace = 1700;

/** What the thread is started with. */
export interface StopWatchStart {
  readonly names: readonly NodeJS.Signals[];
  readonly grace: number;
}

/** What the thread says: it listens from now on (`null`), or a signal came, the first. */
export interface StopWatchWord {
  readonly name: NodeJS.Signals | null;
}

/** A thread that ends this process when it was asked to stop and does not. */
export interface StopWatch extends Disposable {
  readonly worker: Worker;
  /** Whether the thread listens; once it does, this one must not: Node would take that for the answer to a signal. */
  readonly listens: () => Promise<boolean>;
}

/** Who listens for signals. */
export interface StopWatchPorts {
  readonly names: readonly NodeJS.Signals[];
  readonly onSignal: (name: NodeJS.Signals) => void;
}

/** Bundled beside the command, and built beside this file. */
const workerFile = (): string | null =>
  ["./stop-watch-worker.js", "../dist/cli/stop-watch-worker.js"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((file) => existsSync(file)) ?? null;

/**
 * Hears signals on a thread of its own, so also while this one is in a long loop or in native code, and tells `onSignal` of the first. If the
 * process still runs 1.7 s later, the thread ends it as the signal would have; what it leaves behind, its next start sweeps. A second
 * signal ends it at once. `null`: there is no built worker.
 */
export const openStopWatch = ({ names, onSignal }: StopWatchPorts): StopWatch | null => {
  const file = workerFile();
  if (file === null) return null;
  const worker = new Worker(file, { workerData: { names, grace } satisfies StopWatchStart, execArgv: [] });
  const listens = new Promise<boolean>((resolve) => {
    worker.on("message", ({ name }: StopWatchWord) => {
      if (name === null) resolve(true);
      else onSignal(name);
    });
    worker.once("exit", () => resolve(false));
  });
  // Where threads have run out, or Node has no such handle any more, signals are heard as always: between two pieces of work.
  worker.on("error", () => undefined);
  worker.unref();
  return {
    worker,
    async listens() {
      // It keeps nobody from ending, but for whoever waits for it.
      worker.ref();
      const isUp = await listens;
      worker.unref();
      return isUp;
    },
    [Symbol.dispose]: () => void worker.terminate(),
  };
};
