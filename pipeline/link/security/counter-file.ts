import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf, SwathError } from "../../errors.ts";

/**
 * Reserves the next block of numbers for `name`, on disk before it returns: blocks 0, 1, 2, … Several processes may do so at once, and any may
 * die at any point: no block is given twice. Throws `SwathError("storage")` where the folder cannot be written.
 *
 * A block is taken by creating the empty file `<name>.<block>`, which only one process can. The highest stays as the memory of
 * them all; one that finds a higher beside its own came late, its file may have been there before, and it goes on to the next.
 */
export const reserveBlock = (folder: string, name: string): number => {
  const blocks = (): readonly number[] =>
    readdirSync(folder).flatMap((file) => {
      const number = file.startsWith(`${name}.`) ? file.slice(name.length + 1) : "";
      return /^\d{1,9}$/.test(number) ? [Number(number)] : [];
    });
  const fileOf = (block: number): string => join(folder, `${name}.${block}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (;;) {
      const block = Math.max(-1, ...blocks()) + 1;
      if (!created(fileOf(block))) continue;
      const all = blocks();
      if (all.some((other) => other > block)) {
        rmSync(fileOf(block), { force: true });
        continue;
      }
      syncFolder(folder);
      for (const old of all) if (old < block) rmSync(fileOf(old), { force: true });
      return block;
    }
  } catch (cause) {
    throw new SwathError("storage", {
      what: `cannot write down in ${folder} which link numbers are used`,
      got: messageOf(cause),
      hint: "the folder of a satellite's key must be writable: a number used twice would give the key away",
      cause,
    });
  }
};

const created = (path: string): boolean => {
  try {
    const file = openSync(path, "wx", 0o600);
    fsyncSync(file);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};
