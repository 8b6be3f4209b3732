import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as setTimer } from "node:timers";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { findNatsServer } from "../../pipeline/bus/server-binary.ts";
import { longestMessage } from "../../pipeline/message.ts";
import { openDisk, whyNoDisks, type Disk } from "./disk.ts";
import type { Network } from "./network.ts";

/** One server of a cluster, or a leaf node. */
export interface Server {
  readonly name: string;
  /** Ends it, and starts it again after a while, ms; it answers when this resolves. */
  readonly restart: (awayMs: number, signal?: "SIGKILL" | "SIGTERM") => Promise<void>;
  /** Stands still for so long, ms. */
  readonly freeze: (ms: number) => Promise<void>;
  /** Loses it with its disk, and starts one with an empty disk in its place; everything is copied to it when this resolves. */
  readonly replace: (awayMs: number) => Promise<void>;
  /** Its disk is full for so long, ms; then it is started again, as a person does. `null`: it has no disk of its own. */
  readonly fillDisk: ((ms: number) => Promise<void>) | null;
}

/** Servers that keep everything several times, and leaf nodes at stations. Dispose of it to end and remove all of it. */
export interface Cluster extends AsyncDisposable {
  readonly servers: readonly Server[];
  readonly leaves: readonly Server[];
  /** Of all servers, separated by commas: what `--nats` takes. */
  readonly url: string;
  /** Of each leaf node, for who is at its place. */
  readonly leafUrls: readonly string[];
  /** Of the JetStream that the servers are. */
  readonly domain: string;
}

const size = 3;

/** How long a server may take to shut down, ms. */
const shutdownMs = 20_000;

const domain = "hub";

/** Streams of a storm are some tens of MB. */
const diskMegabytes = 400;

/** All servers are up again and have no leader: what they had stored contradicts itself, and only an operator can go on. */
export class ClusterLost extends Error {
  constructor(cause: unknown) {
    super("all servers are up, and have no leader for 60 s", { cause });
    this.name = "ClusterLost";
  }
}

/** Does something with the JetStream that a server belongs to, and tries again until it can, 60 s long. */
const untilDone = async <T>(
  listen: string,
  work: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>,
): Promise<T> => {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      const connection = await connect({ servers: listen, timeout: 2000, reconnect: false });
      try {
        return await work(await jetstreamManager(connection, { timeout: 2000, domain }));
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > end) {
        if (/not copied yet/.test(String(error))) throw error;
        throw new ClusterLost(error);
      }
      await sleep(200);
    }
  }
};

/** A cluster without a leader answers no such thing. */
const untilReady = (listen: string): Promise<unknown> =>
  untilDone(listen, (manager) => manager.getAccountInfo());

/** Until every copy of every stream is as new as its leader. */
const untilCopied = (listen: string): Promise<void> =>
  untilDone(listen, async (manager) => {
    for await (const { config, cluster } of manager.streams.list()) {
      const copies = cluster?.replicas ?? [];
      const isWhole = cluster?.leader !== undefined && copies.length === (config.num_replicas ?? 1) - 1;
      if (!isWhole || copies.some(({ current, offline }) => !current || offline === true))
        throw new Error(`stream ${config.name} is not copied yet`);
    }
  });

/** Keeps one server running, with a configuration that stands in a file. */
const keepServer = (
  name: string,
  {
    network,
    folder,
    listen,
  }: { readonly network: Network; readonly folder: string; readonly listen: string },
  disk: Disk | null,
  others: () => readonly string[],
): Server & { readonly stop: () => Promise<void> } => {
  const binary = findNatsServer(process.env["PATH"] ?? "");
  const store = join(folder, name);
  let child: ChildProcess | null = null;
  let isOver = false;
  const start = (): void => {
    if (isOver) return; // Somebody was about to start it again when all ended.
    const [file, ...words] = [...network.at(name), binary, "-c", join(folder, `${name}.conf`)];
    child = spawn(file, words, { stdio: "ignore" });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child?.once("close", done));
    child.kill("SIGCONT");
    child.kill(signal);
    // A server whose disk was full may never come to the end of its shutdown: it is killed then, as a service manager does.
    const patience = setTimer(() => child?.kill("SIGKILL"), shutdownMs);
    await gone;
    clearTimeout(patience);
  };
  const restart = async (awayMs: number, signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    await end(signal);
    await sleep(awayMs);
    start();
    await untilReady(listen);
  };
  // One after another: two of the same server would share a disk.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const replace = async (awayMs: number): Promise<void> => {
    // What only this one has would be lost: an operator waits for the others too.
    for (const other of others()) await untilCopied(other);
    await end("SIGKILL");
    rmSync(join(store, "jetstream"), { recursive: true, force: true });
    await sleep(awayMs);
    start();
    await untilReady(listen);
    await untilCopied(listen);
  };
  start();
  return {
    name,
    restart: (awayMs, signal) => inTurn(() => restart(awayMs, signal)),
    freeze: (ms) =>
      inTurn(async () => {
        child?.kill("SIGSTOP");
        await sleep(ms);
        child?.kill("SIGCONT");
      }),
    replace: (awayMs) => inTurn(() => replace(awayMs)),
    fillDisk:
      disk === null
        ? null
        : (ms) =>
            inTurn(async () => {
              await disk.fill(ms);
              await restart(0, "SIGTERM");
              await untilCopied(listen);
            }),
    stop: () => {
      isOver = true;
      return end("SIGKILL");
    },
  };
};

/** Starts a cluster of three, with a leaf node at each of `leafPlaces`; servers are at places `n0`, `n1` and `n2`. */
export const startCluster = async (network: Network, leafPlaces: readonly string[]): Promise<Cluster> => {
  const folder = mkdtempSync(join(tmpdir(), "swath-chaos-"));
  const names = Array.from({ length: size }, (_, i) => `n${i}`);
  const hasDisks = whyNoDisks() === null;
  const open: (() => Promise<void>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const close of open.toReversed()) await close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const clients = await Promise.all(names.map((name) => network.endpoint(name, "client")));
    const routes = await Promise.all(names.map((name) => network.endpoint(name, "route", true)));
    const hubs = await Promise.all(names.map((name) => network.endpoint(name, "leaf")));
    const listens = clients.map(({ listen }) => listen);
    const servers = names.map((name, i) => {
      const store = join(folder, name);
      const disk = hasDisks ? openDisk(store, diskMegabytes) : null;
      if (disk !== null) open.push(async () => disk[Symbol.dispose]());
      const configuration = {
        server_name: name,
        listen: clients[i]?.listen,
        max_payload: longestMessage,
        jetstream: { store_dir: store, domain, max_file: diskMegabytes * 1e6 },
        leafnodes: { listen: hubs[i]?.listen, no_advertise: true },
        cluster: {
          name: "storm",
          listen: routes[i]?.listen,
          routes: routes.map(({ reach }) => `nats://${reach}`),
          // Clients know the ways that can be spoilt alone: a server that names its own port would lead them round.
          no_advertise: true,
        },
      };
      writeFileSync(join(folder, `${name}.conf`), JSON.stringify(configuration));
      const others = (): readonly string[] => listens.filter((_, n) => n !== i);
      const server = keepServer(name, { network, folder, listen: clients[i]?.listen ?? "" }, disk, others);
      open.push(server.stop);
      return server;
    });
    const atLeaves = await Promise.all(leafPlaces.map((place) => network.endpoint(place, "client", true)));
    const leaves = leafPlaces.map((place, i) => {
      const configuration = {
        server_name: place,
        listen: atLeaves[i]?.listen,
        max_payload: longestMessage,
        // A line that breaks is tried again soon: these hours are short.
        leafnodes: { reconnect: 1, remotes: [{ urls: hubs.map(({ reach }) => `nats://${reach}`) }] },
      };
      writeFileSync(join(folder, `${place}.conf`), JSON.stringify(configuration));
      const leaf = keepServer(place, { network, folder, listen: atLeaves[i]?.listen ?? "" }, null, () => []);
      open.push(leaf.stop);
      return leaf;
    });
    await Promise.all([...listens, ...atLeaves.map(({ listen }) => listen)].map(untilReady));
    return {
      servers,
      leaves,
      url: clients.map(({ reach }) => `nats://${reach}`).join(","),
      leafUrls: atLeaves.map(({ listen }) => `nats://${listen}`),
      domain,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};
