import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, readFile, rm, rmdir, truncate } from "node:fs/promises";
import { basename, join } from "node:path";
import type { FleetRecord } from "../../measure/fleet/fleet-record.ts";
import { version } from "../../pipeline/package.ts";
import { partialFolder } from "./partial-folder.ts";

/** What a simulation that was interrupted has flown already: a line a satellite, beside where the run's folder will stand. */
export interface Journal extends AsyncDisposable {
  /** Satellites flown before without crosslinks, by any process that wrote here. With crosslinks all fly or nobody. */
  readonly known: ReadonlyMap<string, FleetRecord>;
  readonly add: (record: FleetRecord) => Promise<void>;
}

/** Another release may come to other figures: its journal is another file. */
const beginningOf = (runFolder: string): string =>
  createHash("sha256")
    .update(`${version} ${basename(runFolder)}`)
    .digest("hex")
    .slice(0, 12);

const fileOf = (runFolder: string, shard: number, of: number): string =>
  `${beginningOf(runFolder)}-${shard}of${of}.jsonl`;

/** Whole lines of a journal and how long they are, bytes; what a crash cut off is left out, and what follows it. */
const readLines = <Row>(text: string): { readonly records: readonly Row[]; readonly length: number } => {
  const records: Row[] = [];
  let length = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", length)) {
    try {
      records.push(JSON.parse(text.slice(length, end)) as Row);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      break;
    }
    length = end + 1;
  }
  return { records, length: Buffer.byteLength(text.slice(0, length)) };
};

/** What an interrupted sweep has carried out, a line a run, and the file to which more are added. */
export interface RowJournal<Row> extends AsyncDisposable {
  readonly rows: readonly Row[];
  readonly add: (row: Row) => Promise<void>;
}

/** Opens the journal in a folder of its own, which is made where it is missing; another release begins another. */
export const openRowJournal = async <Row>(folder: string): Promise<RowJournal<Row>> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${version}.jsonl`);
  const file = await open(path, "a+");
  const { records, length } = readLines<Row>(await readFile(path, "utf8"));
  await truncate(path, length);
  return { rows: records, ...appending<Row>(file) };
};

/** One write a line: two processes that share a file by mistake do not cut into each other's lines. */
const appending = <Row>(file: FileHandle): Omit<RowJournal<Row>, "rows"> => ({
  add: async (row) => void (await file.write(`${JSON.stringify(row)}\n`)),
  [Symbol.asyncDispose]: () => file.close(),
});

/** The journal of one shard of a run. */
export const journalFile = (runFolder: string, shard: number, of: number): string =>
  join(partialFolder(runFolder), fileOf(runFolder, shard, of));

/** Opens the journal of one shard, and reads those of all. */
export const openJournal = async (runFolder: string, shard: number, of: number): Promise<Journal> => {
  const folder = partialFolder(runFolder);
  const beginning = beginningOf(runFolder);
  const own = fileOf(runFolder, shard, of);
  await mkdir(folder, { recursive: true });
  const known = new Map<string, FleetRecord>();
  for (const name of (await readdir(folder)).toSorted()) {
    if (!name.startsWith(beginning)) continue;
    const { records, length } = readLines<FleetRecord>(await readFile(join(folder, name), "utf8"));
    for (const record of records) known.set(record.row.satellite, record);
    if (name === own) await truncate(join(folder, name), length);
  }
  const file = await open(join(folder, own), "a");
  return { known, ...appending<FleetRecord>(file) };
};

/** Removes the journal of a shard, or of all (`null`) once the run's folder stands. */
export const removeJournal = async (
  runFolder: string,
  shard: { readonly index: number; readonly of: number } | null,
): Promise<void> => {
  const folder = partialFolder(runFolder);
  if (shard === null) return rm(folder, { recursive: true, force: true });
  await rm(join(folder, fileOf(runFolder, shard.index, shard.of)), { force: true });
  if ((await readdir(folder)).length === 0) await rmdir(folder);
};
