/* oxlint-disable unicorn/no-thenable -- orders have a field of that name */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { retrainedFiles } from "../models/updates/retrained.ts";
import { brokenOnBoard, writeBroken } from "../models/updates/broken.ts";
import { allEndWell, kill, natsForTests, startNodes } from "./nodes.ts";
import { differences, differingRuns, onlyRun, scratch, stationsFile, summaryOf, swath } from "./swath.ts";

/*
 * Models that go up while commands, nodes and parts of a run are killed: the bytes are those of a run that nobody stopped. It takes minutes.
 */
const isLong = process.env["SWATH_LONG"] !== undefined;
if (!isLong) console.log("test/integration/model-updates.test.ts is left out: SWATH_LONG is not set");

const folder = scratch();
const stations = stationsFile(folder, [
  ["North", 15.4, 78.2],
  ["South", -70.9, -53],
]);
const orders = join(folder, "orders.json");
const scenario = [
  "builtin:harbour?scenes=9&size=512",
  "--policy=detect",
  "--model=ships-s2:int8",
  "--constellation=walker:3/3/1",
  "--schedule=cadence",
  "--cadence=2h",
  `--stations=${stations}`,
  "--hours=24",
  "--ber=1e-6",
  "--segment-loss=0.05",
  "--seed=11",
  "--no-day",
  `--orders=${orders}`,
];
const whole = join(folder, "whole");

beforeAll(async () => {
  if (!isLong) return;
  const good = join(folder, "retrained");
  mkdirSync(good);
  for (const [name, bytes] of await retrainedFiles()) writeFileSync(join(good, name), bytes);
  const fault = brokenOnBoard["a saturated head"];
  if (fault === undefined) throw new RangeError("a kind of broken that is gone");
  const bad = await writeBroken(join(folder, "broken"), fault);
  const install = { kind: "model-install", deadline: "23h" };
  const list = [
    {
      ...install,
      id: "good",
      from: good,
      to: "walker-1-1",
      trial: 1,
      promote: "agreement >= 0.1",
      watch: 1,
      keep: "agreement >= 0",
      then: "walker-3-1",
    },
    { ...install, id: "bad", from: bad, to: "walker-2-1", watch: 1, then: ["walker-3-1"] },
    { id: "back", kind: "model-activate", of: "launched", to: "walker-1-1", at: "16h", deadline: "23h" },
  ];
  writeFileSync(orders, JSON.stringify({ orders: list }));
  const { code, stderr } = await swath(["replay", ...scenario, "--out", whole]);
  expect(code === 0 ? "" : stderr).toBe("");
}, 300_000);

describe.runIf(isLong)("models that go up", () => {
  const nats = natsForTests();

  it("work, fail and are gone back from, so that there is something to lose", () => {
    const models = summaryOf(whole).policies[0]?.models ?? [];
    const ways = Object.fromEntries(
      models.map(({ satellite, changes }) => [satellite, changes.map(({ why }) => why)]),
    );
    expect(ways).toEqual({
      "walker-1-1": ["launched", "promoted", "activated"],
      "walker-2-1": ["launched", "installed", "rolled back"],
      // It follows the one that was kept, and not the one that was not.
      "walker-3-1": ["launched", "installed"],
    });
    const fates = new Map(
      summaryOf(whole).policies[0]?.orders?.orders.map(({ id, fate, heardAt }) => [id, { fate, heardAt }]),
    );
    expect(fates.get("bad_walker-3-1")?.fate).toBe("not-heard");
    const [canary, follower] = ["good", "good_walker-3-1"].map((id) => fates.get(id));
    expect([canary?.fate, follower?.fate]).toEqual(["done", "done"]);
    const decided = models.find(({ satellite }) => satellite === "walker-1-1")?.trials[0]?.endedAt;
    expect(Date.parse(follower?.heardAt ?? "")).toBeGreaterThan(Date.parse(decided ?? ""));
  });

  it("come to the same with nodes in processes of their own, killed at random moments and started again", async () => {
    for (const [n, messages] of [2, 9, 25].entries()) {
      const out = join(folder, `killed-${n}`);
      const run = startNodes({ scenario, policy: "detect", reference: whole }, nats.server.url, out);
      await nats.holds(run.id, "link", messages);
      await sleep(137 * n);
      await kill(run.satellites.shift());
      const again = run.again("satellite");
      await allEndWell([run.commander, ...run.satellites, ...run.receivers, again]);
      expect(differingRuns(whole, out)).toEqual([]);
    }
  }, 600_000);

  it("come to the same in parts", async () => {
    const out = join(folder, "parts");
    for (const part of ["0/2", "1/2"])
      expect((await swath(["replay", ...scenario, "--shard", part, "--out", out])).code).toBe(0);
    const merged = join(folder, "merged");
    const { code, stderr } = await swath(["merge", out, "--out", merged]);
    expect(code === 0 ? "" : stderr).toBe("");
    expect(differences(onlyRun(whole), onlyRun(merged))).toEqual([]);
  }, 300_000);
});
