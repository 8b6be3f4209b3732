import { totalmem } from "node:os";
import { formatBytes } from "../pipeline/format.ts";
import { bytes } from "../pipeline/units.ts";

/** How often memory is looked at, ms. */
const every = 250;

/** The system ends a group of processes at its limit without a word: from this share of it on, one is said. */
const nearlyAll = 0.93;

/** What a process takes, and what its control group allows; bytes. */
export interface MemoryLook {
  readonly used: number;
  readonly allowed: number;
}

const look = (): MemoryLook => ({
  used: process.memoryUsage.rss(),
  // Without a limit it is more than the machine has, or 0.
  allowed: process.constrainedMemory?.() ?? 0,
});

/** What is said when a control group leaves hardly any memory; `null`: there is enough, or no limit but the machine's. */
export const memoryWarning = ({ used, allowed }: MemoryLook, machine = totalmem()): string | null =>
  allowed === 0 || allowed >= machine || used < nearlyAll * allowed
    ? null
    : `memory runs out: ${formatBytes(bytes(used))} of ${formatBytes(bytes(allowed))} that this control group allows are used, and past that the system ends the command without a word; give it more memory, fewer --threads or less to do; called again it goes on where it can`;

/** Says so once, when it is nearly too late. The timer keeps nothing alive. */
export const openMemoryWatch = (say: (line: string) => void): void => {
  const timer = setInterval(() => {
    const line = memoryWarning(look());
    if (line === null) return;
    clearInterval(timer);
    say(line);
  }, every);
  timer.unref();
};
