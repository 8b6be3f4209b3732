import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
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
