import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import type { Seeded } from "../../pipeline/seeded.ts";
import type { Cluster } from "./cluster.ts";

/** A process of the run that can be struck. */
export interface Node {
  readonly name: string;
  /** As the system does to a process that ran out of memory; it is started again after a while, ms. */
  kill(awayMs: number): Promise<void>;
  /** Stands still for so long, ms. */
  freeze(ms: number): Promise<void>;
}

/** What can be struck. */
export interface Targets {
  readonly nodes: readonly Node[];
  readonly cluster: Cluster;
  /** A connection of somebody who has no business here. */
  readonly stranger: Bus;
  /** The run's name on the bus begins with it. */
  readonly run: string;
}

/** One kind of fault: what it does, drawn from a stream of random numbers. */
export interface Fault {
  readonly kind: string;
  strike(targets: Targets, random: Seeded): Promise<void>;
}

const oneOf = <T>(random: Seeded, all: readonly T[]): T => all[random.integer(all.length)] as T;

/** Up to `most` ms, at least 50: some shorter than anybody's patience, some longer. */
const while_ = (random: Seeded, most: number): number => 50 + random.integer(most);

const subjectsOf = async ({ stranger, run }: Targets): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { config } of stranger.manager.streams.list()) {
    if (config.name.includes(run)) found.push(...(config.subjects ?? []));
  }
  return found;
};

/** A subject that the wildcard covers. */
const named = (wildcard: string, random: Seeded): string =>
  wildcard.replace(/[*>]/g, () => oneOf(random, ["W01", "North", "South", "x"]));

/** Every kind. A new one is one value here. */
export const faults: readonly Fault[] = [
  {
    kind: "node killed",
    strike: ({ nodes }, random) => oneOf(random, nodes).kill(while_(random, 1500)),
  },
  {
    kind: "node frozen",
    strike: ({ nodes }, random) => oneOf(random, nodes).freeze(while_(random, 2500)),
  },
  {
    kind: "server killed",
    strike: ({ cluster }, random) =>
      cluster.crash(random.integer(cluster.lines.length), while_(random, 1500)),
  },
  {
    kind: "line cut",
    strike: ({ cluster }, random) => oneOf(random, cluster.lines).cut(while_(random, 2500)),
  },
  {
    kind: "all lines cut",
    strike: async ({ cluster }, random) => {
      const ms = while_(random, 1500);
      await Promise.all(cluster.lines.map((line) => line.cut(ms)));
    },
  },
  {
    kind: "line slow",
    strike: ({ cluster }, random) =>
      oneOf(random, cluster.lines).delay(while_(random, 80), while_(random, 2500)),
  },
  {
    kind: "line silent",
    strike: ({ cluster }, random) => oneOf(random, cluster.lines).hold(while_(random, 4000)),
  },
  {
    kind: "noise published",
    async strike(targets, random) {
      const subjects = await subjectsOf(targets);
      for (let i = 0; i < 20 && subjects.length > 0; i++) {
        const noise = Uint8Array.from({ length: random.integer(2000) }, () => random.integer(256));
        targets.stranger.connection.publish(named(oneOf(random, subjects), random), noise);
      }
      await targets.stranger.connection.flush();
    },
  },
  {
    kind: "messages replayed",
    async strike({ stranger, run }, random) {
      for await (const { config, state } of stranger.manager.streams.list()) {
        if (!config.name.includes(run) || state.messages === 0) continue;
        for (let i = 0; i < 5; i++) {
          const seq = state.first_seq + random.integer(state.messages);
          const old = await stranger.manager.streams.getMessage(config.name, { seq });
          if (old !== null) stranger.connection.publish(old.subject, old.data);
        }
      }
      await stranger.connection.flush();
    },
  },
  {
    kind: "messages altered",
    async strike({ stranger, run }, random) {
      for await (const { config, state } of stranger.manager.streams.list()) {
        // Without keys a well-formed forgery is a message like another; one with flipped bits never is.
        if (!config.name.includes(run) || state.messages === 0 || config.name.includes("result")) continue;
        const seq = state.first_seq + random.integer(state.messages);
        const old = await stranger.manager.streams.getMessage(config.name, { seq });
        if (old === null || old.data.length === 0) continue;
        const data = Uint8Array.from(old.data.subarray(0, random.integer(old.data.length)));
        stranger.connection.publish(old.subject, data);
      }
      await stranger.connection.flush();
    },
  },
  {
    kind: "flood",
    async strike({ stranger }, random) {
      const data = new Uint8Array(10_000);
      const end = Date.now() + while_(random, 1000);
      while (Date.now() < end) {
        for (let i = 0; i < 50; i++) stranger.connection.publish("swath.nobody.event.x", data);
        await stranger.connection.flush();
        await sleep(5);
      }
    },
  },
];
