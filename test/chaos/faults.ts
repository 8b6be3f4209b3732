import { setTimeout as sleep } from "node:timers/promises";
import type { Bus } from "../../pipeline/bus/connection.ts";
import type { Seeded } from "../../pipeline/seeded.ts";
import type { Cluster, Server } from "./cluster.ts";
import { whyNoDisks, type Disk } from "./disk.ts";
import type { KeptProcess } from "./kept-process.ts";
import type { Network, Spoil } from "./network.ts";

/** What can be struck. */
export interface Targets {
  readonly nodes: readonly KeptProcess[];
  readonly cluster: Cluster;
  readonly network: Network;
  /** Places of servers, leaf nodes and nodes whose way can be spoilt. */
  readonly places: readonly string[];
  /** Where the command writes; `null`: no disk of its own. */
  readonly out: Disk | null;
  /** Every stream has copies enough that a server may lose its disk. */
  readonly isCopied: boolean;
  /** A connection of somebody who has no business here. */
  readonly stranger: Bus;
  /** The run's name on the bus begins with it. */
  readonly run: string;
}

/** One kind of fault: what it does, drawn from a stream of random numbers. */
export interface Fault {
  readonly kind: string;
  /** Nothing else may be at work at the same time: together they would lose what nothing can bring back. */
  readonly isAlone?: boolean;
  /** Why it cannot be had here; `null`: it can. */
  readonly whyNot?: (targets: Pick<Targets, "network" | "isCopied">) => string | null;
  readonly strike: (targets: Targets, random: Seeded) => Promise<void>;
}

const oneOf = <T>(random: Seeded, all: readonly T[]): T => all[random.integer(all.length)] as T;

/** Up to `most` ms, at least 50: some shorter than anybody's patience, some longer. */
const aWhile = (random: Seeded, most: number): number => 50 + random.integer(most);

const server = ({ cluster }: Targets, random: Seeded): Server => oneOf(random, cluster.servers);

const noDisks = (): string | null => whyNoDisks();

const spoiling = (kind: string, how: (random: Seeded) => Spoil, most: number): Fault => ({
  kind,
  strike: ({ network, places }, random) =>
    network.spoil(oneOf(random, places), how(random), aWhile(random, most)),
});

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

/** Does something with a message that is kept in each stream of the run. */
const withKept = async (
  { stranger, run }: Targets,
  random: Seeded,
  times: number,
  work: (old: { readonly subject: string; readonly data: Uint8Array }, stream: string) => void,
): Promise<void> => {
  for await (const { config, state } of stranger.manager.streams.list()) {
    if (!config.name.includes(run) || state.messages === 0) continue;
    for (let i = 0; i < times; i++) {
      const seq = state.first_seq + random.integer(state.messages);
      const old = await stranger.manager.streams.getMessage(config.name, { seq });
      if (old !== null && old.data.length > 0) work(old, config.name);
    }
  }
  await stranger.connection.flush();
};

/** Every kind. A new one is one value here. */
export const faults: readonly Fault[] = [
  {
    kind: "node killed",
    strike: ({ nodes }, random) => oneOf(random, nodes).kill(aWhile(random, 1500)),
  },
  {
    kind: "command killed",
    strike: async ({ nodes }, random) => nodes[0]?.kill(aWhile(random, 1500)),
  },
  {
    kind: "node frozen",
    strike: ({ nodes }, random) => oneOf(random, nodes).freeze(aWhile(random, 2500)),
  },
  {
    kind: "clock set",
    // Minutes, a day, two years; to and fro.
    strike: async ({ nodes }, random) => {
      const offset = oneOf(random, [0, 90, -90, 86_400, -86_400, 6.3e7, -6.3e7]);
      oneOf(random, nodes).setClock(offset);
    },
  },
  {
    kind: "server killed",
    strike: (targets, random) => server(targets, random).restart(aWhile(random, 1500)),
  },
  {
    kind: "server restarted",
    strike: (targets, random) => server(targets, random).restart(aWhile(random, 1500), "SIGTERM"),
  },
  {
    kind: "server frozen",
    strike: (targets, random) => server(targets, random).freeze(aWhile(random, 2500)),
  },
  {
    kind: "server replaced",
    isAlone: true,
    whyNot: ({ isCopied }) => (isCopied ? null : "link segments are kept once"),
    strike: (targets, random) => server(targets, random).replace(aWhile(random, 500)),
  },
  {
    kind: "server's disk full",
    isAlone: true,
    whyNot: noDisks,
    strike: async (targets, random) => server(targets, random).fillDisk?.(aWhile(random, 1500)),
  },
  {
    kind: "command's disk full",
    whyNot: noDisks,
    strike: async ({ out }, random) => out?.fill(aWhile(random, 1500)),
  },
  {
    kind: "leaf node killed",
    strike: ({ cluster }, random) => oneOf(random, cluster.leaves).restart(aWhile(random, 1500)),
  },
  {
    kind: "leaf node silent",
    // Hours of silence, scaled.
    strike: ({ cluster, network, places }, random) => {
      const own = cluster.leaves.filter(({ name }) => places.includes(name)).map(({ name }) => name);
      return network.spoil(
        oneOf(random, own.length > 0 ? own : places),
        { silent: true },
        aWhile(random, 8000),
      );
    },
  },
  spoiling("way cut", () => ({ cut: true }), 2500),
  spoiling("way silent", () => ({ silent: true }), 4000),
  spoiling("way slow", (random) => ({ delayMs: aWhile(random, 150) }), 3000),
  spoiling("way lossy", (random) => ({ loss: 0.01 + random.uniform() * 0.14 }), 3000),
  {
    kind: "all servers cut off",
    strike: async ({ cluster, network }, random) => {
      const ms = aWhile(random, 1500);
      await Promise.all(cluster.servers.map(({ name }) => network.spoil(name, { cut: true }, ms)));
    },
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
    strike: (targets, random) =>
      withKept(targets, random, 5, ({ subject, data }) => targets.stranger.connection.publish(subject, data)),
  },
  {
    kind: "messages altered",
    strike: (targets, random) =>
      withKept(targets, random, 1, ({ subject, data }, stream) => {
        // Without keys a well-formed forgery is a message like another; one that is cut short never is. In a bucket the newest value replaces
        // all others, so who may write there without keys may take the run away.
        if (stream.includes("result") || stream.startsWith("KV_")) return;
        targets.stranger.connection.publish(subject, data.slice(0, random.integer(data.length)));
      }),
  },
  {
    kind: "flood",
    async strike({ stranger }, random) {
      const data = new Uint8Array(10_000);
      const end = Date.now() + aWhile(random, 1000);
      while (Date.now() < end) {
        for (let i = 0; i < 50; i++) stranger.connection.publish("swath.nobody.event.x", data);
        await stranger.connection.flush();
        await sleep(5);
      }
    },
  },
];
