import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { findNatsServer } from "../../pipeline/bus/server-binary.ts";
import { makeKeys } from "../../studies/keys/key-folder.ts";
import { hasOpenssl, makeCertificates, type Certificates } from "../pipeline/bus/certificates.ts";
import { freePorts } from "../pipeline/bus/foreign-server.ts";
import { allEndWell } from "./nodes.ts";
import { differingRuns, scratch, start, stationsFile, summaryOf, swath } from "./swath.ts";

const isLong = process.env["SWATH_LONG"] !== undefined;

const folder = scratch();
const keys = join(folder, "keys");
const stations = stationsFile(folder, [
  ["North", 15.4, 78.2],
  ["South", 2.5, -72],
]);
const scenario = [
  "builtin:harbour?scenes=2&size=512",
  "--policy=chips",
  "--constellation=walker:2",
  "--schedule=cadence",
  "--no-day",
  `--stations=${stations}`,
  "--rate=200kbit/s",
  "--hours=12",
];
const names = ["n0", "n1", "n2"];

describe.runIf(isLong && hasOpenssl)("keys on a cluster of three, over TLS", () => {
  let files: Certificates;
  const servers: ChildProcess[] = [];
  let ports: readonly number[] = [];

  /** As keys/README.md says: the configuration that `swath keys init` made, and the rest on the command line. */
  const startServer = (i: number): ChildProcess =>
    spawn(
      findNatsServer(process.env["PATH"] ?? ""),
      [
        `-c ${join(keys, "nats-server.conf")} -n ${names[i]} -a 127.0.0.1 -p ${ports[i]}`,
        `--cluster_name swath --cluster nats://127.0.0.1:${ports[3 + i]} --routes ${routes()}`,
        `--tls --tlscert ${files.serverCert} --tlskey ${files.serverKey}`,
      ].flatMap((words) => words.split(" ")),
      // What it keeps goes to a folder below the one that it is started in.
      { cwd: join(folder, names[i] ?? ""), stdio: "ignore" },
    );
  const routes = (): string =>
    ports
      .slice(3)
      .map((port) => `nats://127.0.0.1:${port}`)
      .join(",");
  const url = (): string =>
    ports
      .slice(0, 3)
      .map((port) => `tls://127.0.0.1:${port}`)
      .join(",");

  beforeAll(async () => {
    files = makeCertificates();
    await makeKeys(keys, { satellites: ["walker-1-1", "walker-1-2"], stations: ["North", "South"], days: 2 });
    ports = await freePorts(6);
    for (const name of names) mkdirSync(join(folder, name));
    for (const i of names.keys()) servers.push(startServer(i));
    await vi.waitFor(
      async () => {
        const login = { nkey: join(keys, "observer.nk"), inboxPrefix: "_INBOX_observer", ca: files.ca };
        await using _bus = await connectBus({ url: url(), name: "test", ...login });
      },
      { timeout: 30_000, interval: 200 },
    );
  }, 60_000);
  afterAll(async () => {
    for (const child of servers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    files[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  it("every role takes part with its own key, and a server that is lost costs nothing", async () => {
    const place = ["--nats", url(), "--ca", files.ca, "--wait=60s"];
    const [reference, out] = [join(folder, "reference"), join(folder, "out")];
    const calm = await swath(["replay", ...scenario, `--keys=${keys}`, "--out", reference]);
    expect(calm.code, calm.stderr).toBe(0);
    const run = `${summaryOf(reference).runId}-chips`;
    const node = (kind: string, name: string) =>
      start([kind, name, "--run", run, "--keys", join(keys, `${name}.nk`), ...place]);
    const nodes = [
      start([
        "replay",
        ...scenario,
        `--keys=${keys}`,
        "--external",
        "--keep-results=none",
        "--replicas=3",
        ...place,
        "--out",
        out,
      ]),
      node("satellite", "walker-1-1"),
      node("satellite", "walker-1-2"),
      node("station", "North"),
      node("station", "South"),
    ];
    setTimeout(() => {
      servers[1]?.kill("SIGKILL");
      setTimeout(() => (servers[1] = startServer(1)), 1500);
    }, 4000);
    await allEndWell(nodes);
    expect(differingRuns(reference, out)).toEqual([]);
  }, 180_000);

  it("without the authority, or with the key of another, a node is refused in a line", async () => {
    const wrong = ["station", "North", "--run", "replay-00000000-chips", "--nats", url(), "--wait=2s"];
    const [unknown, other] = await Promise.all([
      start([...wrong, "--keys", join(keys, "North.nk")]).finished,
      start([...wrong, "--keys", join(keys, "South.nk"), "--ca", files.ca]).finished,
    ]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(
      /cannot use NATS at .*name who signed the server's certificate with --ca\n$/,
    );
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/South/);
  }, 60_000);
});
