import type { MessagePort } from "node:worker_threads";
import type { EpochNotes, Exchange } from "../../operators/mesh/mesh.ts";
import type { RouteSharing } from "../../operators/mesh/shared-routing.ts";

/** What a thread says to each of the others in an epoch. */
type Said =
  | { readonly kind: "notes"; readonly epoch: number; readonly value: EpochNotes }
  | { readonly kind: "ways"; readonly epoch: number; readonly value: Float64Array };

/** How the threads of a fleet talk to each other. Dispose of it to leave. */
export interface ThreadPeers extends Disposable {
  readonly exchange: Exchange;
  readonly sharing: RouteSharing;
}

/** What all shards say of one kind, by epoch. */
interface Gathering<Value> {
  readonly hear: (shard: number, epoch: number, value: Value) => void;
  /** Resolves with what every shard said, in their order. */
  readonly all: (epoch: number) => Promise<readonly Value[]>;
  readonly fail: (reason: unknown) => void;
}

const openGathering = <Value>(of: number): Gathering<Value> => {
  const said = new Map<number, Map<number, Value>>();
  const waiting = new Map<
    number,
    { readonly resolve: () => void; readonly reject: (reason: unknown) => void }
  >();
  let failure: { readonly reason: unknown } | null = null;
  return {
    hear(shard, epoch, value) {
      const known = said.get(epoch) ?? new Map<number, Value>();
      said.set(epoch, known.set(shard, value));
      if (known.size === of) waiting.get(epoch)?.resolve();
    },
    async all(epoch) {
      if ((said.get(epoch)?.size ?? 0) < of) {
        await new Promise<void>((resolve, reject) => {
          if (failure === null) waiting.set(epoch, { resolve, reject });
          else reject(failure.reason);
        });
      }
      waiting.delete(epoch);
      const known = said.get(epoch) as Map<number, Value>;
      said.delete(epoch);
      return Array.from({ length: of }, (_, shard) => known.get(shard) as Value);
    },
    fail(reason) {
      failure = { reason };
      for (const { reject } of waiting.values()) reject(reason);
    },
  };
};

/**
 * The exchanges of shard `index` with those behind `ports`, by their numbers; `null` at its own. All are threads of one process, started together: nobody
 * restarts, and what was said is heard. Rejects with the reason of `signal`.
 */
export const openThreadPeers = (
  index: number,
  ports: readonly (MessagePort | null)[],
  signal: AbortSignal,
): ThreadPeers => {
  const of = ports.length;
  const notes = openGathering<EpochNotes>(of);
  const ways = openGathering<Float64Array>(of);
  for (const [shard, port] of ports.entries())
    port?.on("message", (said: Said) => {
      if (said.kind === "notes") notes.hear(shard, said.epoch, said.value);
      else ways.hear(shard, said.epoch, said.value);
    });
  const abandon = (): void => {
    notes.fail(signal.reason);
    ways.fail(signal.reason);
  };
  signal.addEventListener("abort", abandon, { once: true });
  const say = (said: Said): void => {
    for (const port of ports) port?.postMessage(said);
  };
  return {
    exchange: (epoch, value) => {
      say({ kind: "notes", epoch, value });
      notes.hear(index, epoch, value);
      return notes.all(epoch);
    },
    sharing: {
      index,
      of,
      exchange: (epoch, value) => {
        say({ kind: "ways", epoch, value });
        ways.hear(index, epoch, value);
        return ways.all(epoch);
      },
    },
    [Symbol.dispose]() {
      signal.removeEventListener("abort", abandon);
      for (const port of ports) port?.close();
    },
  };
};
