import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import { followRecord, listRecordSources, type RecordSource } from "../../pipeline/bus/record-source.ts";
import { isSwathError, messageOf, SwathError } from "../../pipeline/errors.ts";
import { decodeEventMessage, type EventMessage } from "../../pipeline/mission/event-message.ts";
import type { RunCatalogue, RunEntry } from "../../stations/gateway/run-catalogue.ts";
import type { Notes } from "../progress.ts";
import { workFolder } from "../record/work-folder.ts";
import { stateFolder } from "./state-folder.ts";

/** How often a server is asked for runs that have begun; ms. */
const interval = 1_000;

/** Where records of runs stand that are heard over NATS and not on this disk, each as beside the folder of a run at work. */
export const heardFolder = (runs: string): string => join(stateFolder(runs), "heard");

/** A path within a record: names, one below the other, none of which leads out of it. Throws `SwathError("bus")`. */
const requireInside = (path: string): string => {
  const isName = (name: string): boolean =>
    name !== "" && name !== "." && name !== ".." && !/[\\\0]/.test(name) && name.length <= 255;
  if (path.split("/").every(isName)) return path;
  throw new SwathError("bus", {
    what: "a file of a mission record",
    wanted: "a path within the record",
    got: `"${path.slice(0, 80)}"`,
  });
};

const writeWhole = async (folder: string, path: string, content: string | Uint8Array): Promise<void> => {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.new`, content);
  await rename(`${target}.new`, target);
};

/** Writes what is said of a record into its folder. */
const takeDown = async (folder: string, said: EventMessage): Promise<void> => {
  if (said.kind === "file") await writeWhole(folder, requireInside(said.path), said.content);
  else if (said.kind === "head") await writeWhole(folder, "head.json", `${JSON.stringify(said.head)}\n`);
  else if (said.kind === "alive") {
    const now = new Date();
    await utimes(join(folder, "head.json"), now, now).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
};

/**
 * Writes down the mission records that are said on a NATS, those of runs that begin later included, until the signal aborts. A run that is started
 * again takes its place anew. A login that may not read them, and what is no record, costs the records alone and is said once.
 */
export const hearRecords = async (
  bus: Bus,
  runs: string,
  { note }: Notes,
  signal: AbortSignal,
): Promise<void> => {
  const root = heardFolder(runs);
  // What is still kept on NATS is heard again.
  await rm(root, { recursive: true, force: true });
  const followed = new Set<string>();
  const told = new Set<string>();
  const tell = (text: string): void => {
    if (!told.has(text)) note(text);
    told.add(text);
  };
  const newest = new Map<string, number>();
  const hear = async (source: RecordSource): Promise<void> => {
    const { run, startedMs } = source;
    const folder = workFolder(join(root, run));
    if ((newest.get(run) ?? -1) > startedMs) return;
    newest.set(run, startedMs);
    await rm(folder, { recursive: true, force: true });
    for await (const { data } of followRecord(bus, source, signal)) {
      if ((newest.get(run) ?? startedMs) > startedMs) return;
      try {
        await takeDown(folder, decodeEventMessage(data));
      } catch (error) {
        if (!isSwathError(error)) throw error;
        tell(`left out of the record of ${run}: ${error.message}`);
      }
    }
  };
  while (!signal.aborted) {
    const sources = await listRecordSources(bus).catch((error: unknown) => {
      if (!isSwathError(error, "bus")) throw error;
      return [];
    });
    for (const source of sources) {
      if (followed.has(source.stream)) continue;
      followed.add(source.stream);
      void hear(source).catch((error: unknown) => {
        // A stream that is removed has said what it had to say.
        if (!signal.aborted && !/not found/i.test(messageOf(error)))
          tell(`records of runs on this NATS are not shown: ${messageOf(error)}`);
      });
    }
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
};

/** The runs of a folder, and behind them those that are heard of elsewhere. */
export const bothCatalogues = (here: RunCatalogue, elsewhere: RunCatalogue): RunCatalogue => {
  const of = async (run: string): Promise<RunCatalogue> =>
    (await here.find(run)) === null && (await elsewhere.find(run)) !== null ? elsewhere : here;
  const list = async (): Promise<readonly RunEntry[]> => {
    const own = await here.list();
    const known = new Set(own.map(({ run }) => run));
    const others = (await elsewhere.list()).filter(({ run }) => !known.has(run));
    return [...own, ...others].toSorted((a, b) => (a.written < b.written ? 1 : -1));
  };
  return {
    list,
    find: async (run) => (await here.find(run)) ?? elsewhere.find(run),
    summary: async (run) => (await of(run)).summary(run),
    report: async (run) => (await of(run)).report(run),
    head: async (run) => (await of(run)).head(run),
    part: async (run, file) => (await of(run)).part(run, file),
    chip: async (run, picture) => (await of(run)).chip(run, picture),
    tile: async (run, picture) => (await of(run)).tile(run, picture),
    scenePicture: async (run, part) => (await of(run)).scenePicture(run, part),
    async *follow(run, signal) {
      yield* (await of(run)).follow(run, signal);
    },
  };
};
