import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** How a gateway is reached by who may read the folder of runs that it serves. */
export interface GatewayAddress {
  readonly url: string;
  /** Lets its bearer change things. */
  readonly token: string;
}

/** Where a gateway says so, for `swath subscribe` and `swath subscriptions` on the same machine. */
const fileOf = (runs: string): string => join(runs, ".live-gateway");

/** Leaves the address, readable by its owner alone; dispose of it to take it back. Throws `SwathError("storage")`. */
export const announceGateway = async (
  runs: string,
  { url, token }: GatewayAddress,
): Promise<AsyncDisposable> => {
  const file = fileOf(runs);
  const text = JSON.stringify({ url, token });
  try {
    await rm(file, { force: true }); // One of another owner keeps its mode when it is written over.
    await writeFile(file, text, { mode: 0o600 });
  } catch (cause) {
    throw new SwathError("storage", { what: `cannot write to ${runs}`, got: messageOf(cause), cause });
  }
  return {
    async [Symbol.asyncDispose]() {
      // A later gateway of the same folder may have put its own there.
      const current = await readFile(file, "utf8").catch(() => null);
      if (current === text) await rm(file, { force: true });
    },
  };
};

/** The address that was left in a folder of runs; `null` for none. One that was killed leaves its address behind. */
export const findGateway = (runs: string): GatewayAddress | null => {
  try {
    const { url, token } = JSON.parse(readFileSync(fileOf(runs), "utf8")) as GatewayAddress;
    return { url, token };
  } catch {
    // None is there, or somebody is about to write it.
    return null;
  }
};
