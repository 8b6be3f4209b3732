import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSummary } from "../../measure/summary/run-summary.ts";
import { compare, replay, writeRun, type RunResult } from "../../studies/requests.ts";
import { allEndWell, kill, natsForTests, startNodes } from "./nodes.ts";
import { differingRuns, filesBelow, onlyRun, scratch, swath } from "./swath.ts";

const isLong = process.env["SWATH_LONG"] === "1";
const folder = scratch();

const orders = join(folder, "orders.yaml");
writeFileSync(
  orders,
  `orders:
  - { id: ships, kind: cue, on: ship, min-score: 0.5, by: other, within: 12h, deadline: 23h, priority: 2 }
`,
);
/** Six satellites over six stations: the next comes by within the hour, told by the ground. */
const byGround = {
  dataset: "builtin:harbour?scenes=2&size=512",
  policy: "detect",
  constellation: "walker:6",
  stations: "ksat:6",
  noDay: true,
  orders,
  hours: "24",
  seed: "11",
} as const;

/**
 * Twelve satellites in one plane, eight minutes apart, over one station near the pole: each hears of the cue there, and the next one flies over before any contact
 * could bring a look up.
 */
const overCrosslinks = {
  ...byGround,
  constellation: "walker:12/1/0@550km,97.5deg",
  spacecraft: "three-body",
  stations: "ksat:Svalbard",
  crosslinks: "all",
} as const;
/** Of `overCrosslinks`, seconds. */
const [epoch, alongTheOrbit] = [60, 8 * 60];

const cuesOf = async (name: string, flown: Promise<RunResult>) => {
  await using run = await flown;
  const at = join(folder, name, run.summary.runId);
  await writeRun(run, at);
  const summary = parseSummary(JSON.parse(readFileSync(join(at, "summary.json"), "utf8")));
  const policy = summary.policies.find(({ policy: label }) => label === "detect");
  const cues = policy?.cues;
  if (cues === undefined) throw new Error("no cues in the summary");
  return { cues, policy };
};

const secondsOf = (at: string | null | undefined): number => Date.parse(at ?? "") / 1000;

describe("tip and cue in a mission", () => {
  it("by the ground nothing is known before a contact has brought it down and another one up", async () => {
    const { policy: _detect, ...asked } = byGround;
    const { cues, policy } = await cuesOf("ground", compare({ ...asked, policies: "raw,detect" }));
    // Beside a policy that follows no tips the pictures of the schedule alone are compared.
    expect(policy?.acquisitions.captured).toBe(2 + cues.followed);
    expect(policy?.agreementWithRaw?.ofPolicy).toBeGreaterThan(0);
    expect(policy?.agreementWithRaw?.ofPolicy).toBeLessThan(policy?.detections.delivered ?? 0);
    expect(cues.cost.crosslinkBytes).toBe(0);
    expect(cues.routes.map(({ route }) => route)).toEqual(["ground"]);
    expect(cues.confirmed).toBeGreaterThan(0);
    for (const row of cues.cues) {
      const [taken, centre, told, image] = [row.takenAt, row.tipAtCentre, row.toldAt, row.imageAt].map(
        secondsOf,
      );
      if (row.imageAt === null) continue;
      const moments = [taken, centre, told, image];
      expect(moments).toEqual(moments.toSorted((a = 0, b = 0) => a - b));
    }
  }, 60_000);

  it("over crosslinks the next one along the orbit looks eight minutes later; without them nobody does as soon", async () => {
    const { cues, policy } = await cuesOf("crosslinks", replay(overCrosslinks));
    expect(cues.routes.map(({ route }) => route)).toEqual(["crosslinks"]);
    expect(cues.tips).toBeGreaterThan(0);
    expect(cues.confirmed).toBe(cues.tips);
    const told = policy?.orders?.orders.find(({ id }) => id === "ships");
    const cueGoneUp = secondsOf(told?.heardAt);
    expect(cues.cost.crosslinkBytes).toBeGreaterThan(0);
    for (const row of cues.cues) {
      const [taken = 0, ready = 0, heard = 0, image = 0, confirmed = 0] = [
        row.takenAt,
        row.readyAt,
        row.toldAt,
        row.imageAt,
        row.confirmedAt,
      ].map(secondsOf);
      expect(row.follower).not.toBe(row.satellite);
      // A tip needs a cue that a contact has brought.
      expect(taken).toBeGreaterThanOrEqual(cueGoneUp);
      // It is told at the end of an epoch, not before it stood on board of whoever saw it.
      expect(heard).toBeGreaterThan(ready);
      expect(heard - ready).toBeLessThanOrEqual(epoch);
      expect(image).toBeGreaterThan(heard);
      expect(Math.abs(image - taken - alongTheOrbit)).toBeLessThan(60);
      expect(confirmed).toBeGreaterThan(image);
    }
    if (!isLong) return;
    const { crosslinks: _none, ...apart } = overCrosslinks;
    const { cues: without } = await cuesOf("apart", replay(apart));
    expect(without.tips).toBe(cues.tips);
    expect(without.routes.map(({ route }) => route)).not.toContain("crosslinks");
    for (const row of without.cues)
      if (row.imageAt !== null)
        expect(secondsOf(row.imageAt) - secondsOf(row.takenAt)).toBeGreaterThan(2 * alongTheOrbit);
  }, 120_000);
});

describe.runIf(isLong)("with cues in processes of their own", () => {
  const nats = natsForTests();

  it("gives the same bytes, also when a satellite and a station are killed mid-run and started again", async () => {
    const [out, command] = [join(folder, "killed"), join(folder, "command")];
    const { dataset, noDay: _noDay, policy, ...options } = byGround;
    const scenario = [
      dataset,
      `--policy=${policy}`,
      ...Object.entries(options).map(([key, value]) => `--${key}=${value}`),
      "--no-day",
    ];
    expect((await swath(["replay", ...scenario, "--out", command])).code).toBe(0);
    const run = startNodes({ scenario, policy, reference: command }, nats.server.url, out);
    await nats.holds(run.id, "link", 6);
    for (const victim of [run.satellites.shift(), run.receivers.shift()]) await kill(victim);
    const again = [run.again("satellite"), run.again("station")];
    await allEndWell([run.commander, ...run.satellites, ...run.receivers, ...again]);
    expect(differingRuns(command, out)).toEqual([]);
    expect(filesBelow(onlyRun(out)).get("summary.json")?.toString() ?? "").toContain('"cues"');
  }, 300_000);
});
