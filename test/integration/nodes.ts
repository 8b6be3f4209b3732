import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect } from "vitest";
import { connectBus, type Bus } from "../../pipeline/bus/connection.ts";
import { startNatsServer, type NatsServer } from "../../pipeline/bus/server.ts";
import { listStreams } from "../../pipeline/bus/run-streams.ts";
import type { StreamKind } from "../../pipeline/bus/subjects.ts";
import { start, summaryOf, type Running } from "./swath.ts";

/** A NATS server for the tests of a `describe`, and a look into its streams. */
export interface TestNats {
  readonly server: NatsServer;
  readonly bus: Bus;
  /** Resolves once a run's stream of a kind holds this number of messages: the run is under way. */
  readonly holds: (run: string, kind: StreamKind, messages: number) => Promise<void>;
}

export const natsForTests = (): TestNats => {
  let server: NatsServer;
  let bus: Bus;
  beforeAll(async () => {
    server = await startNatsServer();
    bus = await connectBus({ url: server.url, name: "test" });
  });
  afterAll(async () => {
    // Streams and buckets, of whatever name: no test leaves one, but for what outlives a run for those who subscribe and watch.
    const left: string[] = [];
    for await (const name of bus.manager.streams.names()) if (!/_(result|event)$/.test(name)) left.push(name);
    expect(left).toEqual([]);
    await bus[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return {
    get server() {
      return server;
    },
    get bus() {
      return bus;
    },
    async holds(run, kind, messages) {
      for (;;) {
        const found = (await listStreams(bus)).filter((one) => one.name === run && one.kind === kind);
        if (found.some((one) => one.messages >= messages)) return;
        await sleep(20);
      }
    },
  };
};

/** A run in processes of its own: the command that waits for the results, each satellite, each station. */
export const startNodes = (
  {
    scenario,
    policy,
    reference,
  }: {
    readonly scenario: readonly string[];
    readonly policy: string;
    /** Folder of the same run in one process: it knows the names. */
    readonly reference: string;
  },
  url: string,
  out: string,
) => {
  const { runId, constellation, stations } = summaryOf(reference);
  const id = `${runId}-${policy}`;
  const node = (kind: "satellite" | "station", name: string): Running =>
    start([kind, name, "--run", id, "--nats", url]);
  const commander = start([
    "replay",
    ...scenario,
    "--external",
    "--keep-results=none",
    "--nats",
    url,
    "--out",
    out,
  ]);
  const satellites = constellation.satellites.map((name) => node("satellite", name));
  const receivers = stations.map(({ id: name }) => node("station", name));
  return {
    id,
    commander,
    satellites,
    receivers,
    /** Starts the first satellite, or the first station, once more. */
    again: (kind: "satellite" | "station"): Running =>
      node(kind, (kind === "satellite" ? constellation.satellites[0] : stations[0]?.id) ?? ""),
  };
};

/** All end well; says what those wrote that do not. */
export const allEndWell = async (nodes: readonly Running[]): Promise<void> => {
  const ends = await Promise.all(nodes.map(({ finished }) => finished));
  expect(ends.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(nodes.map(() => 0));
};

export const kill = async (victim: Running | undefined): Promise<void> => {
  victim?.child.kill("SIGKILL");
  expect((await victim?.finished)?.code).toBeNull();
};
