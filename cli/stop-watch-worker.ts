import { writeSync } from "node:fs";
import { constants } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { openMemoryWatch } from "./memory-watch.ts";
import type { StopWatchStart, StopWatchWord } from "./stop-watch.ts";

/*
 * Hears signals on a thread of its own, whatever the main thread is at; `stop-watch.ts` starts it. Scripts hear of signals through the loop of the main
 * thread alone, which is of no use while that is busy. The handle behind `process.on("SIGTERM")` works on the loop of any thread, and there is no other
 * name for it than this one; where a release of Node takes it away, the main thread hears signals as ever.
 */

interface SignalHandle {
  onsignal: (signal: number) => void;
  readonly start: (signal: number) => number;
  readonly close: () => void;
}

const { names, grace } = workerData as StopWatchStart;
process.noDeprecation = true;
const { Signal } = (
  process as unknown as { binding: (name: string) => { Signal: new () => SignalHandle } }
).binding("signal_wrap");

let isAsked = false;
const handles: SignalHandle[] = [];

/** As the signal would have, had nobody listened. Says it past the main thread, which is what does not answer. */
const end = (name: NodeJS.Signals): void => {
  writeSync(2, "swath: interrupted\n");
  for (const handle of handles) handle.close();
  process.kill(process.pid, name);
};

for (const name of names) {
  const handle = new Signal();
  handle.onsignal = () => {
    if (isAsked) return end(name);
    isAsked = true;
    setTimeout(() => end(name), grace);
    parentPort?.postMessage({ name } satisfies StopWatchWord);
  };
  const failure = handle.start(constants.signals[name]);
  if (failure !== 0) throw new Error(`${name} cannot be listened to: ${failure}`);
  handles.push(handle);
}
parentPort?.postMessage({ name: null } satisfies StopWatchWord);
openMemoryWatch((line) => void writeSync(2, `swath: ${line}\n`));
