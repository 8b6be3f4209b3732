import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bus, connectBus } from "../../pipeline/bus/connection.ts";
import { openRun } from "../../pipeline/bus/run-bus.ts";
import { deleteRun } from "../../pipeline/bus/run-streams.ts";
import { groundSubject } from "../../pipeline/bus/subjects.ts";
import { seconds } from "../../pipeline/units.ts";
import { freePorts } from "../pipeline/bus/foreign-server.ts";

/** The example as it is, but for its first port. */
const folder = mkdtempSync(join(tmpdir(), "swath-example-"));
let script: ChildProcess;
let said = "";
const optionOf = (option: string, line: string): string =>
  new RegExp(`^${line}.*${option} (\\S+)`, "m").exec(said)?.[1] ?? "";

beforeAll(async () => {
  let first = 0;
  // A row of 23 ports, of which the first is free now.
  while (first === 0 || first > 60_000) first = (await freePorts(1))[0] ?? 0;
  script = spawn("examples/cluster/start.sh", [folder], {
    env: { ...process.env, SWATH_CLUSTER_PORT: `${first}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const piece of script.stdout ?? []) {
    said += String(piece);
    if (said.includes("logs and what is kept")) break;
  }
});
afterAll(async () => {
  if (script.exitCode === null) {
    script.kill("SIGINT");
    await once(script, "exit");
  }
  rmSync(folder, { recursive: true });
});

const connecting = (line: string, wait: number, domain?: string): Promise<Bus> =>
  connectBus({
    url: optionOf("--nats", line),
    name: "test",
    storage: { replicas: 3, maxBytes: null },
    ...(domain === undefined ? {} : { domain }),
    patience: { wait: seconds(wait), note: () => undefined },
  });

describe("examples/cluster", () => {
  it("keeps a run three times, and lets a leaf node's station read and write it", async () => {
    await using hub = await connecting("cluster", 30);
    const run = "example.0";
    await using opened = await openRun(hub, run, ["ground"]);
    const info = await hub.manager.streams.info(`swath_example_0_ground`);
    expect(info.cluster?.replicas?.length).toBe(2);
    await using leaf = await connecting("leaf", 30, optionOf("--js-domain", "leaf"));
    await using there = await openRun(leaf, run, ["ground"]);
    await there.publish(groundSubject(run, "North"), Buffer.from("heard"), "1");
    await there.flush();
    expect(Buffer.from((await opened.last(groundSubject(run, "North"))) ?? []).toString()).toBe("heard");
    await deleteRun(hub, run);
  }, 60_000);

  it("a domain that does not exist is one line with how to go on", async () => {
    await expect(connecting("leaf", 0.5, "hubb")).rejects.toThrow(
      /^no JetStream in domain hubb from NATS at \S+: got no answer; check --js-domain \(the domain stands in/,
    );
  }, 60_000);
});
