import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Kvm } from "@nats-io/kv";
import type { KV } from "@nats-io/kv";
import { z } from "zod";
import { SwathError } from "../errors.ts";
import { seconds } from "../units.ts";
import type { Seconds } from "../units.ts";
import { busError } from "./bus-error.ts";
import { isUnanswered } from "./bus-fault.ts";
import { withPatience, type Bus } from "./connection.ts";
import { isDead, thisHolder, type LeaseHolder } from "./lease-holder.ts";
import { deleteStream, keepFor, listStreamNames, listStreams, messagesIn, ownerText } from "./run-streams.ts";
import { busRunOf, commandRunOf, leaseBucketName, type OwnedStream } from "./subjects.ts";

/** Who runs what since when, as it stands on the server. */
export interface Lease extends LeaseHolder {
  readonly schema: "swath-lease/1";
  /** Of the command: `compare-3f2a91c0`. */
  readonly run: string;
  readonly incarnation: string;
  /** ISO 8601, by the holder's clock: for people. */
  readonly since: string;
}

const short = z.string().max(256);
const leaseSchema = z.object({
  schema: z.literal("swath-lease/1"),
  run: short,
  incarnation: z.string().regex(/^[a-z0-9]{1,64}$/),
  user: short,
  host: short,
  pid: z.int().nonnegative(),
  machine: short.nullable(),
  started: short.nullable(),
  since: short,
});

/** A lease that nobody renews runs out after this long: the server forgets it by its own clock. */
export const leaseTime: Seconds = seconds(20);

/** Renewed this often, ms: several renewals may be lost. */
const renewEvery = 4_000;

const leaseKey = "lease";

/** `ann on host (process 4711) since 2026-11-27T20:31:05Z`. */
export const holderText = (lease: Lease): string => `${ownerText(lease)} since ${lease.since}`;

/** What a run is claimed for. */
export interface ClaimRequest {
  /** Name of the run, without an incarnation. */
  readonly run: string;
  /** Go on with the incarnation of a holder that was killed: its nodes may still be at work elsewhere. */
  readonly resume: boolean;
  /** How long results stay on the server once the run has ended well; 0: not at all. */
  readonly keepResults: Seconds;
  /** Hears what could not be removed at the end. */
  readonly note: (text: string) => void;
  /** Once it aborts, nothing is waited for at the end. */
  readonly signal?: AbortSignal;
}

/** A server that is away when a run ends is waited for this long, so that nothing stays there: the result is what people want. */
const clearPatience: Seconds = seconds(30);

/**
 * A run that this process holds. Dispose of it to let it go: what the run keeps on the server is removed then, but for the results of one
 * that ended well.
 */
export interface RunClaim extends AsyncDisposable {
  readonly incarnation: string;
  /** Whether it goes on with what a killed holder left. */
  readonly isResumed: boolean;
  /** Aborts with a `SwathError` ("bus") when somebody else has the run, or its lease was removed. */
  readonly lost: AbortSignal;
  /** A part of the run on the bus: `compare-3f2a91c0-raw` → `compare-3f2a91c0-raw.4f1a…`. */
  readonly busRun: (name: string) => string;
  /** The run ended well: its results stay. */
  readonly keepResults: () => void;
}

interface Standing {
  readonly lease: Lease;
  readonly value: Uint8Array;
  readonly revision: number;
}

const encode = (lease: Lease): Uint8Array => Buffer.from(JSON.stringify(lease));

/** The lease in a bucket; `null`: nobody holds it. Throws `SwathError` ("bus") for one of another release. */
const standing = async (bucket: KV, run: string): Promise<Standing | null> => {
  const entry = await bucket.get(leaseKey);
  if (entry === null || entry.operation !== "PUT") return null;
  const read = leaseSchema.safeParse(parseJson(entry.value));
  if (read.success) {
    const { value, revision } = entry;
    return { lease: read.data, value, revision };
  }
  throw new SwathError("bus", {
    what: `the lease of run ${run}`,
    wanted: "one of this release of swath",
    got: "another",
    hint: "swath run clean removes what is not alive",
  });
};

const parseJson = (data: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(data.subarray(0, 8192)).toString());
  } catch {
    return null; // Refused by the schema.
  }
};

/** The server knows no such stream. That nobody answered does not say so. */
const isGone = (error: unknown): boolean => /stream not found/i.test(String(error));
const isRace = (error: unknown): boolean => /wrong last sequence/i.test(String(error));

/** Who runs a run, or a part of it; `null`: nobody. Makes nothing. Throws `SwathError` ("bus"). */
export const findLease = (bus: Bus, name: string): Promise<Lease | null> => {
  const run = commandRunOf(name);
  return bus.persist(`cannot look for run ${run}`, async () => {
    try {
      // A direct read of a bucket that is not there would be answered by nobody.
      await bus.manager.streams.info(`KV_${leaseBucketName(run)}`);
      const bucket = await new Kvm(bus.js).open(leaseBucketName(run), { allow_direct: true });
      return (await standing(bucket, run))?.lease ?? null;
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  });
};

const underWay = (lease: Lease): SwathError =>
  new SwathError("bus", {
    what: `run ${lease.run} is under way already`,
    got: `a start by ${holderText(lease)}`,
    hint: `it is left alone: wait until it ends, or end it; the lease of a killed one runs out after ${leaseTime} s`,
  });

/**
 * Claims a run: nobody else can start it while this process lives, on whatever machine. What a former start left is removed, unless it is
 * resumed. Waits for nothing. Throws `SwathError` ("bus"), for a run that somebody holds with who does since when.
 */
export const claimRun = async (bus: Bus, request: ClaimRequest): Promise<RunClaim> => {
  const { run } = request;
  const what = `cannot claim run ${run}`;
  const holder = { ...thisHolder(), since: `${new Date().toISOString().slice(0, 19)}Z` };
  const fresh = randomBytes(6).toString("hex");
  const leaseOf = (incarnation: string): Lease => ({ schema: "swath-lease/1", run, incarnation, ...holder });
  const left = request.resume ? await leftIncarnation(bus, run) : null;
  const incarnation = left ?? fresh;
  const value = encode(leaseOf(incarnation));
  const { bucket, revision } = await bus.persist(what, () => takeLease(bus, run, value));
  const claim = hold(bus, bucket, { ...request, incarnation, isResumed: left !== null, value, revision });
  try {
    await sweep(bus, run, incarnation);
  } catch (error) {
    await claim[Symbol.asyncDispose]();
    throw error;
  }
  return claim;
};

/** Writes a lease where nobody lives who holds one. */
const takeLease = async (
  bus: Bus,
  run: string,
  value: Uint8Array,
): Promise<{ readonly bucket: KV; readonly revision: number }> => {
  for (let attempt = 1; ; attempt++) {
    try {
      const bucket = await openBucket(bus, run);
      const there = await standing(bucket, run);
      // The answer to an earlier attempt was lost, and it had been written.
      if (there !== null && Buffer.from(there.value).equals(value))
        return { bucket, revision: there.revision };
      if (there !== null && !isDead(there.lease)) throw underWay(there.lease);
      const revision =
        there === null
          ? await bucket.create(leaseKey, value)
          : await bucket.update(leaseKey, value, there.revision);
      return { bucket, revision };
    } catch (error) {
      // Somebody was quicker, or has just gone and took the bucket along: look again who holds it.
      if (attempt === 20 || !(isRace(error) || isGone(error) || isUnanswered(error))) throw error;
      await sleep(20 * attempt);
    }
  }
};

const openBucket = (bus: Bus, run: string): Promise<KV> =>
  new Kvm(bus.js).create(leaseBucketName(run), {
    history: 1,
    ttl: leaseTime * 1000,
    replicas: bus.storage.replicas,
    maxValueSize: 8192,
    // Nodes may read this value and no other: only direct reads can be allowed by key. One that a follower has not heard of yet costs a claim
    // another try, since claiming and renewing name the revision that they follow.
    allow_direct: true,
    ...(bus.storage.maxBytes === null ? {} : { max_bytes: Math.min(bus.storage.maxBytes, 65_536) }),
  });

/** The start whose state still stands: its command was killed. Of several the youngest; `null`: none. */
const leftIncarnation = async (bus: Bus, run: string): Promise<string | null> => {
  const isLeft = ({ kind, name }: OwnedStream): boolean =>
    kind === "state" && commandRunOf(name) === commandRunOf(run);
  const [only, ...more] = (await listStreamNames(bus)).filter(isLeft);
  if (more.length === 0) return only?.incarnation ?? null;
  const left = (await listStreams(bus)).filter(isLeft);
  return left.toSorted((a, b) => (a.created < b.created ? 1 : -1))[0]?.incarnation ?? null;
};

/** Results stay for a while, and so does the mission record: it is of the command's run itself, not of its parts. */
const outlivesRun = (name: string, kind: OwnedStream["kind"]): boolean =>
  kind === "result" || (kind === "event" && name === commandRunOf(name));

/** Removes what former starts of a run left, and the empty rest of results whose time is over, of any run that nobody holds. */
const sweep = async (bus: Bus, run: string, incarnation: string): Promise<void> => {
  const named = await listStreamNames(bus);
  for (const { stream, name, kind, ...one } of named) {
    const isOurs = commandRunOf(name) === commandRunOf(run) && kind !== "lease";
    if (isOurs && one.incarnation !== incarnation) await deleteStream(bus, stream);
  }
  const held = new Set(named.filter(({ kind }) => kind === "lease").map(({ name }) => name));
  for (const { stream, name, kind, messages } of await listStreams(bus)) {
    const isOurs = commandRunOf(name) === commandRunOf(run);
    const isSpent = outlivesRun(name, kind) && messages === 0 && !held.has(commandRunOf(name));
    if (isSpent && !isOurs) await deleteStream(bus, stream);
  }
};

/** Removes what this start kept; results stay for a while where that is wanted, as long as there are any. */
const clear = async (bus: Bus, run: string, incarnation: string, keep: Seconds): Promise<void> => {
  for (const { stream, name, kind, ...one } of await listStreamNames(bus)) {
    if (one.incarnation !== incarnation || commandRunOf(name) !== commandRunOf(run)) continue;
    if (outlivesRun(name, kind) && keep > 0 && (await messagesIn(bus, stream)) > 0)
      await keepFor(bus, stream, keep);
    else await deleteStream(bus, stream);
  }
};

/** Renews a lease until it is let go. */
const hold = (
  bus: Bus,
  bucket: KV,
  held: ClaimRequest & {
    readonly incarnation: string;
    readonly isResumed: boolean;
    readonly value: Uint8Array;
    readonly revision: number;
  },
): RunClaim => {
  const { run, incarnation, value } = held;
  const lost = new AbortController();
  let revision = held.revision;
  let isKept = false;
  let renewing: Promise<void> | null = null;

  const lose = (what: string, got: string): void => {
    clearInterval(timer);
    lost.abort(new SwathError("bus", { what, got }));
  };
  const renew = async (): Promise<void> => {
    try {
      revision = await bucket.update(leaseKey, value, revision);
    } catch (error) {
      if (bus.connection.isClosed()) return;
      if (isRace(error)) await lookAgain();
      else if (await isRemoved()) lose(`run ${run} was removed from NATS`, "no lease");
      // Anything else is a server that is away for a moment: the next renewal will tell.
    }
  };
  const isRemoved = async (): Promise<boolean> => {
    try {
      await bus.manager.streams.info(`KV_${leaseBucketName(run)}`);
      return false;
    } catch (error) {
      return isGone(error);
    }
  };
  /** After an answer that was lost, or a server that was away for so long that the lease ran out. */
  const lookAgain = async (): Promise<void> => {
    try {
      const there = await standing(bucket, run);
      if (there === null) revision = await bucket.create(leaseKey, value);
      else if (Buffer.from(there.value).equals(value)) ({ revision } = there);
      else lose(`run ${run} was taken over`, `a start by ${holderText(there.lease)}`);
    } catch (error) {
      if (!isRace(error)) return;
    }
  };
  const beat = (): void => {
    renewing ??= renew().finally(() => (renewing = null));
  };
  const timer = setInterval(beat, renewEvery);
  timer.unref();

  const letGo = async (): Promise<void> => {
    clearInterval(timer);
    await renewing;
    if (lost.signal.aborted || bus.connection.isClosed()) return;
    const { note, signal } = held;
    for (let waited = 0; bus.awaySince() !== null && waited < clearPatience * 1000; waited += 200) {
      if (signal?.aborted === true) break;
      await sleep(200);
    }
    if (bus.awaySince() !== null)
      return note(
        `NATS is away: what run ${run} kept there stays until it is started again, or swath run clean`,
      );
    const patient = withPatience(bus, { wait: clearPatience, note, ...(signal && { signal }) });
    try {
      await clear(patient, run, incarnation, isKept ? held.keepResults : seconds(0));
      // With the lease in it: nobody can have claimed the run in between.
      await deleteStream(patient, `KV_${leaseBucketName(run)}`);
    } catch (error) {
      note(`what run ${run} kept on NATS is not all removed: ${busError("cannot clean up", error).message}`);
    }
  };
  let going: Promise<void> | null = null;
  return {
    incarnation,
    isResumed: held.isResumed,
    lost: lost.signal,
    busRun: (name) => busRunOf(name, incarnation),
    keepResults: () => void (isKept = true),
    [Symbol.asyncDispose]: () => (going ??= letGo()),
  };
};
