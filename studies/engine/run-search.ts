import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { listParts } from "../../pipeline/bus/run-listing.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { someOf } from "../../pipeline/format.ts";
import type { Seconds } from "../../pipeline/units.ts";
import type { Notes, StudyPorts } from "../progress.ts";

/** A run that somebody else may yet start, and how long it is waited for. */
export interface RunSearch {
  /** As nodes are given it: `compare-3f2a91c0-raw`. */
  readonly run: string;
  readonly wait: Seconds;
}

/** It looks this often, ms. */
const lookEvery = 200;

/** Looks after which it says what it waits for: a mistyped run is waited for as well. */
const patience = 10;

/** Runs of a server, for whoever asks for one that is not there. */
export const runsThere = async (bus: Bus): Promise<string> => {
  const parts = await listParts(bus);
  return parts.length === 0 ? "no runs" : someOf(parts);
};

/**
 * Looks for something of a run until it is there, says after a while what is missing, and gives up after `wait`. Makes nothing.
 * Throws `SwathError("bus")`.
 */
export const searchRun = async <T>(
  bus: Bus,
  { run, wait }: RunSearch,
  look: () => Promise<T | null>,
  { progress, signal }: StudyPorts<Notes>,
): Promise<T> => {
  const began = performance.now();
  const what = `no run ${run} on NATS at ${bus.address}`;
  for (let looks = 1; ; looks++) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() - began >= wait * 1000) {
      const hint = "check --run, start the command, or allow it more time with --wait";
      throw new SwathError("bus", { what: `${what} after ${wait} s`, got: await runsThere(bus), hint });
    }
    if (looks === patience)
      progress.note(`${what} yet, but ${await runsThere(bus)}: waiting ${wait} s for it`);
    await sleep(lookEvery, undefined, { signal });
  }
};
