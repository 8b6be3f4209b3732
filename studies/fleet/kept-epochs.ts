import type { Hash } from "node:crypto";
import { type FileHandle, open, readdir, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { EpochKeeper, EpochSnapshot, MemberSnapshot } from "../../operators/simulation/mesh-flight.ts";
import type { RouterSnapshot } from "../../operators/mesh/routing.ts";
import { messageOf } from "../../pipeline/errors.ts";
import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import { snapshotNamed, shardFile, snapshotFile } from "../folder/journal.ts";
import { type EpochFile, readEpochFile, writeEpochFile } from "../folder/epoch-file.ts";
import { partialFolder } from "../folder/partial-folder.ts";
import { configurationOf } from "../folder/value-file.ts";
import { digestOfStart, framedValue, framedValues } from "../folder/value-stream.ts";
import { type GrowingLog, type LogGrowth, tellGrowth } from "../record/satellite-log.ts";

/** Which shard keeps its satellites where. */
export interface KeptShard {
  readonly runFolder: string;
  readonly index: number;
  readonly of: number;
  /** Digest of all that the flight follows from. */
  readonly configuration: string;
  /** The start of the run that all shards take part in; `null`: there is one shard, or all start anew together. */
  readonly start: string | null;
}

/** How epochs are kept. */
export interface KeptEpochsPorts {
  /** Who is told what happens to a satellite of the shard, and who of them keeps it; `null` in a run without a record. */
  readonly logs: {
    readonly all: (satellite: string) => FlightLog;
    readonly growing: (satellite: string) => GrowingLog;
  } | null;
  readonly satellites: readonly string[];
  readonly note: (text: string) => void;
  /** The flight goes on behind that epoch; `null`: it begins. */
  readonly onBegin: (epoch: number | null) => void;
  /** How long nothing is kept after an epoch that was: so many times what it cost, and no shorter than `least`, ms. Unless told otherwise a second and a fortieth of the time. */
  readonly rests?: { readonly least: number; readonly costs: number };
}

const usualRests = { least: 1_000, costs: 40 };
/** What is kept of each shard: when one has written the later, all have written the earlier. */
const mostKept = 2;

/** What happened to satellites, as a file to which each epoch that is kept adds. */
interface ToldPart {
  readonly satellite: string;
  readonly growth: LogGrowth;
}

/** An epoch that this shard can go on behind: the files that have its satellites. */
type Source = readonly EpochFile[];

/** Files of one epoch that have all satellites of shard `index` of `of`: those of the same shard, or of all shards of another number. */
const sourceOf = async (
  folder: string,
  names: readonly { readonly name: string; readonly index: number; readonly of: number }[],
  { index, of, configuration }: KeptShard,
  note: (text: string) => void,
): Promise<Source | null> => {
  const counts = [...new Set(names.map((one) => one.of))].toSorted(
    (a, b) => Number(b === of) - Number(a === of),
  );
  for (const count of counts) {
    const files: EpochFile[] = [];
    for (const one of names) {
      if (one.of !== count || (count === of && one.index !== index)) continue;
      try {
        const file = await readEpochFile(join(folder, one.name), configurationOf([configuration]));
        if (file !== null) files.push(file);
      } catch (error) {
        note(`${one.name} is not gone on behind: ${messageOf(error)}`);
      }
    }
    if (files.length === (count === of ? 1 : count)) return files;
  }
  return null;
};

/** Files of epochs, latest first. */
const findSources = async (
  folder: string,
  shard: KeptShard,
  note: (text: string) => void,
): Promise<ReadonlyMap<number, Source>> => {
  const byEpoch = new Map<number, { readonly name: string; readonly index: number; readonly of: number }[]>();
  for (const name of await readdir(folder)) {
    const found = snapshotNamed(shard.runFolder, name);
    if (found === null) continue;
    const { epoch, index, of } = found;
    byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), { name, index, of }]);
  }
  const sources = new Map<number, Source>();
  for (const [epoch, names] of [...byEpoch].toSorted(([a], [b]) => b - a)) {
    const source = await sourceOf(folder, names, shard, note);
    if (source !== null) sources.set(epoch, source);
  }
  return sources;
};

/** Where a shard writes: what happened to its satellites, one piece behind the other. */
class ToldFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #hash: Hash;
  length: number;

  constructor(file: FileHandle, hash: Hash, length: number) {
    this.#file = file;
    this.#hash = hash;
    this.length = length;
  }

  /** Of all that was written. */
  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }

  async add(part: ToldPart): Promise<void> {
    const data = framedValue(part);
    await this.#file.writeFile(data);
    this.#hash.update(data);
    this.length += data.length;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

/** A keeper that has files open. */
export type KeptEpochs = EpochKeeper & AsyncDisposable;

/**
 * Keeps the satellites of a shard in the folder of what a run has done so far, the last two epochs at a time, so often that it costs a fortieth of the time. What
 * happened to them goes into a file that only grows. A disk without room costs the next start time, and this one nothing: that is said once.
 */
export const openKeptEpochs = async (shard: KeptShard, ports: KeptEpochsPorts): Promise<KeptEpochs> => {
  const { runFolder, index, of, configuration, start } = shard;
  const { logs, satellites, note, onBegin, rests = usualRests } = ports;
  const folder = partialFolder(runFolder);
  const sources = await findSources(folder, shard, note);
  const toldName = shardFile(runFolder, index, of, "told");
  const own = new Set(satellites);
  /** Own files, oldest first. */
  let kept: number[] = [];
  let told: ToldFile | null = null;
  let dueAt = Infinity;

  const stop = (why: string): void => {
    note(`how satellites with crosslinks stand is not kept for a later start: ${why}`);
    dueAt = Infinity;
    if (logs !== null) for (const satellite of satellites) logs.growing(satellite).stop();
  };
  const giveUp = async (error: unknown): Promise<void> => {
    stop(messageOf(error));
    await told?.[Symbol.asyncDispose]();
    told = null;
  };
  const isOwn = (file: EpochFile): boolean => file.index === index && file.of === of;
  const rejoins =
    start === null
      ? []
      : [...sources].filter(([, files]) => files.every((file) => isOwn(file) && file.start === start));
  const tellAgain = async (files: Source, log: (satellite: string) => FlightLog): Promise<void> => {
    for (const file of files) {
      for await (const part of framedValues(join(folder, file.told.name), 0, file.told.length)) {
        const { satellite, growth } = part as ToldPart;
        if (own.has(satellite)) tellGrowth(growth, log(satellite));
      }
    }
  };

  return {
    epochs: [...sources.keys()],
    rejoins: rejoins.length === 0 ? null : Math.max(...rejoins.map(([epoch]) => epoch)),
    async read(epoch): Promise<EpochSnapshot<AsyncIterable<MemberSnapshot>>> {
      const files = sources.get(epoch) as Source;
      if (logs !== null) {
        await tellAgain(files, logs.all);
        // What the own file has is not written to it once more.
        if (files.every(isOwn)) for (const satellite of satellites) logs.growing(satellite).growth();
      }
      const [router] = await firstValues(files);
      return { router: router as RouterSnapshot, members: membersOf(files) };
    },
    async begin(epoch) {
      onBegin(epoch);
      try {
        const before = epoch === null ? undefined : sources.get(epoch)?.find(isOwn);
        kept = [...sources].flatMap(([other, files]) =>
          epoch !== null && other <= epoch && files.every(isOwn) ? [other] : [],
        );
        kept.reverse();
        for (const name of await readdir(folder)) {
          const found = snapshotNamed(runFolder, name);
          if (found?.index === index && found.of === of && !kept.includes(found.epoch))
            await rm(join(folder, name));
        }
        const path = join(folder, toldName);
        const length = before?.told.length ?? 0;
        const file = await open(path, "a");
        await truncate(path, length);
        told = new ToldFile(file, await digestOfStart(path, length), length);
        dueAt = performance.now() + rests.least;
      } catch (error) {
        await giveUp(error);
      }
    },
    refuse: () => stop("orders, tenants, models and shared work change them too"),
    isDue: () => performance.now() >= dueAt,
    async keep(epoch, { router, members }) {
      if (told === null) return;
      const began = performance.now();
      try {
        if (logs !== null) {
          for (const satellite of satellites) {
            const growth = logs.growing(satellite).growth();
            if (growth.facts.length + growth.waits.length + growth.charges.length > 0)
              await told.add({ satellite, growth });
          }
          await told.sync();
        }
        await writeEpochFile(
          join(folder, snapshotFile(runFolder, index, of, epoch)),
          {
            configuration: configurationOf([configuration]),
            start,
            index,
            of,
            told: { name: toldName, length: told.length, sha256: told.sha256 },
          },
          inOrder(router, members),
        );
        kept.push(epoch);
        for (const old of kept.splice(0, kept.length - mostKept))
          await rm(join(folder, snapshotFile(runFolder, index, of, old)), { force: true });
        const now = performance.now();
        dueAt = now + Math.max(rests.least, rests.costs * (now - began));
      } catch (error) {
        await giveUp(error);
      }
    },
    async [Symbol.asyncDispose]() {
      await told?.[Symbol.asyncDispose]();
    },
  };
};

function* inOrder(router: RouterSnapshot, members: Iterable<MemberSnapshot>): Generator<object> {
  yield router;
  yield* members;
}

/** The routes, which all shards have. */
const firstValues = async ([file]: Source): Promise<readonly unknown[]> => {
  for await (const value of file?.values() ?? []) return [value];
  return [];
};

async function* membersOf(files: Source): AsyncGenerator<MemberSnapshot> {
  for (const file of files) {
    let isFirst = true;
    for await (const value of file.values()) {
      if (!isFirst) yield value as MemberSnapshot;
      isFirst = false;
    }
  }
}
