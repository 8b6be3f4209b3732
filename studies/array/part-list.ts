import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import { formatCount, someOf } from "../../pipeline/format.ts";
import { jobOf, type Part, partMark, readPart } from "./part-file.ts";

/** How deep parts may lie below the folders that are named: whoever gathers them from several machines has a folder for each. */
const deepest = 4;

const partName = /^(\d+)of(\d+)$/;

interface Found {
  /** Folders of parts that are whole. */
  readonly whole: readonly string[];
  /** Those that a part which was stopped left. */
  readonly begun: readonly string[];
}

const findParts = async (folder: string, depth = 0): Promise<Found> => {
  if (existsSync(join(folder, partMark))) return { whole: [folder], begun: [] };
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
  if (depth > 0 && partName.test(folder.split(/[/\\]/).at(-1) ?? "")) return { whole: [], begun: [folder] };
  if (depth === deepest) return { whole: [], begun: [] };
  const whole: string[] = [];
  const begun: string[] = [];
  for (const name of below) {
    const found = await findParts(join(folder, name), depth + 1);
    whole.push(...found.whole);
    begun.push(...found.begun);
  }
  return { whole, begun };
};

const refuse = (what: string, wanted: string, got: string, hint: string): never => {
  throw new SwathError("storage", { what, wanted, got, hint });
};

const shardText = ({ head: { shard } }: Part): string => `${shard.index}/${shard.of}`;

/** What one part reads otherwise than another, in words. */
const differing = (a: Part, b: Part): string => {
  const names = [...new Set([...Object.keys(a.head.reads), ...Object.keys(b.head.reads)])].filter(
    (name) => a.head.reads[name] !== b.head.reads[name],
  );
  if (a.head.command !== b.head.command) return "command";
  return names.length === 0 ? "--strict" : names.join(", ");
};

const keyOf = ({ head }: Part): string => JSON.stringify([jobOf(head), head.strict, head.shard.of]);

const groupsOf = (parts: readonly Part[]): ReadonlyMap<string, readonly Part[]> => {
  const groups = new Map<string, Part[]>();
  for (const part of parts) groups.set(keyOf(part), [...(groups.get(keyOf(part)) ?? []), part]);
  return groups;
};

const requireOneJob = (where: string, parts: readonly Part[]): void => {
  const groups = groupsOf(parts);
  if (groups.size < 2) return;
  const bySize = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const [most = [], next = []] = bySize;
  const [a, b] = [most[0] as Part, next[0] as Part];
  if (jobOf(a.head) === jobOf(b.head) && a.head.strict === b.head.strict) {
    const numbers = `${formatCount(a.head.shard.of)} and of ${formatCount(b.head.shard.of)}`;
    refuse(
      `the parts in ${where}`,
      "one split of the job",
      `parts of ${numbers}`,
      "remove those of the other",
    );
  }
  refuse(
    `part ${shardText(b)} in ${b.folder}`,
    `the configuration of part ${shardText(a)} in ${a.folder}`,
    `another (${differing(a, b)})`,
    "run that part again with the options and the files of the others, or name the folder of one job alone",
  );
};

const requireOnce = (parts: readonly Part[]): void => {
  const byIndex = new Map<number, Part>();
  for (const part of parts) {
    const other = byIndex.get(part.head.shard.index);
    byIndex.set(part.head.shard.index, part);
    if (other === undefined) continue;
    refuse(
      `part ${shardText(part)}`,
      "one of it",
      `two, in ${other.folder} and ${part.folder}`,
      "remove one",
    );
  }
};

/**
 * All parts of one job, in the order of their numbers. Throws `SwathError("storage")` with one line that says how to go on: where there is none, one
 * is missing, not whole or there twice, or where they are not of one job.
 */
export const gatherParts = async (folders: readonly string[]): Promise<readonly [Part, ...Part[]]> => {
  const where = folders.join(", ");
  const whole: string[] = [];
  const begun: string[] = [];
  for (const folder of folders) {
    try {
      const found = await findParts(folder);
      whole.push(...found.whole);
      begun.push(...found.begun);
    } catch (cause) {
      throw new SwathError("storage", {
        what: `parts in ${folder}`,
        wanted: "a folder that swath … --shard wrote",
        got: messageOf(cause),
        cause,
      });
    }
  }
  const parts: Part[] = [];
  for (const folder of new Set(whole)) parts.push(await readPart(folder));
  const [first] = parts;
  if (first === undefined) {
    const got = begun.length === 0 ? "none" : `${formatCount(begun.length)} that are not finished`;
    return refuse(`parts in ${where}`, "those that swath … --shard wrote", got, "run the parts first");
  }
  requireOneJob(where, parts);
  requireOnce(parts);
  const { of } = first.head.shard;
  const there = new Set(parts.map(({ head }) => head.shard.index));
  const missing = Array.from({ length: of }, (_, index) => index).filter((index) => !there.has(index));
  if (missing.length > 0) {
    const stopped = missing.filter((index) => begun.some((folder) => folder.endsWith(`${index}of${of}`)));
    const whatIs = stopped.length > 0 ? `, of which ${someOf(stopped.map(String))} began` : "";
    refuse(
      `parts of ${jobOf(first.head)} in ${where}`,
      `all ${formatCount(of)}`,
      `${formatCount(parts.length)}: ${someOf(missing.map((index) => `${index}/${of}`))} not there${whatIs}`,
      `run them again with the same options, such as --shard ${missing[0]}/${of}`,
    );
  }
  const [one, ...others] = parts.toSorted((a, b) => a.head.shard.index - b.head.shard.index);
  return [one as Part, ...others];
};
