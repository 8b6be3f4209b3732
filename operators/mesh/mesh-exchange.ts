import { SwathError } from "../../pipeline/errors.ts";
import { readOrRefuse, type OnRefused } from "../../pipeline/mission/refusal.ts";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { meshSubject, speakerOf, streamSubjects } from "../../pipeline/bus/subjects.ts";
import type { EpochNotes, Exchange } from "./mesh.ts";
import { NotesInParts, notesAsMessages } from "./mesh-message.ts";

/** An exchange that listens until it is disposed of. */
export interface BusExchange extends AsyncDisposable {
  readonly exchange: Exchange;
}

const refuseSpeaker = (speaker: string): never => {
  throw new SwathError("bus", { what: `notes of ${speaker}, which is not part of the run` });
};

/**
 * The exchange of `self` with `everyone` (itself among them) over NATS. A shard that restarts sends the same notes again: these
 * are duplicates and are dropped. It then reads what all others sent. Rejects with the reason of `signal`, or `SwathError("bus")`.
 */
export const openBusExchange = (
  bus: RunBus,
  self: string,
  everyone: readonly string[],
  outer: AbortSignal,
  onRefused: OnRefused = () => undefined,
): BusExchange => {
  const own = new AbortController();
  const signal = AbortSignal.any([outer, own.signal]);
  const order = [...everyone].toSorted();
  const said = new Map<number, Map<string, EpochNotes>>();
  const waiting = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  const parts = new NotesInParts();
  let failure: { readonly error: unknown } | null = null;

  /** What is asked for next: who takes part again after a restart is not told of what lies before. */
  let reached = -Infinity;

  const hear = (speaker: string, epoch: number, notes: EpochNotes): void => {
    if (epoch < reached) return;
    const known = said.get(epoch) ?? new Map<string, EpochNotes>();
    said.set(epoch, known);
    // What a shard that was restarted says once more of an epoch comes too late: the others went by the first.
    if (!known.has(speaker)) known.set(speaker, notes);
    if (known.size === order.length) waiting.get(epoch)?.resolve();
  };
  const listen = async (): Promise<void> => {
    for await (const { subject, data } of bus.follow(streamSubjects(bus.run, "mesh"), {
      from: "start",
      signal,
    })) {
      const speaker = speakerOf(subject);
      const whole = readOrRefuse(
        () => (everyone.includes(speaker) ? parts.accept(speaker, data) : refuseSpeaker(speaker)),
        onRefused,
        { node: self, what: "mesh message" },
      );
      if (whole !== null) hear(speaker, whole.epoch, whole.notes);
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
      reached = epoch;
      for (const past of said.keys()) if (past < epoch) said.delete(past);
      let part = 0;
      for (const message of notesAsMessages(epoch, notes))
        await bus.publish(meshSubject(bus.run, self), message, `mesh.${self}.${epoch}.${part++}`);
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
