import { DiscardPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { bytes, seconds } from "../units.ts";
import type { Seconds } from "../units.ts";
import { busError } from "./bus-error.ts";
import type { Bus } from "./connection.ts";
import { follow } from "./follow.ts";
import type { BusMessage, FollowOptions } from "./follow.ts";
import { Publisher } from "./publisher.ts";
import { openRunState } from "./run-state.ts";
import type { RunState } from "./run-state.ts";
import {
  bucketName,
  replayKinds,
  streamKinds,
  streamName,
  streamOf,
  streamSubjects,
  taskSubject,
} from "./subjects.ts";
import type { StreamKind } from "./subjects.ts";
import { takeTasks } from "./task-queue.ts";
import type { Task, TaskOptions } from "./task-queue.ts";

/** Everything that one run keeps on NATS, and the ways to it. Dispose of it to stop publishing; the bus stays open. */
export interface RunBus extends AsyncDisposable {
  readonly run: string;
  /** Small values that all nodes share. */
  readonly state: RunState;
  /**
   * Hands a message over, resolving as soon as the window has room for it. `msgId` must follow from the content: the
   * second message with the same one, within `duplicateWindow`, is dropped. Do not change the payload before `flush`.
   */
  readonly publish: (subject: string, payload: Uint8Array, msgId: string) => Promise<void>;
  /** Resolves when everything published is stored. */
  readonly flush: () => Promise<void>;
  /** Messages of a kept subject, from the start, from now, or after a sequence number; wildcards allowed. */
  readonly follow: (subject: string, options: FollowOptions) => AsyncGenerator<BusMessage, void, undefined>;
  /** The last message that is kept on a subject without wildcards; `null`: none. */
  readonly last: (subject: string) => Promise<Uint8Array | null>;
  /** The acquisitions of one satellite, redelivered when their holder dies. */
  readonly takeTasks: (
    satellite: string,
    options?: Partial<TaskOptions>,
  ) => AsyncGenerator<Task, void, undefined>;
}

/** How long JetStream remembers message ids: longer than any run, so that repeated messages are always dropped. */
export const duplicateWindow: Seconds = seconds(24 * 3600);

/** Outstanding publishes: enough to hide the round trip, little enough to hold in memory twice. */
const window = { messages: 512, bytes: bytes(16e6) };

/**
 * Opens a run, making its streams and its bucket where they are missing; all nodes of a run may do so at once.
 * Throws `SwathError` ("bus").
 */
export const openRun = async (
  bus: Bus,
  run: string,
  kinds: readonly StreamKind[] = replayKinds,
): Promise<RunBus> => {
  await Promise.all(kinds.map((kind) => openStream(bus, run, kind)));
  const state = await openRunState(bus, run);
  const publisher = new Publisher(bus.connection, { window, patience: seconds(60) });
  return {
    run,
    state,
    publish: (subject, payload, msgId) => publisher.publish(subject, payload, msgId),
    flush: () => publisher.flush(),
    follow: (subject, options) => follow(bus, streamOf(run, subject), subject, options),
    last: (subject) => last(bus, streamOf(run, subject), subject),
    takeTasks: (satellite, options) =>
      takeTasks(
        bus,
        { stream: streamName(run, "task"), subject: taskSubject(run, satellite), durable: satellite },
        { inHand: 1, ackWait: seconds(10), ...options },
      ),
    [Symbol.asyncDispose]: async () => publisher.close(),
  };
};

/**
 * Removes what a run kept on NATS, but for the streams named in `keep` (and then the bucket too stays);
 * what is not there is left at that. Throws `SwathError` ("bus").
 */
export const deleteRun = async (bus: Bus, run: string, keep: readonly StreamKind[] = []): Promise<void> => {
  const kinds = streamKinds.filter((kind) => !keep.includes(kind));
  const bucket = keep.length === 0 ? [`KV_${bucketName(run)}`] : [];
  const names = [...kinds.map((kind) => streamName(run, kind)), ...bucket];
  for (const name of names) {
    try {
      await bus.manager.streams.delete(name);
    } catch (cause) {
      if (!/not found/i.test(String(cause))) throw busError(`cannot delete stream ${name}`, cause);
    }
  }
};

const openStream = async (bus: Bus, run: string, kind: StreamKind): Promise<void> => {
  const name = streamName(run, kind);
  try {
    await bus.manager.streams.add({
      name,
      subjects: [streamSubjects(run, kind)],
      retention: kind === "task" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
      storage: StorageType.File,
      discard: DiscardPolicy.New, // A limit that someone sets refuses new messages: it never drops what was promised.
      duplicate_window: duplicateWindow * 1e9,
      num_replicas: 1,
    });
  } catch (cause) {
    throw busError(`cannot open stream ${name} on NATS at ${bus.address}`, cause);
  }
};

const last = async (bus: Bus, stream: string, subject: string): Promise<Uint8Array | null> => {
  try {
    return (await bus.manager.streams.getMessage(stream, { last_by_subj: subject }))?.data ?? null;
  } catch (cause) {
    throw busError(`cannot read the last message of ${subject}`, cause);
  }
};
