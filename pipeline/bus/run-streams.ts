import { DiscardPolicy, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import type { StreamConfig, StreamInfo } from "@nats-io/jetstream";
import { longestMessage } from "../message.ts";
import { seconds } from "../units.ts";
import type { Seconds } from "../units.ts";
import type { Bus } from "./connection.ts";
import { thisHolder, type LeaseHolder } from "./lease-holder.ts";
import {
  bucketName,
  ownedStream,
  streamKinds,
  streamName,
  streamSubjects,
  type OwnedStream,
  type StreamKind,
} from "./subjects.ts";

/** How long JetStream remembers message ids: longer than any run, so that repeated messages are always dropped. */
export const duplicateWindow: Seconds = seconds(24 * 3600);

/** What nobody removed goes by itself after this long: no run takes so much time. */
const longestLife: Seconds = seconds(30 * 24 * 3600);

/** Far more than any run has, little enough that one that runs wild ends in an error instead of in a full disk. */
const mostMessages = 50_000_000;

/** Message ids and the like, beside the message itself. */
const mostHeaderBytes = 4096;

/** The bound of every stream: age, number and size of messages; bytes too, where the user gives a limit. */
const boundsOf = ({
  storage,
}: Bus): Pick<StreamConfig, "max_age" | "max_msgs" | "max_msg_size" | "max_bytes"> => ({
  max_age: longestLife * 1e9,
  max_msgs: mostMessages,
  max_msg_size: longestMessage + mostHeaderBytes,
  // The server sets aside what is named here, so nothing is named unasked.
  max_bytes: storage.maxBytes ?? -1,
});

const copiesOf = ({ storage }: Bus, kind: StreamKind): number =>
  (kind === "link" ? storage.linkReplicas : null) ?? storage.replicas;

/** Stands before the owner in a stream's description. */
const ownerMark = "swath run of ";

/** `ann on host (process 4711)`. */
export const ownerText = ({ user, host, pid }: LeaseHolder): string => `${user} on ${host} (process ${pid})`;

/** Makes a stream of a run where it is missing. Throws `SwathError` ("bus"). */
export const openStream = async (bus: Bus, run: string, kind: StreamKind): Promise<void> => {
  const name = streamName(run, kind);
  await bus.persist(`cannot open stream ${name} on NATS at ${bus.address}`, async () => {
    try {
      await bus.manager.streams.add({
        name,
        subjects: [streamSubjects(run, kind)],
        retention: kind === "task" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
        storage: StorageType.File,
        discard: DiscardPolicy.New, // A limit that someone sets refuses new messages: it never drops what was promised.
        duplicate_window: duplicateWindow * 1e9,
        num_replicas: copiesOf(bus, kind),
        description: ownerMark + ownerText(thisHolder()),
        ...boundsOf(bus),
      });
    } catch (cause) {
      // There already, as a command left it that this one goes on with: its owner is another.
      if (!/name already in use/i.test(String(cause))) throw cause;
    }
  });
};

/** Removes a stream; one that is not there is left at that. Throws `SwathError` ("bus"). */
export const deleteStream = (bus: Bus, name: string): Promise<void> =>
  bus.persist(`cannot delete stream ${name}`, async () => {
    try {
      await bus.manager.streams.delete(name);
    } catch (cause) {
      if (!/not found/i.test(String(cause))) throw cause;
    }
  });

/**
 * Removes what a run kept on NATS, but for the streams named in `keep`; what is not there is left at that. Throws `SwathError` ("bus").
 */
export const deleteRun = async (bus: Bus, run: string, keep: readonly StreamKind[] = []): Promise<void> => {
  const kinds = streamKinds.filter((kind) => !keep.includes(kind));
  for (const name of [...kinds.map((kind) => streamName(run, kind)), `KV_${bucketName(run)}`])
    await deleteStream(bus, name);
};

/** A stream of ours, by its name alone. */
export interface NamedStream extends OwnedStream {
  readonly stream: string;
}

/**
 * The names of all streams of all runs on a server: also of those that have no leader at this moment, which a cluster leaves out of `listStreams`.
 * Throws `SwathError` ("bus").
 */
export const listStreamNames = (bus: Bus): Promise<readonly NamedStream[]> =>
  bus.persist("cannot list the streams of this NATS", async () => {
    const found: NamedStream[] = [];
    for await (const stream of bus.manager.streams.names()) {
      const owned = ownedStream(stream);
      if (owned !== null) found.push({ ...owned, stream });
    }
    return found;
  });

/** A stream of ours on a server. */
export interface KeptStream extends OwnedStream {
  readonly stream: string;
  /** `ann on host (process 4711)`; `null` where nobody said. */
  readonly owner: string | null;
  readonly bytes: number;
  readonly messages: number;
  /** When it was made, ISO 8601, by the server's clock. */
  readonly created: string;
  /** When the last message came; `null`: none did. */
  readonly lastAt: string | null;
}

const keptStream = ({ config, state, created }: StreamInfo): KeptStream | null => {
  const owned = ownedStream(config.name);
  return owned === null
    ? null
    : {
        ...owned,
        stream: config.name,
        owner: config.description?.startsWith(ownerMark) ? config.description.slice(ownerMark.length) : null,
        bytes: state.bytes,
        messages: state.messages,
        created,
        lastAt: state.messages === 0 ? null : state.last_ts,
      };
};

/** All streams of all runs on a server. Throws `SwathError` ("bus"). */
export const listStreams = (bus: Bus): Promise<readonly KeptStream[]> =>
  bus.persist("cannot list the runs of this NATS", async () => {
    const found: KeptStream[] = [];
    for await (const info of bus.manager.streams.list()) {
      const kept = keptStream(info);
      if (kept !== null) found.push(kept);
    }
    return found;
  });

/** How many messages a stream holds. Throws `SwathError` ("bus"). */
export const messagesIn = (bus: Bus, stream: string): Promise<number> =>
  bus.persist(
    `cannot look into stream ${stream}`,
    async () => (await bus.manager.streams.info(stream)).state.messages,
  );

/** From now on the messages of a stream go when they are so old. Throws `SwathError` ("bus"). */
export const keepFor = (bus: Bus, stream: string, age: Seconds): Promise<void> =>
  bus.persist(`cannot limit stream ${stream}`, async () => {
    // The window of message ids may not be longer than messages live.
    const window = Math.min(age, duplicateWindow);
    await bus.manager.streams.update(stream, { max_age: age * 1e9, duplicate_window: window * 1e9 });
  });
