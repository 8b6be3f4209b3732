import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { startNatsServer } from "../../pipeline/bus/server.ts";
import { parseSummary } from "../../measure/summary/run-summary.ts";
import { differences, onlyRun, scratch, start, swath } from "./swath.ts";

/*
 * Commands that are killed at all sorts of moments and called again: the bytes are those of a run that nobody stopped. It takes minutes.
 */
const isLong = process.env["SWATH_LONG"] !== undefined;
if (!isLong) console.log("test/integration/resume.test.ts is left out: SWATH_LONG is not set");

const declared = new URL("../../examples/declared-8b.yaml", import.meta.url).pathname;
const sky = ["--constellation", "walker:3", "--stations", "builtin", "--schedule", "cadence"];
const harbour = ["builtin:harbour?scenes=4&size=512", ...sky, "--ber", "1e-6", "--seed", "3"];

const folder = scratch();
const orders = join(folder, "orders.yaml");
writeFileSync(
  orders,
  `orders:
  - { id: port, kind: look, bbox: "2.06,40.43,2.11,40.46", deadline: 23h, tenant: port-authority, priority: 1 }
  - { id: later, kind: look, bbox: [2.30, 40.43, 2.35, 40.46], at: 3h, deadline: 20h }
  - { id: unknown, kind: parameter, name: duty, value: "0.5", deadline: 20h }
`,
);

const fleet = "--policy detect --constellation walker:100 --spacecraft three-body --hours 6".split(" ");
const simulation = ["simulate", declared, ...fleet];

const studies: Readonly<Record<string, readonly string[]>> = {
  compare: ["compare", ...harbour, "--policies", "raw,compress,detect"],
  "compare with orders": ["compare", ...harbour, "--policies", "raw,detect", "--no-day", "--orders", orders],
  upsets: ["upsets", ...harbour, "--upsets", "1e7x"],
  simulate: simulation,
  "simulate with crosslinks": [...simulation, "--crosslinks", "grid"],
};

const out = (name: string): string => join(folder, name.replaceAll(" ", "-"));

/** Runs a command and kills it after so long, or once `isEnough`. */
const killed = async (words: readonly string[], ms: number, isEnough?: () => boolean): Promise<void> => {
  const { child, finished } = start(words, folder);
  for (const until = performance.now() + ms; performance.now() < until; await sleep(5))
    if (child.exitCode !== null || isEnough?.() === true) break;
  child.kill("SIGKILL");
  await finished;
};

const partial = (path: string): readonly string[] =>
  existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith(".partial"))
        .flatMap((name) => readdirSync(join(path, name)))
    : [];

describe.runIf(isLong).each(Object.entries(studies))("%s", (name, words) => {
  const whole = out(`${name} whole`);
  let took = 0;
  beforeAll(async () => {
    const began = performance.now();
    expect((await swath([...words, "--out", whole], folder)).code).toBe(0);
    took = performance.now() - began;
  }, 300_000);

  it("killed at six moments and called again, comes to the same bytes and leaves nothing", async () => {
    const cut = out(`${name} cut`);
    for (const share of [0.3, 0.9, 0.5, 0.7, 0.6, 0.8]) await killed([...words, "--out", cut], share * took);
    const { code, stderr } = await swath([...words, "--out", cut], folder);
    expect(stderr).not.toMatch(/^swath: /m);
    expect(code).toBe(0);
    expect(differences(onlyRun(whole), onlyRun(cut))).toEqual([]);
    expect(readdirSync(cut).filter((one) => one.startsWith("."))).toEqual([]);
  }, 600_000);
});

describe.runIf(isLong)("compare with orders", () => {
  it("did what was ordered, so that there was something to lose", () => {
    const { policies } = parseSummary(
      JSON.parse(readFileSync(join(onlyRun(out("compare with orders whole")), "summary.json"), "utf8")),
    );
    expect(policies.map((policy) => policy.orders?.done)).toEqual([2, 2]);
  });
});

describe.runIf(isLong)("compare", () => {
  it("killed right behind its second policy, takes both from there", async () => {
    const cut = out("between");
    const words = [...(studies["compare"] ?? []), "--out", cut];
    await killed(words, 120_000, () => partial(cut).filter((one) => one.endsWith(".flight")).length === 2);
    const { stderr } = await swath(words, folder);
    expect(stderr.match(/was flown by an earlier start/g)).toHaveLength(2);
    expect(differences(onlyRun(out("compare whole")), onlyRun(cut))).toEqual([]);
  }, 300_000);
});

describe.runIf(isLong)("simulate with crosslinks", () => {
  const words = studies["simulate with crosslinks"] ?? [];
  /** All shards have kept an epoch, the same one. */
  const isKept = (path: string, shards: number) => (): boolean =>
    partial(path).filter((one) => one.endsWith(".epoch")).length >= shards;

  it.each([1, 2])(
    "killed in the flight with crosslinks, goes on there, on %s threads",
    async (threads) => {
      const cut = out(`epochs ${threads}`);
      const all = [...words, "--threads", `${threads}`, "--out", cut];
      await killed(all, 120_000, isKept(cut, threads));
      const { stderr } = await swath(all, folder);
      expect(stderr).toMatch(/with crosslinks all have flown to \d{4}-/);
      expect(differences(onlyRun(out("simulate with crosslinks whole")), onlyRun(cut))).toEqual([]);
      expect(readdirSync(cut).filter((one) => one.startsWith("."))).toEqual([]);
    },
    300_000,
  );

  it("one shard of three killed, goes on by itself while the others wait for it", async () => {
    await using server = await startNatsServer();
    const cut = out("shards");
    const shard = (index: number): readonly string[] => [
      ...words,
      "--out",
      cut,
      "--nats",
      server.url,
      "--run",
      "cut",
      "--shard",
      `${index}/3`,
    ];
    const others = [0, 2].map((index) => swath(shard(index), folder));
    await killed(shard(1), 120_000, () => partial(cut).some((one) => /-1of3-\d+\.epoch$/.test(one)));
    const { stderr } = await swath(shard(1), folder);
    expect(stderr).toMatch(/with crosslinks all have flown to \d{4}-/);
    for (const { code } of await Promise.all(others)) expect(code).toBe(0);
    expect(differences(onlyRun(out("simulate with crosslinks whole")), onlyRun(cut))).toEqual([]);
  }, 300_000);
});

describe.runIf(isLong).each(["compare", "simulate with crosslinks"])("parts of %s", (name) => {
  it("in three processes, one killed twice and run again, merge to the bytes of one process", async () => {
    const words = studies[name] ?? [];
    const parts = out(`${name} parts`);
    const part = (index: number): readonly string[] => [...words, "--shard", `${index}/3`, "--out", parts];
    await Promise.all([swath(part(0), folder), swath(part(2), folder), killed(part(1), 2500)]);
    const early = await swath(["merge", parts, "--out", out(`${name} early`)], folder);
    expect(early.stderr).toMatch(/1\/3 not there.* --shard 1\/3$/m);
    await killed(part(1), 3500);
    expect((await swath(part(1), folder)).code).toBe(0);
    const merged = out(`${name} merged`);
    await killed(["merge", parts, "--out", merged], 3000);
    expect((await swath(["merge", parts, "--out", merged], folder)).code).toBe(0);
    expect(differences(onlyRun(out(`${name} whole`)), onlyRun(merged))).toEqual([]);
  }, 600_000);
});
