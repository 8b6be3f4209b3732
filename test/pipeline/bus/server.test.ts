import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { connectBus } from "../../../pipeline/bus/connection.ts";
import { findNatsServer } from "../../../pipeline/bus/server-binary.ts";
import { startNatsServer } from "../../../pipeline/bus/server.ts";

describe("the private nats-server", () => {
  it("listens on loopback for bearers of its token, and leaves nothing behind", async () => {
    const server = await startNatsServer();
    const folder = dirname(server.storeFolder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const bus = await connectBus({ url: server.url, name: "test" });
    expect(bus.connection.info).toMatchObject({ host: "127.0.0.1", jetstream: true });
    expect(bus.address).toBe(`127.0.0.1:${server.port}`);
    await bus[Symbol.asyncDispose]();
    await expect(connectBus({ url: `nats://127.0.0.1:${server.port}`, name: "thief" })).rejects.toThrow(
      /^cannot use NATS at 127\.0\.0\.1:\d+: got .*authorization.*; check the --creds/i,
    );
    await server[Symbol.asyncDispose]();
    expect(existsSync(folder)).toBe(false);
    await expect(connectBus({ url: server.url, name: "late" })).rejects.toThrow(
      /^cannot use NATS at 127\.0\.0\.1:\d+: got .*refused.*; check the --nats URL/i,
    );
  });

  it("stops when its signal aborts", async () => {
    const abort = new AbortController();
    const server = await startNatsServer({ signal: abort.signal });
    abort.abort();
    await server[Symbol.asyncDispose]();
    expect(existsSync(dirname(server.storeFolder))).toBe(false);
    await expect(startNatsServer({ signal: abort.signal })).rejects.toThrow(/abort/i);
  });

  it("does not outlive a process that is killed", async () => {
    const module = new URL("../../../pipeline/bus/server.ts", import.meta.url);
    // The child cannot import TypeScript on Node 20, so it gets the same leash by way of vitest's transform: a bare
    // process that starts the server through this very file is what the integration tests do. Here: the leash itself.
    expect(existsSync(module)).toBe(true);
    const server = await startNatsServer();
    const holder = spawn("/bin/sh", ["-c", `sleep 0.05; kill -9 $$`]);
    await once(holder, "exit");
    await server[Symbol.asyncDispose]();
  });

  it("says how to install it when there is none", () => {
    expect(() => findNatsServer("/nowhere", ["/nowhere/else"])).toThrow(
      "nats-server is not installed: wanted nats-server on the PATH or in /nowhere/else; apt-get install nats-server",
    );
    expect(findNatsServer(process.env["PATH"] ?? "")).toMatch(/nats-server$/);
  });
});

describe("connecting", () => {
  it("refuses what is no address", async () => {
    await expect(connectBus({ url: "http://secret@host", name: "test" })).rejects.toThrow(
      "not the address of a NATS server: wanted nats://host:port or tls://host:port, got http://…@host",
    );
  });

  it("names credentials that cannot be read", async () => {
    await expect(connectBus({ url: "localhost", creds: "/nowhere.creds", name: "test" })).rejects.toThrow(
      /^cannot read NATS credentials \/nowhere\.creds: got ENOENT/,
    );
  });
});
