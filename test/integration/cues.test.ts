import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSummary } from "../../measure/summary/run-summary.ts";
import { replay, writeRun } from "../../studies/requests.ts";
import { allEndWell, kill, natsForTests, startNodes } from "./nodes.ts";
import { differingRuns, filesBelow, onlyRun, scratch, stationsFile, swath } from "./swath.ts";

const isLong = process.env["SWATH_LONG"] === "1";
const folder = scratch();

/** Three satellites in a row on one orbit, some four minutes apart and in sight of each other. */
const orbits = join(folder, "row.json");
writeFileSync(
  orbits,
  JSON.stringify(
    [0, 14, 28].map((anomaly, n) => ({
      OBJECT_NAME: `ROW-${n + 1}`,
      OBJECT_ID: "2026-001A",
      NORAD_CAT_ID: 90_001 + n,
      EPOCH: "2026-01-01T00:00:00",
      MEAN_MOTION: 15.05,
      ECCENTRICITY: 0.0001,
      INCLINATION: 97.6,
      RA_OF_ASC_NODE: 80,
      ARG_OF_PERICENTER: 0,
      MEAN_ANOMALY: anomaly,
      BSTAR: 0,
      MEAN_MOTION_DOT: 0,
      MEAN_MOTION_DDOT: 0,
      ELEMENT_SET_NO: 1,
    })),
  ),
);
const orders = join(folder, "orders.yaml");
writeFileSync(
  orders,
  `orders:
  - { id: ships, kind: cue, on: ship, min-score: 0.5, by: other, within: 2d, deadline: 3d, priority: 2 }
`,
);
const request = {
  dataset: "builtin:harbour?scenes=1&size=512",
  policy: "detect",
  constellation: orbits,
  noDay: true,
  spacecraft: "three-body",
  stations: stationsFile(folder, [["North", 15.4, 78.2]]),
  orders,
  epoch: "5min",
  hours: "36",
  seed: "11",
} as const;

/** Six satellites over the usual stations: the next comes by within the hour, told by the ground. */
const byGround = {
  dataset: "builtin:harbour?scenes=2&size=512",
  policy: "detect",
  constellation: "walker:6",
  noDay: true,
  orders,
  hours: "24",
  seed: "11",
} as const;

const cuesOf = async (name: string, asked: Parameters<typeof replay>[0]) => {
  await using run = await replay(asked);
  const at = join(folder, name, run.summary.runId);
  await writeRun(run, at);
  const { policies } = parseSummary(JSON.parse(readFileSync(join(at, "summary.json"), "utf8")));
  const cues = policies[0]?.cues;
  if (cues === undefined) throw new Error("no cues in the summary");
  return { cues, policy: policies[0] };
};

const secondsOf = (at: string | null | undefined): number => Date.parse(at ?? "") / 1000;

describe("tip and cue in a mission", () => {
  it("over crosslinks the next in the row looks minutes later, and the centre has its confirmation", async () => {
    const { cues, policy } = await cuesOf("row", { ...request, crosslinks: "all" });
    expect(cues.tips).toBeGreaterThan(0);
    expect(cues.routes.map(({ route }) => route)).toContain("crosslinks");
    expect(cues.cost.crosslinkBytes).toBeGreaterThan(0);
    expect(cues.confirmed).toBeGreaterThan(0);
    for (const row of cues.cues) {
      expect(row.follower).not.toBe(row.satellite);
      if (row.route !== "crosslinks") continue;
      const moments = [row.takenAt, row.readyAt, row.toldAt, row.imageAt, row.confirmedAt].map(secondsOf);
      expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    }
    // Its image is among the acquisitions, and everything adds up.
    expect(policy?.acquisitions.planned).toBe(1 + cues.followed);
    expect(policy?.acquisitions.captured).toBe(1 + cues.followed);
    expect(cues.everything.images).toBe(1);
  }, 60_000);

  it("by the ground nothing is known before a contact has brought it down and another one up", async () => {
    const { cues } = await cuesOf("ground", byGround);
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
});

describe.runIf(isLong)("with cues in processes of their own", () => {
  const nats = natsForTests();
  for (const crosslinks of ["none", "all"]) {
    it(`gives the same bytes with crosslinks ${crosslinks}, also when a satellite and a station are killed and started again`, async () => {
      const out = join(folder, `killed-${crosslinks}`);
      const command = join(folder, `command-${crosslinks}`);
      const { dataset, noDay: _noDay, policy, ...options } = request;
      const scenario = [
        dataset,
        `--policy=${policy}`,
        ...Object.entries(options).map(([key, value]) => `--${key}=${value}`),
        `--crosslinks=${crosslinks}`,
        "--no-day",
      ];
      expect((await swath(["replay", ...scenario, "--out", command])).code).toBe(0);
      const run = startNodes({ scenario, policy, reference: command }, nats.server.url, out);
      await nats.holds(run.id, "link", 6);
      for (const victim of [run.satellites.shift(), run.receivers.shift()]) await kill(victim);
      const again = [run.again("satellite"), run.again("station")];
      await allEndWell([run.commander, ...run.satellites, ...run.receivers, ...again]);
      expect(differingRuns(command, out)).toEqual([]);
      const summary = filesBelow(onlyRun(out)).get("summary.json")?.toString() ?? "";
      expect(summary).toContain('"cues"');
    }, 300_000);
  }
});
