import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { messageOf, SwathError } from "./errors.ts";

/** Secrets are short: a file beyond this is none. */
const mostBytes = 65_536;

/**
 * A file that holds a secret, as text. One that everybody on the machine may read is refused: its secret is none. `what` is what it holds, as
 * messages name it: `NATS credentials`. Throws `SwathError("config")`.
 */
export const readSecretFile = (path: string, what: string): string => {
  const fail = (got: string, more: { readonly wanted?: string; readonly hint?: string; cause?: unknown }) =>
    new SwathError("config", { what: `cannot read ${what} ${path}`, got, ...more });
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    throw fail(messageOf(cause), { cause });
  }
  try {
    // Of the file that is open, so that nobody can put another in its place in between.
    const stat = fstatSync(file);
    if (!stat.isFile()) throw fail("no regular file", { wanted: "a file" });
    if (stat.size > mostBytes) throw fail(`${stat.size} bytes`, { wanted: `at most ${mostBytes}` });
    if (process.platform !== "win32" && (stat.mode & 0o004) !== 0) {
      throw fail("one that everybody on this machine can read", {
        wanted: "a file of its owner alone",
        hint: `chmod 600 ${path}, and take a new secret if others were here`,
      });
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
};
