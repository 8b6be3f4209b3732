import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { deleteStream, listStreams } from "../../pipeline/bus/run-streams.ts";
import { startCluster } from "../pipeline/bus/foreign-server.ts";
import { natsForTests } from "./nodes.ts";
import { start, type Running } from "./swath.ts";

const isLong = process.env["SWATH_LONG"] !== undefined;

/** A run whose satellites and stations never start; it waits for them a few seconds. */
const scenario = [
  "replay",
  "builtin:harbour?scenes=1&size=512",
  "--constellation=walker:1",
  "--stations=builtin",
  "--schedule=cadence",
  "--no-day",
  "--hours=2",
  "--external",
];

const folder = mkdtempSync(join(tmpdir(), "swath-silence-"));
const nats = natsForTests();

afterEach(async () => {
  expect((await listStreams(nats.bus)).map(({ stream }) => stream)).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

const begin = (...more: readonly string[]): Running =>
  start([...scenario, "--nats", nats.server.url, "--out", folder, ...more]);

/** Resolves with the run's first part once its streams are there. */
const announced = async (): Promise<string> => {
  for (;;) {
    const [found] = (await listStreams(nats.bus)).filter(({ kind }) => kind === "link");
    if (found !== undefined) return found.name;
    await sleep(50);
  }
};

const timed = async ({
  finished,
}: Running): Promise<{ code: number | null; stderr: string; seconds: number }> => {
  const began = performance.now();
  const { code, stderr } = await finished;
  return { code, stderr, seconds: (performance.now() - began) / 1000 };
};

describe("a command", () => {
  it("says who never started, and ends after --wait with a line; what it kept is gone", async () => {
    const command = begin("--wait=7s");
    await announced();
    const { code, stderr, seconds } = await timed(command);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /satellite walker-1-1.*: not started since \d\d:\d\d:\d\d UTC; it ends after 7 s of that \(--wait\)/,
    );
    expect(stderr).toMatch(/station Svalbard/);
    expect(stderr).toMatch(/swath: .*: not started since .* UTC; given up after 7 s: --wait allows more\n$/);
    expect(seconds).toBeLessThan(15);
  }, 60_000);

  it("ends within seconds when a stream of its run is removed", async () => {
    const command = begin("--wait=10min");
    const name = await announced();
    const [link] = (await listStreams(nats.bus)).filter((one) => one.kind === "link" && one.name === name);
    await deleteStream(nats.bus, link?.stream ?? "");
    const { code, stderr, seconds } = await timed(command);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /swath: run replay-\w+-detect cannot go on: wanted its stream swath_\S+_link, got none on NATS/,
    );
    expect(seconds).toBeLessThan(12);
  }, 60_000);

  it.runIf(isLong)(
    "is refused at once while another process has the same run, which goes on",
    async () => {
      const first = begin("--wait=10min");
      await announced();
      const { code, stderr } = await begin().finished;
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /swath: run replay-\w+ is under way already: got a start by \S+ on \S+ \(process \d+\) since/,
      );
      expect(first.child.exitCode).toBeNull();
      first.child.kill("SIGINT");
      expect((await first.finished).code).toBe(130);
    },
    60_000,
  );
});

describe.runIf(isLong)("a cluster", () => {
  it("that loses the node with a run's streams is told of, and ends the command after --wait", async () => {
    await using cluster = await startCluster();
    const url = cluster.servers.map((server) => server.url).join(",");
    await using bus = await connectBus({ url, name: "test" });
    const command = start([...scenario, "--nats", url, "--out", folder, "--wait=20s"]);
    let leader: string | undefined;
    while (leader === undefined) {
      const [link] = (await listStreams(bus)).filter(({ kind }) => kind === "link");
      if (link !== undefined) leader = (await bus.manager.streams.info(link.stream)).cluster?.leader;
      await sleep(100);
    }
    cluster.servers[Number(leader.slice(1))]?.child.kill("SIGKILL");
    const { code, stderr, seconds } = await timed(command);
    expect(code).toBe(1);
    expect(stderr).toMatch(/stream swath_\S+_link.*: the server does not answer for it since/);
    expect(stderr).toMatch(/given up after 20 s/);
    expect(seconds).toBeLessThan(60);
  }, 180_000);
});

describe.runIf(isLong)("a node of a run that is not there", () => {
  it("says which runs there are, makes nothing, and ends after --wait", async () => {
    const first = begin("--wait=10min");
    const name = await announced();
    const before = (await listStreams(nats.bus)).length;
    const words = ["--run", "replay-00000000-detect", "--nats", nats.server.url, "--wait", "1s"];
    for (const kind of ["satellite", "station"]) {
      const { code, stderr } = await start([kind, "W01", ...words]).finished;
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`no run replay-00000000-detect on NATS at .* after 1 s: got ${name}; check --run`),
      );
    }
    expect((await listStreams(nats.bus)).length).toBe(before);
    first.child.kill("SIGINT");
    await first.finished;
  }, 60_000);
});
