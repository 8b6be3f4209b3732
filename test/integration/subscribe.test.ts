import { setTimeout as sleep } from "node:timers/promises";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startNatsServer, type NatsServer } from "../../pipeline/bus/server.ts";
import { scratch, start, swath, type Running } from "./swath.ts";

/** Detections as subscribers get them: those of a run that is over, those of one that begins later, each once. */
const folder = scratch();
const scenario = [
  "builtin:harbour?scenes=2&size=1024",
  "--constellation=walker:2",
  "--stations=builtin",
  "--schedule=cadence",
  "--hours=12",
];

interface Result {
  readonly run: string;
  readonly class: string;
  readonly scene: string;
  readonly score: number;
  readonly boxPx: readonly number[];
  readonly longitude: number;
  readonly latitude: number;
}

let server: NatsServer;
beforeAll(async () => {
  server = await startNatsServer();
  await replay("1");
}, 120_000);
afterAll(() => server[Symbol.asyncDispose]());

const replay = async (seed: string): Promise<void> => {
  const words = ["replay", ...scenario, "--seed", seed, "--nats", server.url, "--out", join(folder, seed)];
  const { code, stderr } = await swath(words, folder);
  expect(code, stderr).toBe(0);
};

interface Subscriber extends Running {
  /** Results printed so far. */
  readonly lines: () => number;
}

const subscribe = (...words: readonly string[]): Subscriber => {
  const running = start(["subscribe", "--nats", server.url, ...words], folder);
  let lines = 0;
  running.child.stdout?.on("data", (data: Buffer) => (lines += data.toString().split("\n").length - 1));
  return { ...running, lines: () => lines };
};

const parsed = (text: string): readonly Result[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Result);

/** What is printed until there are `count` lines, and for a while after those: too many is wrong too. */
const gather = async ({ child, finished, lines }: Subscriber, count: number): Promise<readonly Result[]> => {
  while (lines() < count && child.exitCode === null) await sleep(20);
  await sleep(300);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await finished;
  expect([code, stderr]).toEqual([0, ""]);
  return parsed(stdout);
};

/** The run in a folder, and how many detections its archive holds: the reference for what was published. */
const archived = (seed: string): { readonly run: string; readonly count: number } => {
  const [run = ""] = readdirSync(join(folder, seed)).filter((name) => name.startsWith("replay-"));
  const path = join(folder, seed, run, "detect", "detections.geojson");
  const { features } = JSON.parse(readFileSync(path, "utf8")) as { readonly features: readonly unknown[] };
  return { run, count: features.length };
};

const keyOf = ({ run, scene, boxPx }: Result): string => [run, scene, ...boxPx].join(" ");

describe("swath subscribe --from start", () => {
  let results: readonly Result[];
  let count: number;
  beforeAll(async () => {
    ({ count } = archived("1"));
    results = await gather(subscribe("--from", "start"), count);
  });

  it("gives each detection of a finished run once", () => {
    expect(count).toBeGreaterThan(5);
    expect(results).toHaveLength(count);
    expect(new Set(results.map(keyOf)).size).toBe(count);
  });

  it("ends after --limit", async () => {
    const { code, stdout } = await subscribe("--from", "start", "--limit", "3").finished;
    expect(code).toBe(0);
    expect(parsed(stdout)).toEqual(results.slice(0, 3));
  });

  it("keeps to a box, a class and a score", async () => {
    const [first] = results;
    if (first === undefined) throw new Error("nothing was found");
    const { longitude: x, latitude: y } = first;
    const near = [x - 0.02, y - 0.02, x + 0.02, y + 0.02];
    const inside = results.filter(
      ({ longitude, latitude, score }) =>
        Math.abs(longitude - x) <= 0.02 && Math.abs(latitude - y) <= 0.02 && score >= 0.5,
    );
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.length).toBeLessThan(results.length);
    const words = ["--from", "start", "--class", "ship", "--min-score", "0.5", `--bbox=${near.join(",")}`];
    expect(await gather(subscribe(...words), inside.length)).toEqual(inside);
  });

  it("gives GeoJSON features with closed rings", async () => {
    const words = ["--from", "start", "--limit", "2", "--format", "geojson"];
    const { stdout } = await subscribe(...words).finished;
    for (const line of stdout.trim().split("\n")) {
      const feature = JSON.parse(line) as {
        readonly type: string;
        readonly geometry: { readonly type: string; readonly coordinates: readonly number[][][] };
        readonly properties: Result;
      };
      const ring = feature.geometry.coordinates[0];
      expect([feature.type, feature.geometry.type]).toEqual(["Feature", "Polygon"]);
      expect(ring).toHaveLength(5);
      expect(ring?.[4]).toEqual(ring?.[0]);
      expect(feature.properties.class).toBe("ship");
    }
  });

  it("goes on with a run that begins later, of the class asked for", async () => {
    const all = subscribe("--from", "start");
    const fresh = subscribe("--class", "ship");
    const aeroplanes = subscribe("--from", "start", "--class", "aeroplane");
    while (all.lines() < count) await sleep(20);
    await sleep(1000); // The others have nothing to show that they listen.
    await replay("2");
    const { run, count: later } = archived("2");
    const both = await gather(all, count + later);
    expect(both).toHaveLength(count + later);
    expect(new Set(both.map(keyOf)).size).toBe(count + later);
    const second = both.filter((result) => result.run.startsWith(run));
    expect(second).toHaveLength(later);
    expect((await gather(fresh, later)).map(keyOf)).toEqual(second.map(keyOf));
    expect(await gather(aeroplanes, 0)).toEqual([]);
  }, 120_000);
});

describe("a command's own server", () => {
  it("is found by its run folder, and ends with the command", async () => {
    const out = join(folder, "own");
    const command = start(["replay", ...scenario, "--seed", "3", "--out", out, "--speed", "6000"], folder);
    await new Promise<void>((resolve) => command.child.stderr?.once("data", () => resolve()));
    const listener = start(["subscribe", "--from", "start", "--out", out, "--limit", "1"], folder);
    const { code, stdout, stderr } = await listener.finished;
    expect([code, stderr]).toEqual([0, ""]);
    expect(parsed(stdout)).toMatchObject([{ schema: "swath-result/1", class: "ship" }]);
    expect((await command.finished).code).toBe(0);
    const { code: after, stderr: said } = await swath(["subscribe", "--out", out], folder);
    expect(after).toBe(1);
    expect(said).toMatch(/no NATS to subscribe to: .*its results are then in the run's folder/);
  }, 120_000);
});
