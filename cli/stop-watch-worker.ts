import { writeSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import type { StopWatchStart } from "./stop-watch.ts";

/*
 * Waits for Ctrl-C on a thread of its own; `stop-watch.ts` starts it. Signals reach scripts of the main thread only, when it comes
 * round to them; `breakOnSigint` is the one way in which another thread hears of one, whatever the main thread is at.
 */

const { words, grace } = workerData as StopWatchStart;
const wait = runInThisContext("(words) => Atomics.wait(words, 0, 0)") as (words: Int32Array) => void;
Object.assign(globalThis, { waitForStop: () => wait(words) });
try {
  runInThisContext("waitForStop()", { breakOnSigint: true });
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
  parentPort?.postMessage("SIGINT");
}
Atomics.wait(words, 1, 0, grace);
// Past the main thread, which is what does not answer.
writeSync(2, "swath: interrupted\n");
// Once the script is over, Node's own handler is back, which lets the signal do its work.
process.kill(process.pid, "SIGINT");
