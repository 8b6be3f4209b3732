import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { findNatsServer } from "../../pipeline/bus/server-binary.ts";
import { longestMessage } from "../../pipeline/message.ts";
import { type Line, openLine } from "./line.ts";

/** Three servers on loopback that keep everything three times, each reached over a line of its own. */
export interface Cluster extends AsyncDisposable {
  readonly lines: readonly Line[];
  /** Of all lines, separated by commas: what `--nats` takes. */
  readonly url: string;
  /** Ends a server as a crash does, and starts it again after a while, ms. */
  crash(server: number, awayMs: number): Promise<void>;
}

const size = 3;

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

const untilReady = async (url: string): Promise<void> => {
  for (let tries = 0; ; tries++) {
    try {
      const connection = await connect({ servers: url, timeout: 2000, reconnect: false });
      try {
        const manager = await jetstreamManager(connection, { timeout: 2000 });
        // A cluster without a leader answers no such thing.
        await manager.getAccountInfo();
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(200);
    }
  }
};

/** Starts a cluster. Whoever gets it disposes of it. */
export const startCluster = async (): Promise<Cluster> => {
  const folder = mkdtempSync(join(tmpdir(), "swath-chaos-"));
  const binary = findNatsServer(process.env["PATH"] ?? "");
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const routes = await Promise.all(Array.from({ length: size }, freePort));
  const processes: ChildProcess[] = [];
  const start = (i: number): void => {
    const child = spawn(binary, ["-c", join(folder, `${i}.conf`)], { stdio: "ignore" });
    processes[i] = child;
  };
  for (let i = 0; i < size; i++) {
    const configuration = {
      server_name: `n${i}`,
      listen: `127.0.0.1:${ports[i]}`,
      max_payload: longestMessage,
      jetstream: { store_dir: join(folder, `store-${i}`) },
      cluster: {
        name: "chaos",
        listen: `127.0.0.1:${routes[i]}`,
        routes: routes.map((port) => `nats://127.0.0.1:${port}`),
        // Clients know the lines alone: a server that names its own port would lead them round.
        no_advertise: true,
      },
    };
    writeFileSync(join(folder, `${i}.conf`), JSON.stringify(configuration));
    start(i);
  }
  const lines = await Promise.all(ports.map(openLine));
  const stop = async (i: number): Promise<void> => {
    const child = processes[i];
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("close", done));
    child.kill("SIGKILL");
    await gone;
  };
  const dispose = async (): Promise<void> => {
    for (const line of lines) await line[Symbol.asyncDispose]();
    for (let i = 0; i < size; i++) await stop(i);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(ports.map((port) => untilReady(`nats://127.0.0.1:${port}`)));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    lines,
    url: lines.map(({ port }) => `nats://127.0.0.1:${port}`).join(","),
    async crash(server, awayMs) {
      await stop(server);
      await sleep(awayMs);
      start(server);
      await untilReady(`nats://127.0.0.1:${ports[server] ?? 0}`);
    },
    [Symbol.asyncDispose]: dispose,
  };
};
