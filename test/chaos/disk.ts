import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A folder that can be full. Dispose of it to take it away. */
export interface Disk extends Disposable {
  readonly folder: string;
  /** Leaves no room for so long, ms. */
  readonly fill: (ms: number) => Promise<void>;
}

/** Why no small disk can be had here; `null`: it can. */
export const whyNoDisks = (): string | null =>
  process.platform === "linux" && process.getuid?.() === 0
    ? null
    : "mounting a small disk wants root on Linux";

/** A disk of its own in memory, so that it can be full while the machine's has room. */
export const openDisk = (folder: string, megabytes: number): Disk => {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "swath-storm", folder]);
  let fills = 0;
  return {
    folder,
    async fill(ms) {
      const filler = join(folder, `.filler-${fills++}`);
      const file = openSync(filler, "w");
      const end = Date.now() + ms;
      const piece = new Uint8Array(64 * 1024);
      // What others give back is taken too.
      while (Date.now() < end) {
        try {
          writeSync(file, piece);
        } catch {
          await sleep(20); // No room is what is wanted.
        }
      }
      closeSync(file);
      rmSync(filler, { force: true });
    },
    [Symbol.dispose]() {
      execFileSync("umount", ["--lazy", folder]);
    },
  };
};
