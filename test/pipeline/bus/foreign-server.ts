import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { expect, vi } from "vitest";
import { findNatsServer } from "../../../pipeline/bus/server-binary.ts";

/** A server that somebody else runs, with a configuration of theirs. Dispose of it to kill it and to remove what it stored. */
export interface ForeignServer extends AsyncDisposable {
  /** `nats://127.0.0.1:port`. */
  readonly url: string;
  readonly child: ChildProcess;
}

/** Starts a server with a configuration, in which `STORE` stands for a folder of its own; it is up when this resolves. */
export const foreignServer = async (configuration: object): Promise<ForeignServer> => {
  const folder = mkdtempSync(join(tmpdir(), "swath-foreign-"));
  const whole = { listen: "127.0.0.1:-1", ports_file_dir: folder, ...configuration };
  writeFileSync(
    join(folder, "server.conf"),
    JSON.stringify(whole).replaceAll("STORE", join(folder, "store")),
  );
  const child = spawn(findNatsServer(process.env["PATH"] ?? ""), ["-c", join(folder, "server.conf")], {
    stdio: "ignore",
  });
  const file = join(folder, `nats-server_${child.pid}.ports`);
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), { timeout: 15_000 });
  const { nats, tls } = JSON.parse(readFileSync(file, "utf8")) as { nats?: string[]; tls?: string[] };
  const [address = ""] = nats ?? tls ?? [];
  return {
    url: address.replace(/^\w+:/, "nats:"),
    child,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Ports of loopback that nobody listens on at this moment. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
};

const requireLeader = async (url: string): Promise<void> => {
  const connection = await connect({ servers: url.split(",") });
  try {
    await jetstreamManager(connection, { timeout: 500 });
  } finally {
    await connection.close();
  }
};

/** Three servers with JetStream that are one cluster; each can be killed. They are up, and have a leader, when this resolves. */
export const startCluster = async (): Promise<
  AsyncDisposable & { readonly servers: readonly ForeignServer[] }
> => {
  const routes = await freePorts(3);
  const servers = await Promise.all(
    routes.map((port, i) =>
      foreignServer({
        server_name: `n${i}`,
        jetstream: { store_dir: "STORE" },
        cluster: {
          name: "swath-test",
          listen: `127.0.0.1:${port}`,
          routes: routes.map((one) => `nats-route://127.0.0.1:${one}`),
        },
      }),
    ),
  );
  const url = servers.map((server) => server.url).join(",");
  // Until they have elected a leader nobody answers for JetStream.
  await vi.waitFor(() => requireLeader(url), { timeout: 30_000, interval: 100 });
  return {
    servers,
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server[Symbol.asyncDispose]();
    },
  };
};
