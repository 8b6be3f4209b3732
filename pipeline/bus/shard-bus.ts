import { messageOf, SwathError } from "../errors.ts";
import type { RunBus } from "./run-bus.ts";
import { nameOfBusRun, rowSubject, rowSubjects } from "./subjects.ts";

/** Where the shards of a simulated fleet publish the ledgers of their satellites. */
export interface FleetBus {
  /** Publishes a ledger. `name` identifies it: a second one of the same name is dropped. */
  readonly publish: (name: string, payload: Uint8Array) => Promise<void>;
  /** All ledgers of all shards, from the start; does not end. */
  readonly books: (signal: AbortSignal) => AsyncGenerator<Uint8Array, void, undefined>;
  /** Everything that this shard publishes is stored, and it says so. */
  readonly finish: () => Promise<void>;
}

/** Key under which a shard says that it finished. */
export const finishedKey = (shard: number): string => `finished.${shard}`;

/** Key of a run's bucket: what its shards agreed on. */
export const fleetKey = "fleet";

/** Which shard of a simulated fleet this process is. */
export interface FleetShard {
  readonly index: number;
  readonly of: number;
  /** What all shards must agree on: the configuration, as text. */
  readonly configuration: string;
}

/**
 * Takes part in a run of several shards. A shard that restarts publishes everything again: duplicates are dropped, and
 * what the others published is still there to read.
 *
 * @throws SwathError("config") when the shards do not fly the same configuration
 */
export const joinFleet = async (bus: RunBus, { index, of, configuration }: FleetShard): Promise<FleetBus> => {
  const agreed = Buffer.from(JSON.stringify([of, configuration]));
  if (!(await bus.state.create(fleetKey, agreed))) {
    const there = await bus.state.written(fleetKey);
    if (there === null || !agreed.equals(there)) {
      throw new SwathError("config", {
        what: `shard ${index}/${of} of run ${nameOfBusRun(bus.run)}`,
        wanted: "the options, the workload and the number of shards that the other shards were given",
        got: "others",
        hint: "give all shards the same options, or another --run",
      });
    }
  }
  return {
    publish: (name, payload) => bus.publish(rowSubject(bus.run, index), payload, `row.${name}`),
    async *books(signal) {
      for await (const { data } of bus.follow(rowSubjects(bus.run), { from: "start", signal })) yield data;
    },
    async finish() {
      await bus.flush();
      try {
        await bus.state.put(finishedKey(index), Buffer.from("finished"));
      } catch (error) {
        // The first shard may have all that it waited for already, and have taken the run away.
        if (!/not found|no responders/i.test(messageOf(error))) throw error;
      }
    },
  };
};
