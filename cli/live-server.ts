import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../pipeline/errors.ts";

/** Where a command that runs its own server says so, for `swath subscribe` on the same machine. */
const fileOf = (out: string): string => join(out, ".live-nats");

/** Leaves the server's address, readable by its owner alone; returns how to take it back. */
export const announceServer = async (out: string, url: string): Promise<() => Promise<void>> => {
  const file = fileOf(out);
  try {
    await mkdir(out, { recursive: true });
    await writeFile(file, url, { mode: 0o600 });
  } catch (cause) {
    throw new SwathError("storage", {
      what: `cannot write to ${out}`,
      got: messageOf(cause),
      hint: "choose another folder with --out",
      cause,
    });
  }
  return () => rm(file, { force: true });
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
      cause,
    });
  }
};
