import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectBus, type Bus, type BusOptions } from "../../pipeline/bus/connection.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";

/** Where a command that runs its own server says so, for `swath subscribe` on the same machine. */
const fileOf = (out: string): string => join(out, ".live-nats");

/**
 * Leaves the server's address, readable by its owner alone; dispose of it to take it back.
 * Throws `SwathError("storage")` when `out` cannot be written.
 */
export const announceServer = async (out: string, url: string): Promise<AsyncDisposable> => {
  const file = fileOf(out);
  let made: string | undefined;
  try {
    made = await mkdir(out, { recursive: true });
    await rm(file, { force: true }); // One of another owner keeps its mode when it is written over.
    await writeFile(file, url, { mode: 0o600 });
  } catch (cause) {
    throw new SwathError("storage", {
      what: `cannot write to ${out}`,
      got: messageOf(cause),
      hint: "choose another folder with --out",
      cause,
    });
  }
  return {
    async [Symbol.asyncDispose]() {
      // A later command with the same --out may have put its own there.
      const current = await readFile(file, "utf8").catch(() => null);
      if (current === url) await rm(file, { force: true });
      // A run that failed leaves no folder behind where there was none: this removes empty ones only.
      if (made !== undefined) await rmdir(out).catch(() => undefined);
    },
  };
};

/** The address of a running command's server. Throws `SwathError("bus")` when there is none. */
export const findServer = (out: string): string => {
  try {
    return readFileSync(fileOf(out), "utf8");
  } catch (cause) {
    throw new SwathError("bus", {
      what: "no NATS to subscribe to",
      wanted: `--nats URL, or a swath command at work with --out ${out}`,
      got: "neither",
      hint: "a command's own server ends with it: its results are then in the run's folder",
      cause,
    });
  }
};

/** Connects to a command's own server as one who reads results. Throws `SwathError("bus")`. */
export const joinLiveServer = (
  url: string,
  name: string,
  more: Pick<BusOptions, "guard"> = {},
): Promise<Bus> => connectBus({ url, name, inboxPrefix: "_INBOX_subscriber", ...more });
