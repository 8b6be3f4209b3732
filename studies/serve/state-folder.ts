import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { isRunning } from "../../pipeline/running-process.ts";
import { newSecret } from "../../stations/gateway/login.ts";

/** Where a gateway keeps what outlives it, beside the runs that it serves: its secret, cursors, subscriptions. */
export const stateFolder = (runs: string): string => join(runs, ".gateway");

const cannotWrite = (runs: string, cause: unknown): SwathError =>
  new SwathError("storage", {
    what: `cannot write to ${stateFolder(runs)}`,
    got: messageOf(cause),
    hint: "choose another folder with --runs",
    cause,
  });

const secretBytes = 32;

/** The secret that login tokens are signed with, made at the first call; its file is its owner's alone. Throws `SwathError("storage")`. */
export const openSecret = async (runs: string): Promise<Uint8Array> => {
  const file = join(stateFolder(runs), "secret");
  try {
    await mkdir(runs, { recursive: true });
    await mkdir(stateFolder(runs), { recursive: true, mode: 0o700 });
    // Of two that start at once the first one makes it, and both read it.
    await writeFile(file, newSecret(), { mode: 0o600, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    const secret = await readFile(file);
    if (secret.length === secretBytes) return secret;
  } catch (cause) {
    throw cannotWrite(runs, cause);
  }
  throw new SwathError("storage", {
    what: `${file} is no secret of a gateway`,
    wanted: `${secretBytes} bytes`,
    hint: "remove it, and log in again",
  });
};

/** The process that a lock names, if it is still there. */
const holderOf = async (file: string): Promise<number | null> => {
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  return Number.isInteger(pid) && pid > 0 && isRunning(pid) ? pid : null;
};

/**
 * Keeps other gateways of this machine off what this one writes, until it is disposed of; the lock of one that was killed is taken over.
 * Throws `SwathError("storage")`.
 */
export const lockState = async (runs: string): Promise<AsyncDisposable> => {
  const file = join(stateFolder(runs), "lock");
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await writeFile(file, String(process.pid), { mode: 0o600, flag: "wx" });
      return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cannotWrite(runs, cause);
    }
    const holder = await holderOf(file);
    if (holder !== null) {
      throw new SwathError("storage", {
        what: `another gateway serves ${runs}`,
        wanted: "one at a time",
        got: `process ${holder}`,
        hint: "end it, or choose another folder with --runs",
      });
    }
    await rm(file, { force: true });
  }
  throw cannotWrite(runs, new Error("its lock comes and goes"));
};
