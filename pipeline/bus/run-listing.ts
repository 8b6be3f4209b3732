import type { Seconds } from "../units.ts";
import type { Bus } from "./connection.ts";
import { findLease, type Lease } from "./run-lease.ts";
import { deleteStream, listStreamNames, listStreams, ownerText, type KeptStream } from "./run-streams.ts";
import { commandRunOf, leaseBucketName } from "./subjects.ts";

/** A start of a run, as a server shows it. */
export interface RunOnServer {
  /** Of the command: `compare-3f2a91c0`. */
  readonly run: string;
  readonly incarnation: string;
  /** What nodes and subscribers call its parts: `compare-3f2a91c0-raw`. */
  readonly parts: readonly string[];
  /** `running`: somebody holds it · `killed`: nobody does, and its work lies there · `results`: it ended well, its results are kept. */
  readonly state: "running" | "killed" | "results";
  /** `ann on host (process 4711)`; `null` where nobody said. */
  readonly whose: string | null;
  /** ISO 8601. */
  readonly since: string;
  /** When the last message came, ISO 8601; `null`: none did. */
  readonly lastAt: string | null;
  readonly streams: number;
  readonly bytes: number;
}

const isStateOf = (kind: KeptStream["kind"]): boolean => kind !== "result" && kind !== "lease";

const describe = (
  run: string,
  incarnation: string,
  streams: readonly KeptStream[],
  lease: Lease | null,
): RunOnServer => {
  const isHeld = lease?.incarnation === incarnation;
  const times = streams.flatMap(({ lastAt }) => lastAt ?? []).toSorted();
  return {
    run,
    incarnation,
    parts: [...new Set(streams.map(({ name }) => name))].toSorted(),
    state: isHeld ? "running" : streams.some(({ kind }) => isStateOf(kind)) ? "killed" : "results",
    whose: isHeld ? ownerText(lease) : (streams.find(({ owner }) => owner !== null)?.owner ?? null),
    since: isHeld ? lease.since : (streams.map(({ created }) => created).toSorted()[0] ?? ""),
    lastAt: times.at(-1) ?? null,
    streams: streams.length,
    bytes: streams.reduce((sum, one) => sum + one.bytes, 0),
  };
};

/** Every start of every run that has something on a server or holds a lease there, in the order of names. Throws `SwathError` ("bus"). */
export const listRuns = async (bus: Bus): Promise<readonly RunOnServer[]> => {
  const streams = await listStreams(bus);
  const names = [...new Set(streams.map(({ name }) => commandRunOf(name)))].toSorted();
  const runs: RunOnServer[] = [];
  for (const run of names) {
    const own = streams.filter(({ name, kind }) => kind !== "lease" && commandRunOf(name) === run);
    const isClaimed = streams.some(({ name, kind }) => kind === "lease" && name === run);
    const lease = isClaimed ? await findLease(bus, run) : null;
    const starts = new Set(own.flatMap(({ incarnation }) => incarnation ?? []));
    if (lease !== null) starts.add(lease.incarnation);
    for (const start of starts) {
      const theirs = own.filter(({ incarnation }) => incarnation === start);
      runs.push(describe(run, start, theirs, lease));
    }
  }
  return runs;
};

/** Parts of runs that nodes and subscribers may name, for whoever named one that is not there. Throws `SwathError` ("bus"). */
export const listParts = async (bus: Bus): Promise<readonly string[]> => {
  // Of the streams' names alone: not everybody may read leases.
  const streams = await listStreams(bus);
  const parts = streams.flatMap(({ kind, name }) => (kind === "lease" ? [] : [name]));
  const begun = new Set(parts.map(commandRunOf));
  const claimed = streams.flatMap(({ kind, name }) => (kind === "lease" && !begun.has(name) ? [name] : []));
  return [...new Set([...parts, ...claimed])].toSorted();
};

/** What `cleanRuns` removed. */
export interface Cleaned {
  readonly runs: readonly RunOnServer[];
  readonly streams: number;
  readonly bytes: number;
}

/**
 * Removes what killed runs left, and with `older` also results that got no message for so long; what lives is never touched. `now` is
 * this machine's clock. Throws `SwathError` ("bus").
 */
export const cleanRuns = async (bus: Bus, older: Seconds | null, now: Date): Promise<Cleaned> => {
  const gone: RunOnServer[] = [];
  const isOld = ({ lastAt, since }: RunOnServer): boolean =>
    older !== null && now.getTime() - Date.parse(lastAt ?? since) >= older * 1000;
  const runs = (await listRuns(bus)).filter((one) =>
    one.state === "killed" ? older === null || isOld(one) : one.state === "results" && isOld(one),
  );
  for (const one of runs) {
    // Somebody may have gone on with it since it was listed.
    if ((await findLease(bus, one.run))?.incarnation === one.incarnation) continue;
    for (const { stream, name, incarnation } of await listStreamNames(bus)) {
      if (incarnation === one.incarnation && commandRunOf(name) === one.run) await deleteStream(bus, stream);
    }
    gone.push(one);
  }
  const emptyLeases = await removeSpentLeases(bus);
  return {
    runs: gone,
    streams: gone.reduce((sum, { streams }) => sum + streams, emptyLeases),
    bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
  };
};

/** The buckets of leases that ran out. One that is claimed in this very moment is made again by whoever claims it. */
const removeSpentLeases = async (bus: Bus): Promise<number> => {
  let removed = 0;
  for (const { kind, name, messages } of await listStreams(bus)) {
    if (kind !== "lease" || messages > 0 || (await findLease(bus, name)) !== null) continue;
    await deleteStream(bus, `KV_${leaseBucketName(name)}`);
    removed++;
  }
  return removed;
};
