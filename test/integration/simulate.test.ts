import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { startNatsServer } from "../../pipeline/bus/server.ts";
import { parseFleetSummary, type FleetSummary } from "../../measure/summary/fleet-summary.ts";
import { parseSummary } from "../../measure/summary/run-summary.ts";
import { differences, scratch, start, swath } from "./swath.ts";

const folder = scratch();
const declared = new URL("../../examples/declared-8b.yaml", import.meta.url).pathname;

const run = async (words: string, cwd = folder) => {
  const finished = await swath(words.split(" "), cwd);
  expect(finished.stderr).not.toMatch(/swath: /);
  expect(finished.code).toBe(0);
  return finished;
};

/** The only run in a folder of runs. */
const only = (out: string): string => {
  const [name, ...others] = readdirSync(join(folder, out)).filter((one) => !one.startsWith("."));
  expect(others).toEqual([]);
  return join(out, name ?? "");
};

const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));
const fleetIn = (out: string): FleetSummary => parseFleetSummary(json(`${only(out)}/summary.json`));

/** All but the report, which names the folder that it was written to. */
const differing = (a: string, b: string): readonly string[] =>
  differences(join(folder, only(a)), join(folder, only(b))).filter((path) => path !== "report.html");

describe.each(["detect", "raw"])("fed with a replay's own records, policy %s", (policy) => {
  const replayed = `replayed-${policy}`;
  const simulated = `simulated-${policy}`;
  beforeAll(async () => {
    await run(
      `replay builtin:harbour?scenes=12&size=512 --constellation walker:12 --stations builtin --schedule cadence --no-day --cadence 15min --hours 12 --policy ${policy} --spacecraft oec --ber 1e-5 --segment-loss 0.05 --outage Svalbard:1h/3h --seed 5 --out ${replayed}`,
    );
    await run(`simulate --workload ${only(replayed)} --schedule recorded --out ${simulated}`);
  });

  test("every satellite's ledger is the same bytes", () => {
    const [a, b] = [`${only(replayed)}/${policy}`, only(simulated)].map((path) =>
      readFileSync(join(folder, path, "satellites.parquet")),
    );
    expect(a?.length).toBeGreaterThan(1000);
    expect(a?.equals(b ?? Buffer.of())).toBe(true);
  });

  test("link, products, energies and waits are the run's", () => {
    const [real] = parseSummary(json(`${only(replayed)}/summary.json`)).policies;
    const [flight] = fleetIn(simulated).flights;
    expect(flight?.bytes.onLink).toBe(real?.bytes.onLink.total);
    expect(flight?.bytes.rawLosslessFramed).toBe(real?.bytes.rawLosslessFramed);
    expect(flight?.conservation.deliveredBytes).toBe(real?.conservation.deliveredBytes);
    expect(flight?.energyJoules.total).toBe(real?.energyJoules?.total);
    expect(flight?.power?.lowestCharge).toBe(real?.platform?.power?.lowestCharge);
    expect(flight?.waitSeconds.battery).toBe(real?.platform?.waits.battery);
    expect(real?.platform?.waits.battery).toBeGreaterThan(0);
  });
});

const mesh = `simulate --workload ${declared} --policy detect --constellation walker:12 --spacecraft three-body --hours 3`;
const flat = `simulate --workload ${declared} --policy raw --constellation walker:7 --spacecraft three-body --hours 3 --rate 20Mbit/s --ber 1e-5`;

describe.each([
  ["with crosslinks", `${mesh} --crosslinks grid`],
  ["straight down", flat],
])("%s", (name, words) => {
  const tag = name.replaceAll(" ", "-");
  test("three shards on one NATS, and three threads, come to the bytes of one process", async () => {
    await using server = await startNatsServer();
    const shards = [0, 1, 2].map((shard) =>
      run(`${words} --out three-${tag} --shard ${shard}/3 --nats ${server.url} --run fleet`),
    );
    const [{ stdout }] = await Promise.all([run(`${words} --out one-${tag}`), ...shards]);
    await run(`${words} --out threads-${tag} --threads 3`);
    expect(differing(`one-${tag}`, `three-${tag}`)).toEqual([]);
    expect(differing(`one-${tag}`, `threads-${tag}`)).toEqual([]);
    const { flights } = fleetIn(`one-${tag}`);
    expect(flights.map(({ crosslinks }) => crosslinks)).toEqual(
      name === "with crosslinks" ? [false, true] : [false],
    );
    expect(flights[0]?.bytes.onLink).toBeGreaterThan(0);
    // Declared work is marked wherever its figures stand.
    expect(stdout).toMatch(/declared, not measured: a remote-sensing model of 8 billion parameters/);
    expect(fleetIn(`one-${tag}`).workload).toMatchObject({
      declared: true,
      source: expect.stringContaining("assumed"),
    });
    const report = readFileSync(join(folder, only(`one-${tag}`), "report.html"), "utf8");
    expect(report).toContain("Declared, not measured.");
  }, 180_000); // Five commands, four of them at once.
});

test("shards that were given other options are refused", async () => {
  await using server = await startNatsServer();
  const shard = (index: number, seed: number) =>
    start(
      `${flat} --out odd --seed ${seed} --shard ${index}/2 --nats ${server.url} --run odd`.split(" "),
      folder,
    );
  const first = shard(0, 1);
  await new Promise<void>((resolve) => {
    first.child.stderr?.on("data", (data: Buffer) => data.toString().includes("waiting") && resolve());
  });
  const { code, stderr } = await shard(1, 2).finished;
  first.child.kill("SIGINT");
  expect(stderr).toMatch(/shard 1\/2 of run odd: wanted the options, the workload and the number of shards/);
  expect(code).toBe(2);
  expect((await first.finished).code).toBe(130);
  expect(readdirSync(join(folder, "odd")).filter((one) => !one.startsWith("."))).toEqual([]);
});

test("interrupted, it goes on where it was, and comes to the same", async () => {
  const many = `simulate --workload ${declared} --policy detect --constellation walker:60 --spacecraft three-body --hours 6 --threads 1`;
  await run(`${many} --out whole`);
  const { child, finished } = start(`${many} --out cut`.split(" "), folder);
  // Beside it lies what could be seen of it while it was at work.
  const findJournal = (): string | null => {
    if (!existsSync(join(folder, "cut"))) return null;
    const partial = readdirSync(join(folder, "cut")).find((name) => /^\.simulate-.*\.partial$/.test(name));
    const [journal] = partial === undefined ? [] : readdirSync(join(folder, "cut", partial));
    return journal === undefined ? null : join(folder, "cut", partial ?? "", journal);
  };
  // It writes once for what was flown in a moment: killed once ten lines stand there.
  let path = findJournal();
  while (path === null || readFileSync(path, "utf8").split("\n").length < 10) {
    expect(child.exitCode).toBeNull();
    await sleep(5);
    path = findJournal();
  }
  child.kill("SIGKILL");
  await finished;
  // As a crash in the middle of a line leaves it.
  writeFileSync(path, `${readFileSync(path, "utf8").trimEnd().slice(0, -5)}`);
  const { stderr } = await run(`${many} --out cut`);
  expect(Number(/run: (\d+) satellites? flown already/.exec(stderr)?.[1])).toBeGreaterThan(5);
  expect(differing("whole", "cut")).toEqual([]);
  expect(readdirSync(join(folder, "cut"))).toHaveLength(1);
});

test("a sweep is one table of all combinations, and goes on when it was interrupted", async () => {
  const file = join(folder, "sweep.yaml");
  writeFileSync(
    file,
    `command: simulate\noptions: {workload: ${declared}, constellation: "walker:4", spacecraft: three-body, hours: 2}\nsweep: {policy: [raw, detect], rate: [1Mbit/s, 9Mbit/s]}\n`,
  );
  const first = start(["sweep", file, "--out", "swept"], folder);
  await new Promise<void>((resolve) => {
    first.child.stderr?.on("data", (data: Buffer) => data.toString().includes("3 of 4: ") && resolve());
  });
  first.child.kill("SIGKILL");
  await first.finished;
  const { stdout, stderr } = await run(`sweep ${file} --out swept`);
  expect(stderr).toMatch(/1 of 4: policy=raw, rate=1Mbit\/s: run already/);
  expect(stdout.split("\n").slice(0, 5)).toEqual([
    expect.stringMatching(/^policy +rate +on link +of raw +delivered/),
    expect.stringMatching(/^raw +1Mbit\/s/),
    expect.stringMatching(/^raw +9Mbit\/s/),
    expect.stringMatching(/^detect +1Mbit\/s/),
    expect.stringMatching(/^detect +9Mbit\/s/),
  ]);
  const name = readdirSync(join(folder, "swept")).find((one) => one.startsWith("sweep-")) ?? "";
  const csv = readFileSync(join(folder, "swept", name, "table.csv"), "utf8");
  expect(csv.split("\n")).toHaveLength(6);
  expect(readdirSync(join(folder, "swept", name)).toSorted()).toEqual([
    "manifest.json",
    "report.html",
    "summary.json",
    "sweep.yaml",
    "table.csv",
    "table.parquet",
  ]);
  const { stdout: shown } = await run(`run show ${name} --out swept`);
  expect(shown.split("\n").slice(0, 5)).toEqual(stdout.split("\n").slice(0, 5));
  const { stdout: listed } = await run("run list --out swept --json");
  expect(JSON.parse(listed)).toContainEqual({
    run: name,
    kind: "sweep",
    of: "4 × simulate over policy, rate",
    model: null,
    policies: [],
    from: null,
    written: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    state: "finished",
    tags: [],
  });
});
