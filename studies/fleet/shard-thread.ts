import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { FleetRecord, FlightName } from "../../measure/fleet/fleet-record.ts";
import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { builtWorker } from "../../pipeline/package.ts";

/** What all threads of a fleet fly. */
export interface ThreadFlight {
  readonly of: number;
  readonly configuration: string;
  readonly runFolder: string;
  readonly plan: SimulationPlan;
}

/** What a worker thread is started with. */
export interface ThreadStart extends ThreadFlight {
  readonly index: number;
  /** To the other threads, by their numbers; `null` at its own. */
  readonly ports: readonly (MessagePort | null)[];
}

/** A satellite that a thread has flown: what it says to the thread that started it. */
export interface ThreadRecord {
  readonly flight: FlightName;
  readonly record: FleetRecord;
}

/** The threads of a fleet but the first, which is this one. Dispose of it to end them. */
export interface ShardThreads extends AsyncDisposable {
  /** From this thread to the others. */
  readonly ports: readonly (MessagePort | null)[];
  /** Resolves when all have flown, and everything was taken; rejects with the first failure. */
  readonly done: Promise<void>;
}

const startThread = (start: ThreadStart, take: (flown: ThreadRecord) => void) => {
  const file = builtWorker("studies/fleet/shard-worker.js", "simulation worker", "config");
  const transferList = start.ports.flatMap((port) => (port === null ? [] : [port]));
  const worker = new Worker(file, { workerData: start, transferList });
  const done = new Promise<void>((resolve, reject) => {
    worker.on("message", (flown: ThreadRecord) => {
      try {
        take(flown);
      } catch (error) {
        reject(error);
      }
    });
    worker.once("error", reject);
    // All that it said has been heard by then.
    worker.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new SwathError("bus", { what: `shard ${start.index}/${start.of}`, got: `exit ${code}` }));
    });
  });
  // Whoever awaits it hears of it; until then it is no unhandled rejection.
  done.catch(() => undefined);
  return { done, worker };
};

/** Starts shards 1 … of − 1, each on a thread of its own; every two threads have a channel. */
export const startShardThreads = (
  flight: ThreadFlight,
  take: (flown: ThreadRecord) => void,
): ShardThreads => {
  const { of } = flight;
  const ports: (MessagePort | null)[][] = Array.from({ length: of }, () =>
    Array.from({ length: of }, () => null),
  );
  for (const [a, row] of ports.entries()) {
    for (let b = a + 1; b < of; b++) {
      const { port1, port2 } = new MessageChannel();
      row[b] = port1;
      (ports[b] as (MessagePort | null)[])[a] = port2;
    }
  }
  const [own = [], ...others] = ports;
  const threads = others.map((theirs, n) => startThread({ ...flight, index: n + 1, ports: theirs }, take));
  return {
    ports: own,
    done: Promise.all(threads.map(({ done }) => done)).then(() => undefined),
    async [Symbol.asyncDispose]() {
      for (const { worker } of threads) await worker.terminate();
    },
  };
};
