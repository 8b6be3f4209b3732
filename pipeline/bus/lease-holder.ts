import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { isRunning } from "../running-process.ts";

/** Who holds a lease. */
export interface LeaseHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** The machine since it was last booted, and the namespace that the process number is of; `null` where a system does not tell. */
  readonly machine: string | null;
  /** Start of the process by the machine's clock of ticks: numbers of processes are used again. `null` where a system does not tell. */
  readonly started: string | null;
}

const readOr = (read: () => string): string | null => {
  try {
    return read();
  } catch {
    return null; // Systems other than Linux have no such file.
  }
};

const bootOf = (): string | null =>
  readOr(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
const namespaceOf = (): string | null => readOr(() => readlinkSync("/proc/self/ns/pid"));

/** Field 22 of `/proc/<pid>/stat`; the name of the command before it may hold blanks and brackets. */
const startOf = (pid: number): string | null => {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  return stat === null ? null : (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null);
};

const machineOf = (): string | null => {
  const [boot, namespace] = [bootOf(), namespaceOf()];
  if (boot === null || namespace === null) return null;
  return createHash("sha256").update(`${hostname()} ${boot} ${namespace}`).digest("hex").slice(0, 16);
};

const userName = (): string => readOr(() => userInfo().username) ?? "unknown";

/** This process. */
export const thisHolder = (): LeaseHolder => ({
  user: userName(),
  host: hostname(),
  pid: process.pid,
  machine: machineOf(),
  started: startOf(process.pid),
});

/**
 * Whether a holder is dead for certain: it ran on this very machine, and no process of that number and start runs here any more.
 * False where that cannot be known.
 */
export const isDead = ({ machine, pid, started }: LeaseHolder): boolean => {
  if (machine === null || started === null || machine !== machineOf()) return false;
  return !isRunning(pid) || startOf(pid) !== started;
};
