import { SwathError } from "../../pipeline/errors.ts";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { meshSubject, streamSubjects } from "../../pipeline/bus/subjects.ts";
import type { EpochNotes, Exchange, HandOver } from "./mesh.ts";

/** Notes are cut into messages of at most so many bytes: NATS takes 1 MB unless told otherwise. */
const partBytes = 256 * 1024;
/** A u32 epoch, and whether more parts follow. */
const headBytes = 5;

/** Without bytes, and with how many there were. */
type BareHandOver = Omit<HandOver, "payload"> & { readonly payloadBytes: number | null };

/** A u32 length, so many bytes of JSON, then the payloads of all hand-overs back to back. */
export const encodeNotes = ({ offers, handOvers }: EpochNotes): Uint8Array => {
  const bare = handOvers.map(({ payload, ...rest }): BareHandOver => ({
    ...rest,
    payloadBytes: payload === null ? null : payload.byteLength,
  }));
  const json = Buffer.from(JSON.stringify({ offers, handOvers: bare }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...handOvers.flatMap(({ payload }) => payload ?? [])]);
};

/** Payloads view `message`. */
export const decodeNotes = (message: Uint8Array): EpochNotes => {
  const view = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  let at = 4 + view.readUInt32BE(0);
  const { offers, handOvers } = JSON.parse(view.toString("utf8", 4, at)) as {
    readonly offers: EpochNotes["offers"];
    readonly handOvers: readonly BareHandOver[];
  };
  return {
    offers,
    handOvers: handOvers.map(({ payloadBytes, ...rest }): HandOver => {
      if (payloadBytes === null) return { ...rest, payload: null };
      const payload = message.subarray(at, at + payloadBytes);
      at += payloadBytes;
      return { ...rest, payload };
    }),
  };
};

/** An exchange that listens until it is disposed of. */
export interface BusExchange extends AsyncDisposable {
  readonly exchange: Exchange;
}

/**
 * The exchange of `self` with `everyone` (itself among them) over NATS. Who died and flies again says the same once more, which
 * falls away, and is shown what all others said. Waiting ends with the reason of `signal`, or `SwathError("bus")`.
 */
export const openBusExchange = (
  bus: RunBus,
  self: string,
  everyone: readonly string[],
  outer: AbortSignal,
): BusExchange => {
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  const order = [...everyone].toSorted();
  const said = new Map<number, Map<string, EpochNotes>>();
  const waiting = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  const parts = new Map<string, Buffer[]>();
  let failure: { readonly error: unknown } | null = null;

  const hear = (speaker: string, epoch: number, notes: EpochNotes): void => {
    const known = said.get(epoch) ?? new Map<string, EpochNotes>();
    said.set(epoch, known.set(speaker, notes));
    if (known.size === order.length) waiting.get(epoch)?.resolve();
  };
  const listen = async (): Promise<void> => {
    for await (const { subject, data } of bus.follow(streamSubjects(bus.run, "mesh"), {
      from: "start",
      signal,
    })) {
      const speaker = subject.split(".").at(-1) ?? "";
      const message = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      const collected = [...(parts.get(speaker) ?? []), message.subarray(headBytes)];
      if (message.readUInt8(4) === 1) parts.set(speaker, collected);
      else {
        parts.delete(speaker);
        hear(speaker, message.readUInt32BE(0), decodeNotes(Buffer.concat(collected)));
      }
    }
    signal.throwIfAborted();
    throw new SwathError("bus", { what: "the notes of other satellites ended before the horizon did" });
  };
  const done = listen().catch((error: unknown) => {
    failure = { error };
    for (const { reject } of waiting.values()) reject(error);
  });

  return {
    exchange: async (epoch, notes) => {
      const blob = encodeNotes(notes);
      for (let at = 0, part = 0; at < blob.byteLength; at += partBytes, part++) {
        const message = Buffer.alloc(headBytes + Math.min(partBytes, blob.byteLength - at));
        message.writeUInt32BE(epoch);
        message.writeUInt8(at + partBytes < blob.byteLength ? 1 : 0, 4);
        message.set(blob.subarray(at, at + partBytes), headBytes);
        await bus.publish(meshSubject(bus.run, self), message, `mesh.${self}.${epoch}.${part}`);
      }
      if ((said.get(epoch)?.size ?? 0) < order.length) {
        await new Promise<void>((resolve, reject) => {
          if (failure !== null) reject(failure.error);
          else waiting.set(epoch, { resolve, reject });
        });
      }
      waiting.delete(epoch);
      const all = said.get(epoch) as Map<string, EpochNotes>;
      said.delete(epoch);
      return order.map((speaker) => all.get(speaker) as EpochNotes);
    },
    async [Symbol.asyncDispose]() {
      own.abort();
      await done;
    },
  };
};
