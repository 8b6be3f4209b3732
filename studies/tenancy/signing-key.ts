import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { keyFrom, makeKey, readSeed, type SigningKey } from "../../pipeline/keys/nkey.ts";
import { readSecretFile } from "../../pipeline/secret-file.ts";

const put = async (path: string, text: string, mode: number): Promise<void> => {
  try {
    await writeFile(path, text, { mode, flag: "wx" });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new SwathError(isThere ? "config" : "storage", {
      what: `cannot write ${path}`,
      ...(isThere ? { wanted: "a new file", got: "one that is there already" } : { got: messageOf(cause) }),
      cause,
    });
  }
};

/** Makes a key that ledgers, or the orders of a tenant, are signed with: the secret in `path`, for its owner alone, and the public key in `path.pub`. */
export const makeSigningKey = async (path: string): Promise<string> => {
  const { seed, publicKey } = makeKey("user");
  await put(path, `${seed}\n`, 0o600);
  await put(`${path}.pub`, `${publicKey}\n`, 0o644);
  return publicKey;
};

/** The key in a file. Throws `SwathError("config")` for a file that is none, or that everybody may read. */
export const readSigningKey = (path: string, what: "ledger key" | "tenant's key"): SigningKey => {
  const [first = ""] = readSecretFile(path, what).split("\n", 1);
  return readSeed("user", first.trim(), `${what} ${path}`);
};

/**
 * The key of a run that was given none: it follows from the run's digest, so that the same run has the same ledger. It is no secret; ledgers say so.
 */
export const keyOfRun = (sha256: string): SigningKey =>
  keyFrom("user", createHash("sha256").update(`swath ledger of run ${sha256}`).digest());
