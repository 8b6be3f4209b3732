import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { listStreamNames } from "../../pipeline/bus/run-streams.ts";
import { connectBus } from "../../pipeline/bus/connection.ts";
import { seconds } from "../../pipeline/units.ts";
import { compareRuns } from "../../studies/folder/verify-run.ts";
import { parsePolicies } from "../../operators/policies/policy-choice.ts";
import { flySatellite, openStation } from "../../studies/node.ts";
import { readExecution, readScenario } from "../../studies/options/scenario.ts";
import { silent, type StudyPorts } from "../../studies/progress.ts";
import { runScenario } from "../../studies/replay.ts";
import { scratch, stationsFile } from "../integration/swath.ts";
import { startCluster } from "./cluster.ts";
import { faults } from "./faults.ts";
import { openLines } from "./lines.ts";
import { planStorm, strikeAll } from "./strikes.ts";

/*
 * `npm run bench:chaos` in a few seconds: nodes in this process, on a cluster of three with a leaf node at the station. Faults of processes, disks and
 * clocks are left to the bench.
 */
const kinds = faults.filter(({ kind }) =>
  /^(server (killed|restarted|frozen)|leaf node|way|all servers|noise|messages|flood)/.test(kind),
);

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true }));

it("servers, a leaf node and the ways to them fail in the middle of a run: the same bytes, and nothing stays", async () => {
  const stop = new AbortController();
  const ports: StudyPorts = { progress: silent, signal: stop.signal };
  const scenarioOf = () =>
    readScenario("builtin:harbour?scenes=1&size=512", {
      constellation: "walker:1",
      schedule: "cadence",
      noDay: true,
      stations: stationsFile(folder, [["North", 15.4, 78.2]]),
      rate: "2Mbit/s",
      ber: "2e-5",
      segmentLoss: "0.1",
      hours: "12",
      seed: "11",
    });
  const policies = parsePolicies("raw");
  const fly = (out: string, more: object) =>
    runScenario(
      "replay",
      scenarioOf(),
      policies,
      readExecution({ out: join(folder, out), keepResults: "none", ...more }),
      ports,
    );
  const calm = await fly("calm", {});
  const { runId } = calm.summary;

  await using network = openLines();
  await using cluster = await startCluster(network, ["ground"]);
  const patience = { wait: seconds(60), note: () => undefined };
  await using stranger = await connectBus({ url: cluster.url, name: "stranger", patience });
  const run = `${runId}-raw`;
  const targets = {
    nodes: [],
    cluster,
    network,
    places: ["n0", "n1", "n2"],
    out: null,
    isCopied: true,
    stranger,
    run: runId,
  };
  const over = new AbortController();
  const storm = strikeAll(planStorm(5, kinds, 8, targets), targets, 2, over.signal);
  const nodes = [
    flySatellite("walker-1-1", { run, nats: cluster.url, wait: "60s" }, ports),
    openStation(
      "North",
      { run, nats: cluster.leafUrls[0] ?? "", jsDomain: cluster.domain, wait: "60s" },
      ports,
    ),
  ];
  try {
    const flown = await fly("storm", { nats: cluster.url, external: true, replicas: "3", wait: "60s" });
    await Promise.all(nodes);
    over.abort();
    await storm.done;
    const struck = [...storm.struck.values()].reduce((sum, one) => sum + one, 0);
    expect(struck).toBeGreaterThan(1);
    expect(existsSync(flown.folder)).toBe(true);
    const differing = (await compareRuns(calm.folder, flown.folder)).filter(
      ({ path }) => !path.startsWith("mission/"),
    );
    expect(differing, `after ${JSON.stringify([...storm.struck])}`).toEqual([]);
    expect((await listStreamNames(stranger)).map(({ stream }) => stream)).toEqual([]);
  } finally {
    over.abort();
    stop.abort();
    await Promise.allSettled(nodes);
    await storm.done;
  }
}, 120_000);
