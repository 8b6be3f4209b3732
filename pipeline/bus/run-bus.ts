import { bytes, seconds } from "../units.ts";
import type { Bus } from "./connection.ts";
import { follow } from "./follow.ts";
import type { FollowOptions } from "./follow.ts";
import { Publisher } from "./publisher.ts";
import { genuine, genuineTasks } from "./genuine.ts";
import { joinRunState, openRunState } from "./run-state.ts";
import type { RunState } from "./run-state.ts";
import type { BusMessage } from "./message-parts.ts";
import { openStream } from "./run-streams.ts";
import { incarnationOf, replayKinds, streamName, streamOf, taskSubject } from "./subjects.ts";
import type { StreamKind } from "./subjects.ts";
import { takeTasks } from "./task-queue.ts";
import type { Task, TaskOptions } from "./task-queue.ts";

/** Everything that one run keeps on NATS, and the ways to it. Dispose of it to stop publishing; the bus stays open. */
export interface RunBus extends AsyncDisposable {
  /** `name.incarnation`: what subjects are made of. */
  readonly run: string;
  /** Small values that all nodes share. */
  readonly state: RunState;
  /**
   * Hands a message over, resolving as soon as the window has room for it. `msgId` must follow from the content: the
   * second message with the same one is dropped; the incarnation is put before it. Do not change the payload before `flush`.
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

/** Outstanding publishes: enough to hide the round trip, little enough to hold in memory twice. */
const window = { messages: 512, bytes: bytes(16e6) };

/**
 * Opens a run (`name.incarnation`), making its streams and its bucket where they are missing: the command does so. Throws `SwathError` ("bus").
 */
export const openRun = async (
  bus: Bus,
  run: string,
  kinds: readonly StreamKind[] = replayKinds,
): Promise<RunBus> => {
  await Promise.all(kinds.map((kind) => openStream(bus, run, kind)));
  return runOn(bus, run, await openRunState(bus, run));
};

/** Takes part in a run that is there already, and makes nothing. Throws `SwathError` ("bus"). */
export const joinRun = async (bus: Bus, run: string): Promise<RunBus> =>
  runOn(bus, run, await joinRunState(bus, run));

/** Says something in a run, signed where its bus has keys. Dispose of it to stop. */
export type RunVoice = Pick<RunBus, "publish" | "flush"> & AsyncDisposable;

/** A voice of its own: what becomes of its messages concerns nobody else who publishes over this bus. */
export const openVoice = (bus: Bus, run: string): RunVoice => {
  const publisher = new Publisher(bus.connection, {
    window,
    patience: bus.wait,
    inboxPrefix: bus.inboxPrefix,
  });
  const start = incarnationOf(run);
  const { guard } = bus;
  return {
    publish: (subject, payload, name) => {
      const id = `${start}.${name}`;
      const msgId = guard === null ? id : `${id}.${guard.seal.tag(subject, id)}`;
      const signature = guard?.seal.sign({ subject, msgId, data: payload }) ?? "";
      return publisher.publish(subject, payload, msgId, signature);
    },
    flush: () => publisher.flush(),
    [Symbol.asyncDispose]: async () => publisher.close(),
  };
};

const runOn = (bus: Bus, run: string, state: RunState): RunBus => {
  const { guard } = bus;
  return {
    ...openVoice(bus, run),
    run,
    state,
    follow: (subject, options) => genuine(guard, follow(bus, streamOf(run, subject), subject, options)),
    last: (subject) => last(bus, streamOf(run, subject), subject),
    takeTasks: (satellite, options) =>
      genuineTasks(
        guard,
        taskSubject(run, satellite),
        takeTasks(
          bus,
          { stream: streamName(run, "task"), subject: taskSubject(run, satellite), durable: satellite },
          { inHand: 1, ackWait: seconds(10), ...options },
        ),
      ),
  };
};

/** Through a consumer, since a single message can be asked for only by those who may ask for all. */
const last = async (bus: Bus, stream: string, subject: string): Promise<Uint8Array | null> => {
  for await (const message of genuine(
    bus.guard,
    follow(bus, stream, subject, { from: "last", until: "caught-up" }),
  ))
    return message.data;
  return null;
};
