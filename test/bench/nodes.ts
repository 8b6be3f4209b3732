import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parsePolicies } from "../../operators/policies/policy-choice.ts";
import { compareRuns } from "../../studies/folder/verify-run.ts";
import { readExecution, readScenario } from "../../studies/options/scenario.ts";
import { silent } from "../../studies/progress.ts";
import { runScenario } from "../../studies/replay.ts";

import { startNatsServer } from "../../pipeline/bus/server.ts";

/**
 * The same mission, its four satellites and its stations on 1, 2 and 4 processes beside the command, on one nats-server: tiles that go through a second, from
 * the command's start to its result. Every result must be the same. `npm run bench:nodes`.
 */
const { values } = parseArgs({
  options: { scenes: { type: "string", default: "16" }, times: { type: "string", default: "3" } },
});
const [scenes, times] = [Number(values.scenes), Number(values.times)];
const program = fileURLToPath(new URL("./node-process.js", import.meta.url));
const ports = { progress: silent, signal: new AbortController().signal };
const folder = mkdtempSync(join(tmpdir(), "swath-bench-nodes-"));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const fly = (policy: string, out: string, more: object) =>
  runScenario(
    "replay",
    readScenario(`builtin:harbour?scenes=${scenes}&size=1024`, {
      constellation: "walker:4",
      stations: "builtin",
      schedule: "cadence",
      noDay: true,
      rate: "100Mbit/s",
      hours: "24",
    }),
    parsePolicies(policy),
    readExecution({ out: join(folder, out), keepResults: "none", ...more }),
    ports,
  );

console.log(
  `${availableParallelism()} cores; ${scenes} scenes of 1024², four satellites; median of ${times}`,
);
console.log("policy   processes   tiles/s   beside one");
for (const policy of ["raw", "detect"]) {
  const calm = await fly(policy, `${policy}-calm`, {});
  const tiles = calm.summary.policies[0]?.tiles.captured ?? 0;
  let base = 0;
  for (const count of [1, 2, 4]) {
    const rates: number[] = [];
    for (let time = 0; time < times; time++) {
      await using server = await startNatsServer();
      // No command line takes a login.
      const { username, password, host } = new URL(server.url);
      Object.assign(process.env, { SWATH_NATS_USER: username, SWATH_NATS_PASSWORD: password });
      const url = `nats://${host}`;
      const run = `${calm.summary.runId}-${policy}`;
      const { constellation, stations } = calm.summary;
      const all = [
        ...constellation.satellites.map((one) => `satellite:${one}`),
        ...stations.map(({ id }) => `station:${id}`),
      ];
      const children = Array.from({ length: count }, (_, i) =>
        spawn(process.execPath, [program, run, url, ...all.filter((_one, n) => n % count === i)], {
          stdio: ["ignore", "pipe", "inherit"],
        }),
      );
      const ends = children.map((child) => once(child, "close"));
      await Promise.all(children.map((child) => once(child.stdout, "data")));
      const out = `${policy}-${count}-${time}`;
      const began = performance.now();
      const flown = await fly(policy, out, { nats: url, external: true });
      rates.push((1000 * tiles) / (performance.now() - began));
      await Promise.all(ends);
      const differing = (await compareRuns(calm.folder, flown.folder)).filter(
        ({ path }) => !path.startsWith("mission/"),
      );
      if (differing.length > 0)
        throw new Error(`other results: ${differing.map(({ path }) => path).join(", ")}`);
    }
    const rate = median(rates);
    if (count === 1) base = rate;
    console.log(
      `${policy.padEnd(9)}${String(count).padStart(9)}${rate.toFixed(0).padStart(10)}${(rate / base).toFixed(2).padStart(11)} ×`,
    );
  }
}
rmSync(folder, { recursive: true });
