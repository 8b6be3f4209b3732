import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunIdentity } from "../../../studies/engine/run-name.ts";
import type { PolicyRun } from "../../../measure/run/policy-run.ts";
import { openKeptFlights, type KeptRun } from "../../../studies/folder/kept-flights.ts";
import { sceneOf } from "../../fake-scene.ts";
import { fly, land, planOf } from "../../mission-fixture.ts";

const scenes = [
  { id: "a", width: 70, height: 50 },
  { id: "b", width: 40, height: 40 },
];
const plan = planOf(scenes);
const ground = { plan, scenes: scenes.map(sceneOf) };
const identity = (sha256: string): RunIdentity => ({ run: "replay-1", sha256, reads: {}, files: {} });

const flown = async (): Promise<PolicyRun> => {
  const { ledger, backhaul, stations } = await fly(plan, scenes);
  const landed = await land(plan, scenes, backhaul);
  const chips = [{ path: "chips/a/0-0.webp", content: Buffer.from([1, 2, 3]) }];
  return {
    plan,
    satellites: [ledger],
    stations: stations.map((one) => one.ledger),
    landed,
    chips,
    tiles: [],
  };
};

let out = "";
let notes: string[] = [];
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "swath-kept-"));
  notes = [];
});
afterEach(() => rm(out, { recursive: true }));

const open = (more: Partial<KeptRun> = {}) =>
  openKeptFlights(
    { runFolder: join(out, "replay-1"), identity: identity("abc"), strict: false, ...more },
    { note: (text) => void notes.push(text) },
  );
const folder = () => join(out, ".replay-1.partial");
const file = async () => join(folder(), (await readdir(folder()))[0] ?? "");

describe("openKeptFlights", () => {
  it("gives a flight back as it was, and nothing of one that was not kept", async () => {
    const run = await flown();
    expect(run.landed.flatMap(({ detections }) => detections).length).toBeGreaterThan(0);
    await (await open()).keep("raw", { run, record: null });
    const again = await open();
    expect(await again.take("detect", ground)).toBeNull();
    const found = await again.take("raw", ground);
    expect(found?.record).toBeNull();
    expect({ ...found?.run, chips: [] }).toEqual({ ...run, chips: [] });
    expect(Buffer.from(found?.run.chips[0]?.content ?? "")).toEqual(run.chips[0]?.content);
    expect(found?.run.landed[0]?.scene).toBe(ground.scenes[0]);
    expect(notes).toEqual([]);
  });

  it.each([
    ["with other input", { identity: identity("abd") }],
    ["where a scene that cannot be read ends the run", { strict: true }],
  ])("flies again %s, and says so", async (_, more) => {
    await (await open()).keep("raw", { run: await flown(), record: null });
    expect(await (await open(more)).take("raw", ground)).toBeNull();
    expect(notes).toEqual([expect.stringMatching(/^raw is flown again: .*with other options$/)]);
  });

  it("flies again what is cut off, has a bit turned over, or is none", async () => {
    await (await open()).keep("raw", { run: await flown(), record: null });
    const whole = await readFile(await file());
    const turned = Buffer.from(whole);
    turned[whole.length - 100]! ^= 4;
    for (const content of [whole.subarray(0, -1), turned, Buffer.from("no flight"), Buffer.of()]) {
      await writeFile(await file(), content);
      expect(await (await open()).take("raw", ground)).toBeNull();
    }
    expect(notes).toHaveLength(4);
    expect(notes[0]).toMatch(/it is not as it was written/);
    expect(notes[3]).toMatch(/it is none of this release's/);
  });

  it("goes on where nothing can be kept, and says so", async () => {
    await writeFile(folder(), "in the way");
    await (await open()).keep("raw", { run: await flown(), record: null });
    expect(notes.at(-1)).toMatch(/^raw is not kept for a later start: /);
  });

  it("sweeps what nobody went on with for a month", async () => {
    await (await open()).keep("raw", { run: await flown(), record: null });
    const long = new Date(Date.now() - 31 * 86_400_000);
    await utimes(folder(), long, long);
    await open();
    expect(existsSync(folder())).toBe(false);
  });
});
