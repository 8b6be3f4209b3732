import { constants } from "node:os";
import type { Worker } from "node:worker_threads";
import { openStopWatch, type StopWatch } from "./stop-watch.ts";

/** The user asked the command to stop. */
export class Interruption extends Error {
  /** As shells have it: 128 and the number of the signal. */
  readonly exitCode: number;

  constructor(name: NodeJS.Signals) {
    super("interrupted");
    this.name = "Interruption";
    this.exitCode = 128 + constants.signals[name];
  }
}

const heeded: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Threads that are at work. */
const threads = new Set<Worker>();
process.on("worker", (worker) => {
  threads.add(worker);
  worker.once("exit", () => threads.delete(worker));
});

/** The one of the command that is at work, and what that does on a signal; commands in one process follow each other. */
let watch: StopWatch | null = null;
let onSignal: ((name: NodeJS.Signals) => void) | null = null;

/** Opens the ear for signals: the sooner it is begun with, the less is waited for it. `null`: this process has none. */
export const prepareToStop = (): StopWatch | null =>
  (watch ??= openStopWatch({
    names: heeded,
    onSignal(name) {
      if (onSignal === null) void leave(new Interruption(name).exitCode);
      else onSignal(name);
    },
  }));

/**
 * Ends the process. It would wait for threads that are in native code, and nobody could end it meanwhile: they are
 * ended first, all but the one that watches over that.
 */
export const leave = async (exitCode: number): Promise<never> => {
  // What breaks in work that nobody waits for is no news any more.
  for (const event of ["unhandledRejection", "uncaughtException"]) process.on(event, () => undefined);
  const others = [...threads].filter((thread) => thread !== watch?.worker);
  await Promise.all(others.map((thread) => thread.terminate()));
  process.exit(exitCode);
};

type Work = (signal: AbortSignal) => Promise<void>;

/** Lets whatever has arrived meanwhile be heard: signals of a time in which there was no ear for them. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Does `work`, which goes on until somebody stops it, with a signal that aborts on Ctrl-C, SIGTERM and a closed terminal, so that
 * servers stop and scratch files go. Asked a second time, the process ends at once, and within two seconds in any case, whatever it is
 * at. Whatever breaks in work that was told to stop, `Interruption` is what is thrown.
 */
export const untilStopped = async (work: Work): Promise<void> => {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    const reason = new Interruption(name);
    if (controller.signal.aborted) void leave(reason.exitCode);
    controller.abort(reason);
  };
  onSignal = stop;
  // Until there is an ear for them, signals end the process at once; nothing has been begun then.
  const isHeard = (await prepareToStop()?.listens()) ?? false;
  if (!isHeard) for (const name of heeded) process.on(name, stop);
  try {
    await work(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    onSignal = null;
    for (const name of heeded) process.off(name, stop);
    if (!controller.signal.aborted) {
      watch?.[Symbol.dispose]();
      watch = null;
    }
  }
};

/** As `untilStopped`, for work that has an end of its own: told to stop, it is interrupted, even if it came to that end. */
export const interruptible = (work: Work): Promise<void> =>
  untilStopped(async (signal) => {
    await work(signal);
    await turn();
    signal.throwIfAborted();
  });
