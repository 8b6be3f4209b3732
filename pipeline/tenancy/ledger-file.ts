import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { messageOf, SwathError } from "../errors.ts";
import { readSeed, verifierOf } from "../keys/nkey.ts";
import { checkLedger, type LedgerCheck } from "./ledger-check.ts";

const chunkBytes = 1 << 20;

/** A file piece by piece: a ledger may be larger than memory. */
function* chunksOf(file: number): Generator<Uint8Array> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const read = readSync(file, chunk, 0, chunkBytes, null);
    if (read === 0) return;
    yield chunk.subarray(0, read);
  }
}

/**
 * The public key in a key file: the key itself, or the seed that it follows from, on the first line. Throws `SwathError("config")` for a file
 * that holds neither; the message holds nothing of it.
 */
export const readSigner = (path: string): string => {
  let text: string;
  try {
    text = readFileSync(path, "utf8").split("\n", 1)[0]?.trim() ?? "";
  } catch (cause) {
    throw new SwathError("config", { what: `cannot read key ${path}`, got: messageOf(cause), cause });
  }
  if (text.startsWith("SU")) return readSeed("user", text, `key ${path}`).publicKey;
  if (verifierOf("user", text) !== null) return text;
  throw new SwathError("config", {
    what: `key ${path}`,
    wanted: "a public key on its first line: 56 capitals and digits from U on",
    got: "something else",
    hint: "swath ledger key makes one, with the public key in FILE.pub",
  });
};

/**
 * Checks a ledger that lies in a file (see `checkLedger`). Throws `SwathError("storage")` where it cannot be read.
 */
export const checkLedgerFile = (path: string, signer: string | null): LedgerCheck => {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (cause) {
    throw new SwathError("storage", { what: `cannot read ledger ${path}`, got: messageOf(cause), cause });
  }
  try {
    return checkLedger(chunksOf(file), signer);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new SwathError("storage", { what: `cannot read ledger ${path}`, got: messageOf(cause), cause });
  } finally {
    closeSync(file);
  }
};
