import { setTimeout as sleep } from "node:timers/promises";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeResultMessage } from "../../pipeline/mission/result-message.ts";
import { natsForTests } from "./nodes.ts";
import { scratch, start, swath, type Running } from "./swath.ts";

/** Detections as subscribers get them: those of a run that is over, those of one that begins later, each once. */
const folder = scratch();
const scenario = [
  "builtin:harbour?scenes=2&size=1024",
  "--constellation=walker:2",
  "--stations=builtin",
  "--schedule=cadence",
  "--no-day",
  "--hours=12",
];

interface Result {
  readonly run: string;
  readonly class: string;
  readonly scene: string;
  readonly score: number;
  readonly id: string;
  readonly longitude: number;
  readonly latitude: number;
}

const nats = natsForTests();
beforeAll(() => replay("1"), 120_000);

const replay = async (seed: string): Promise<void> => {
  const words = [
    "replay",
    ...scenario,
    "--seed",
    seed,
    "--nats",
    nats.server.url,
    "--out",
    join(folder, seed),
  ];
  const { code, stderr } = await swath(words, folder);
  expect(code, stderr).toBe(0);
};

interface Subscriber extends Running {
  /** Results printed so far. */
  readonly printed: () => readonly Result[];
}

const subscribe = (...words: readonly string[]): Subscriber => {
  const running = start(["subscribe", "--nats", nats.server.url, ...words], folder);
  let text = "";
  running.child.stdout?.on("data", (data: Buffer) => (text += data.toString()));
  return { ...running, printed: () => parsed(text.slice(0, text.lastIndexOf("\n") + 1)) };
};

const parsed = (text: string): readonly Result[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Result);

/** Looks again and again until it is so. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(20);
};

/** A probe is a result of a run that is none. */
const isProbe = ({ run }: Result): boolean => run.startsWith("probe-");
const results = ({ printed }: Subscriber): readonly Result[] => printed().filter((one) => !isProbe(one));

let probes = 0;

/**
 * Publishes a result like `wanted` until the subscriber has printed it, once: it listens, and NATS has given it everything that was
 * published before.
 */
const probe = async (subscriber: Subscriber, wanted: Partial<Result> = {}): Promise<void> => {
  const run = `probe-${++probes}`;
  const result = {
    schema: "swath-result/2",
    policy: "detect",
    scene: "none",
    acquisition: 0,
    satellite: "none",
    station: "none",
    class: "ship",
    score: 1,
    id: `${run}.0.0123456789abcdef`,
    box_px: [0, 0, 1, 1],
    outline_px: null,
    longitude: 0,
    latitude: 0,
    polygon: null,
    place: "pixels",
    captured_at: "2026-01-01T00:00:00Z",
    received_at: "2026-01-01T00:00:00Z",
    latency_s: 0,
    ...wanted,
    run,
  } as const;
  const message = encodeResultMessage(result as Parameters<typeof encodeResultMessage>[0]);
  await until(() => {
    nats.bus.connection.publish(`swath.${run}.a1.result.${result.class}.none`, message);
    return subscriber.child.exitCode !== null || subscriber.printed().some((one) => one.run === run);
  });
};

/** All published results that a subscriber has to print by now; `wanted`: what it listens to. */
const gather = async (
  subscriber: Subscriber,
  count: number,
  wanted?: Partial<Result>,
): Promise<readonly Result[]> => {
  const { child, finished } = subscriber;
  await until(() => results(subscriber).length >= count || child.exitCode !== null);
  // Whatever is too much stands before the probe.
  await probe(subscriber, wanted);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await finished;
  expect([code, stderr]).toEqual([0, ""]);
  return parsed(stdout).filter((one) => !isProbe(one));
};

/** The run in a folder, and how many detections its archive holds: the reference for what was published. */
const archived = (
  seed: string,
): { readonly run: string; readonly count: number; readonly ids: readonly string[] } => {
  const [run = ""] = readdirSync(join(folder, seed)).filter((name) => name.startsWith("replay-"));
  const path = join(folder, seed, run, "detect", "detections.geojson");
  const { features } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly features: readonly { readonly id: string }[];
  };
  return { run, count: features.length, ids: features.map(({ id }) => id).toSorted() };
};

const keyOf = ({ id }: Result): string => id;

describe("swath subscribe --from start", () => {
  let found: readonly Result[];
  let count: number;
  let ids: readonly string[];
  beforeAll(async () => {
    ({ count, ids } = archived("1"));
    found = await gather(subscribe("--from", "start"), count);
  });

  it("gives each detection of a finished run once", () => {
    expect(count).toBeGreaterThan(5);
    expect(found).toHaveLength(count);
    expect(new Set(found.map(keyOf)).size).toBe(count);
    expect(found.map(keyOf).toSorted()).toEqual(ids);
  });

  it("ends after --limit", async () => {
    const { code, stdout } = await subscribe("--from", "start", "--limit", "3").finished;
    expect(code).toBe(0);
    expect(parsed(stdout)).toEqual(found.slice(0, 3));
  });

  it("keeps to a box, a class and a score", async () => {
    const [first] = found;
    if (first === undefined) throw new Error("nothing was found");
    const { longitude: x, latitude: y } = first;
    const near = [x - 0.02, y - 0.02, x + 0.02, y + 0.02];
    const inside = found.filter(
      ({ longitude, latitude, score }) =>
        Math.abs(longitude - x) <= 0.02 && Math.abs(latitude - y) <= 0.02 && score >= 0.5,
    );
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.length).toBeLessThan(found.length);
    const words = ["--from", "start", "--class", "ship", "--min-score", "0.5", `--bbox=${near.join(",")}`];
    const here = { longitude: x, latitude: y };
    expect(await gather(subscribe(...words), inside.length, here)).toEqual(inside);
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

  it("names and leaves out what is no detection", async () => {
    const subscriber = subscribe("--class", "ship");
    await probe(subscriber);
    nats.bus.connection.publish("swath.r.a1.result.ship.none", Buffer.from("{}"));
    await probe(subscriber);
    subscriber.child.kill("SIGINT");
    const { code, stdout, stderr } = await subscriber.finished;
    expect([code, parsed(stdout).every(isProbe)]).toEqual([0, true]);
    expect(stderr).toMatch(
      /left out: message is no result of this release: wanted schema "swath-result\/2", got none/,
    );
  });

  it("goes on with a run that begins later, of the class asked for", async () => {
    const all = subscribe("--from", "start");
    const fresh = subscribe("--class", "ship");
    const aeroplanes = subscribe("--from", "start", "--class", "aeroplane");
    await until(() => results(all).length >= count);
    await probe(fresh);
    await probe(aeroplanes, { class: "aeroplane" });
    await replay("2");
    const { run, count: later } = archived("2");
    const both = await gather(all, count + later);
    expect(both).toHaveLength(count + later);
    expect(new Set(both.map(keyOf)).size).toBe(count + later);
    const second = both.filter((result) => result.run.startsWith(run));
    expect(second).toHaveLength(later);
    expect((await gather(fresh, later)).map(keyOf)).toEqual(second.map(keyOf));
    expect(await gather(aeroplanes, 0, { class: "aeroplane" })).toEqual([]);
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
    expect(parsed(stdout)).toMatchObject([{ schema: "swath-result/2", class: "ship" }]);
    expect((await command.finished).code).toBe(0);
    const { code: after, stderr: said } = await swath(["subscribe", "--out", out], folder);
    expect(after).toBe(1);
    expect(said).toMatch(/no NATS to subscribe to: .*its results are then in the run's folder/);
  }, 120_000);
});
