import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, rmdir, truncate } from "node:fs/promises";
import { basename, join } from "node:path";
import type { FleetRecord } from "../../measure/fleet/fleet-record.ts";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { version } from "../../pipeline/package.ts";
import { partialFolder } from "./partial-folder.ts";

/** What a simulation that was interrupted has flown already: a line a satellite, beside where the run's folder will stand. */
export interface Journal extends AsyncDisposable {
  /** Satellites flown before without crosslinks, by any process that wrote here. Those with crosslinks stand in files of their own (`openKeptEpochs`). */
  readonly known: ReadonlyMap<string, FleetRecord>;
  readonly add: (record: FleetRecord) => Promise<void>;
  /** All that was added is in the file. */
  readonly flush: () => Promise<void>;
}

/** Another release may come to other figures: its journal is another file. */
const beginningOf = (runFolder: string): string =>
  createHash("sha256")
    .update(`${version} ${basename(runFolder)}`)
    .digest("hex")
    .slice(0, 12);

/** What a shard keeps under one name: `jsonl`, its satellites that have flown; `told`, what happened to those with crosslinks so far. */
export const shardFile = (runFolder: string, shard: number, of: number, kind: "jsonl" | "told"): string =>
  `${beginningOf(runFolder)}-${shard}of${of}.${kind}`;

/** The satellites of a shard as they stand behind an epoch of a flight with crosslinks. */
export const snapshotFile = (runFolder: string, shard: number, of: number, epoch: number): string =>
  `${beginningOf(runFolder)}-${shard}of${of}-${epoch}.epoch`;

/** Of which epoch and shard a file is; `null` for another run's, another release's, and what is none. */
export const snapshotNamed = (
  runFolder: string,
  name: string,
): { readonly index: number; readonly of: number; readonly epoch: number } | null => {
  const [, beginning, index, of, epoch] = /^(\w+)-(\d+)of(\d+)-(\d+)\.epoch$/.exec(name) ?? [];
  return beginning === beginningOf(runFolder)
    ? { index: Number(index), of: Number(of), epoch: Number(epoch) }
    : null;
};

/** Longest line that is read: what happened to a satellite in days of pictures, as text. */
const longestLine = 256 * 1024 * 1024;

/** Whole lines of a journal and how long they are, bytes; what a crash cut off is left out, and what follows it. Nobody holds the file whole. */
const readLines = async <Row>(
  path: string,
): Promise<{ readonly records: readonly Row[]; readonly length: number }> => {
  const records: Row[] = [];
  let length = 0;
  let rest: Buffer[] = [];
  let held = 0;
  for await (const chunk of createReadStream(path)) {
    let from = 0;
    const data = chunk as Buffer;
    for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a, from)) {
      const line = Buffer.concat([...rest, data.subarray(from, end)]);
      try {
        records.push(JSON.parse(line.toString()) as Row);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return { records, length };
      }
      length += line.length + 1;
      from = end + 1;
      [rest, held] = [[], 0];
    }
    rest.push(data.subarray(from));
    held += data.length - from;
    if (held > longestLine) break;
  }
  return { records, length };
};

/** What an interrupted sweep has carried out, a line a run, and the file to which more are added. */
export interface RowJournal<Row> extends AsyncDisposable {
  readonly rows: readonly Row[];
  readonly add: (row: Row) => Promise<void>;
  /** All that was added is in the file. */
  readonly flush: () => Promise<void>;
}

/** Opens the journal in a folder of its own, which is made where it is missing; another release begins another. */
export const openRowJournal = async <Row>(folder: string): Promise<RowJournal<Row>> => {
  const path = join(folder, `${version}.jsonl`);
  return await orRefuse(folder, async () => {
    await mkdir(folder, { recursive: true });
    const file = await open(path, "a+");
    const { records, length } = await readLines<Row>(path);
    await truncate(path, length);
    return { rows: records, ...appending<Row>(folder, file) };
  });
};

/** What the system says of a journal that cannot be read or written, in one line. */
const orRefuse = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    throw new SwathError("storage", {
      what: `journal in ${folder}`,
      got: messageOf(cause),
      hint: "free some space, or give another --out; what is there is gone on with",
      cause,
    });
  }
};

/** One write: two processes that share a file by mistake do not cut into each other's lines. */
const writeAll = async (file: FileHandle, lines: Buffer): Promise<void> => {
  const { bytesWritten } = await file.write(lines);
  // A disk that is nearly full takes part of it.
  if (bytesWritten < lines.length) throw new Error(`only ${bytesWritten} of ${lines.length} bytes written`);
};

const appending = <Row>(folder: string, file: FileHandle): Omit<RowJournal<Row>, "rows"> => ({
  add: (row) => orRefuse(folder, () => writeAll(file, Buffer.from(`${JSON.stringify(row)}\n`))),
  flush: async () => undefined,
  [Symbol.asyncDispose]: () => file.close(),
});

/** Satellites flown in so many milliseconds may have to be flown again: a write for each of thousands costs more than that. */
const gatherFor = 100;

/** Rows are gathered for a moment, and written together; the last when it is disposed of. */
const gathering = <Row>(folder: string, file: FileHandle): Omit<RowJournal<Row>, "rows"> => {
  let lines: string[] = [];
  let since = 0;
  const write = async (): Promise<void> => {
    const text = Buffer.from(lines.join(""));
    lines = [];
    if (text.length > 0) await orRefuse(folder, () => writeAll(file, text));
  };
  return {
    async add(row) {
      if (lines.length === 0) since = performance.now();
      lines.push(`${JSON.stringify(row)}\n`);
      if (performance.now() - since >= gatherFor) await write();
    },
    flush: write,
    async [Symbol.asyncDispose]() {
      try {
        await write();
      } finally {
        await file.close();
      }
    },
  };
};

/** The journal of one shard of a run. */
export const journalFile = (runFolder: string, shard: number, of: number): string =>
  join(partialFolder(runFolder), shardFile(runFolder, shard, of, "jsonl"));

/** Opens the journal of one shard, and reads those of all. */
export const openJournal = async (runFolder: string, shard: number, of: number): Promise<Journal> => {
  const folder = partialFolder(runFolder);
  const beginning = beginningOf(runFolder);
  const own = shardFile(runFolder, shard, of, "jsonl");
  return await orRefuse(folder, async () => {
    await mkdir(folder, { recursive: true });
    const known = new Map<string, FleetRecord>();
    for (const name of (await readdir(folder)).toSorted()) {
      if (!name.startsWith(beginning) || !name.endsWith(".jsonl")) continue;
      const { records, length } = await readLines<FleetRecord>(join(folder, name));
      for (const record of records) known.set(record.row.satellite, record);
      if (name === own) await truncate(join(folder, name), length);
    }
    const file = await open(join(folder, own), "a");
    return { known, ...gathering<FleetRecord>(folder, file) };
  });
};

/** Removes the journal of a shard, or of all (`null`) once the run's folder stands. */
export const removeJournal = async (
  runFolder: string,
  shard: { readonly index: number; readonly of: number } | null,
): Promise<void> => {
  const folder = partialFolder(runFolder);
  if (shard === null) return rm(folder, { recursive: true, force: true });
  const { index, of } = shard;
  const own = [shardFile(runFolder, index, of, "jsonl"), shardFile(runFolder, index, of, "told")];
  for (const name of await readdir(folder)) {
    const kept = snapshotNamed(runFolder, name);
    if (own.includes(name) || (kept?.index === index && kept.of === of))
      await rm(join(folder, name), { force: true });
  }
  if ((await readdir(folder)).length === 0) await rmdir(folder);
};
