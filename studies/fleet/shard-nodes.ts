import { Worker } from "node:worker_threads";
import { openBusExchange } from "../../operators/mesh/mesh-exchange.ts";
import type { Exchange } from "../../operators/mesh/mesh.ts";
import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { joinFleet, type FleetBus, type FleetShard } from "../../pipeline/bus/shard-bus.ts";
import { openRun } from "../../pipeline/bus/run-bus.ts";
import { fleetKinds } from "../../pipeline/bus/subjects.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { builtWorker } from "../../pipeline/package.ts";

/** How a shard reaches the others. */
export interface FleetPlace {
  readonly url: string;
  readonly creds: string | null;
  /** As its subjects name it. */
  readonly run: string;
}

/** A shard's place on the bus. Dispose of it to leave. */
export interface FleetNode extends AsyncDisposable {
  readonly fleet: FleetBus;
  readonly exchange: Exchange;
}

/** As shards call themselves: in the order of their numbers. */
const speaker = (index: number): string => `shard-${String(index).padStart(4, "0")}`;

/** Joins the run of a simulated fleet as one of its shards. Throws `SwathError("bus")`. */
export const joinShard = async (
  { url, creds, run }: FleetPlace,
  shard: FleetShard,
  signal: AbortSignal,
): Promise<FleetNode> => {
  const name = `swath simulate ${shard.index}/${shard.of}`;
  const bus = await connectBus({ url, name, ...(creds === null ? {} : { creds }) });
  try {
    const opened = await openRun(bus, run, fleetKinds);
    const fleet = await joinFleet(opened, shard);
    const everyone = Array.from({ length: shard.of }, (_, n) => speaker(n));
    const notes = openBusExchange(opened, speaker(shard.index), everyone, signal);
    return {
      fleet,
      exchange: notes.exchange,
      async [Symbol.asyncDispose]() {
        await notes[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
        await bus[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await bus[Symbol.asyncDispose]();
    throw error;
  }
};

/** What a worker thread is started with. */
export interface ThreadStart {
  readonly place: FleetPlace;
  readonly index: number;
  readonly of: number;
  readonly configuration: string;
  readonly runFolder: string;
  readonly plan: SimulationPlan;
}

/** A shard on a thread of its own. Dispose of it to end the thread. */
export interface ShardThread extends AsyncDisposable {
  /** Rejects when the thread fails. */
  readonly done: Promise<void>;
}

/** Starts a shard on a thread of its own. */
export const startShardThread = (start: ThreadStart): ShardThread => {
  const file = builtWorker("studies/fleet/shard-worker.js", "simulation worker", "config");
  const worker = new Worker(file, { workerData: start });
  const done = new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new SwathError("bus", { what: `shard ${start.index}/${start.of}`, got: `exit ${code}` }));
    });
  });
  // Whoever awaits it hears of it; until then it is no unhandled rejection.
  done.catch(() => undefined);
  return {
    done,
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
};
