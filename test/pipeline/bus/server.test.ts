import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { foreignServer } from "./foreign-server.ts";
import { connectBus } from "../../../pipeline/bus/connection.ts";
import { Publisher } from "../../../pipeline/bus/publisher.ts";
import { openRun } from "../../../pipeline/bus/run-bus.ts";
import { findNatsServer } from "../../../pipeline/bus/server-binary.ts";
import { startNatsServer } from "../../../pipeline/bus/server.ts";
import { bytes, seconds } from "../../../pipeline/units.ts";

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

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
      /^cannot use NATS at 127\.0\.0\.1:\d+: got .*authorization.*; check what --creds/i,
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

  it("does not outlive a process that is killed, nor does its store", async () => {
    // Node 20 runs no TypeScript, so the killed process runs a compiled copy.
    const folder = mkdtempSync(join(tmpdir(), "swath-leash-"));
    try {
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      const compile = `--ignoreConfig --outDir ${folder} --module nodenext --target es2022 --lib es2023,esnext.disposable`;
      const options = `${compile} --types node --skipLibCheck --rewriteRelativeImportExtensions`.split(" ");
      execFileSync("node_modules/.bin/tsc", [...options, "pipeline/bus/server.ts"]);
      const program = `
        const { startNatsServer } = await import("${folder}/bus/server.js");
        console.log((await startNatsServer()).storeFolder);
        setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [said] = (await once(child.stdout, "data")) as [Buffer];
      const store = dirname(said.toString().trim());
      const server = Number(readFileSync(join(store, "server.pid"), "utf8"));
      expect(isAlive(server)).toBe(true);
      child.kill("SIGKILL");
      await vi.waitFor(() => expect([isAlive(server), existsSync(store)]).toEqual([false, false]), {
        timeout: 5000,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 20_000);

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

  it("says when a server has no JetStream", async () => {
    await using server = await foreignServer({});
    await expect(connectBus({ url: server.url, name: "test" })).rejects.toThrow(
      /^NATS at 127\.0\.0\.1:\d+ has no JetStream: got .*; start that server with JetStream \(nats-server -js\)/,
    );
  });

  it("says when an account may not do what a run needs", async () => {
    const permissions = { publish: ["$JS.API.INFO"], subscribe: ["_INBOX.>"] };
    const users = [{ user: "guest", password: "p w", permissions }];
    await using server = await foreignServer({ jetstream: { store_dir: "STORE" }, authorization: { users } });
    const url = server.url.replace("//", "//guest:p%20w@");
    await using bus = await connectBus({ url, name: "test" });
    await expect(openRun(bus, "r1.a1")).rejects.toThrow(
      /^cannot open stream swath_r1_a1_\w+ on NATS.*permission.*the account needs/i,
    );
    const publisher = new Publisher(bus.connection, {
      window: { messages: 8, bytes: bytes(1e6) },
      patience: seconds(5),
    });
    await publisher.publish("swath.r1.a1.link.a.b", new Uint8Array(9), "1");
    await expect(publisher.flush()).rejects.toThrow(/^may not publish.*permission/i);
  });

  it("gives up on a stream that is not there", async () => {
    await using server = await startNatsServer();
    await using bus = await connectBus({ url: server.url, name: "test" });
    const publisher = new Publisher(bus.connection, {
      window: { messages: 8, bytes: bytes(1e6) },
      patience: seconds(0.5),
    });
    await publisher.publish("swath.none.link.a.b", new Uint8Array(9), "1");
    await expect(publisher.flush()).rejects.toThrow(
      /^cannot store on swath\.none\.link\.a\.b: got no stream answers/,
    );
  });

  it("says when JetStream is full, at once", async () => {
    await using server = await foreignServer({ jetstream: { store_dir: "STORE", max_file_store: 100_000 } });
    await using bus = await connectBus({ url: server.url, name: "test" });
    const run = await openRun(bus, "r1.a1");
    for (let i = 0; i < 8; i++) await run.publish("swath.r1.a1.nak.s", new Uint8Array(20_000), `${i}`);
    await expect(run.flush()).rejects.toThrow(
      /^cannot store on swath\.r1\.a1\.nak\.s: got .*; give JetStream more storage/,
    );
  });
});
