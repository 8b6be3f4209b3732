import { readdir, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isRunning } from "./running-process.ts";

/** Stands in the names of what a process makes for its own time, so that the next one can tell whether its maker lives: `~HOST~PID~`. */
export const ownerMark = `~${hostname()}~${process.pid}~`;

/** Longer than any run is written: what another host left on a shared disk is touched no sooner. */
const abandonedMs = 24 * 3_600_000;

/** The name of something abandoned, without its owner's mark. */
export interface AbandonedName {
  readonly before: string;
  readonly after: string;
}

/**
 * Hands to `remove` each entry of `parent` whose owner is gone: on this host where its process has ended, on another where nobody has
 * touched it for a day. What vanishes meanwhile was swept by somebody else.
 */
export const sweepAbandoned = async (
  parent: string,
  remove: (path: string, name: AbandonedName) => Promise<void>,
): Promise<void> => {
  for (const entry of await readdir(parent)) {
    const [, before = "", host, pid, after = ""] = /^(.*)~([^~]+)~(\d+)~(.*)$/.exec(entry) ?? [];
    if (host === undefined) continue;
    const path = join(parent, entry);
    try {
      const gone =
        host === hostname() ? !isRunning(Number(pid)) : Date.now() - (await stat(path)).mtimeMs > abandonedMs;
      if (gone) await remove(path, { before, after });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
};
