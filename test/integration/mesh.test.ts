import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allEndWell, kill, natsForTests } from "./nodes.ts";
import { differingRuns, scratch, start, stationsFile, summaryOf, swath } from "./swath.ts";

/** Three satellites in a row on one orbit, in sight of each other, over one station that they pass one after the other. */
const folder = scratch();
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
const stations = stationsFile(folder, [["North", 15.4, 78.2]]);
const scenario = (crosslinks: string, policy = "raw"): readonly string[] => [
  "builtin:harbour?scenes=2&size=1024",
  `--policy=${policy}`,
  `--constellation=${orbits}`,
  "--schedule=cadence",
  "--no-day",
  "--spacecraft=three-body",
  `--stations=${stations}`,
  `--crosslinks=${crosslinks}`,
  "--cadence=30min",
  "--rate=8Mbit/s",
  "--hours=8",
  "--seed=3",
];
const run = async (name: string, args: readonly string[]): Promise<string> => {
  const out = join(folder, name);
  const { code, stderr } = await swath(["replay", ...args, "--out", out]);
  expect(code === 0 ? "" : stderr).toBe("");
  return out;
};

describe("satellites that feed each other", () => {
  const nats = natsForTests();

  it("bring results down earlier than alone, the same results, and every byte is accounted for", async () => {
    const alone = summaryOf(await run("alone", scenario("none", "detect")));
    const mesh = summaryOf(await run("together", scenario("all", "detect")));
    const [before, after] = [alone.policies[0], mesh.policies[0]];
    expect(before?.crosslinks).toBeNull();
    expect(after?.crosslinks?.carried).toBeGreaterThan(0);
    expect(after?.crosslinks?.energyJoules).toBeCloseTo(after?.platform?.loads.crosslink ?? -1, 6);
    const bought = after?.crosslinks?.toGround;
    expect(bought?.together.products).toBe(2);
    expect(bought?.together.median).toBeLessThan(bought?.alone.median ?? 0);
    expect(after?.latencySeconds?.median).toBeLessThan(before?.latencySeconds?.median ?? 0);
    expect(after?.detections).toEqual(before?.detections);
    expect(after?.quality).toEqual(before?.quality);
    expect(after?.conservation.producedBytes).toBe(before?.conservation.producedBytes);
  }, 120_000);

  it("come to the same bytes in one process and in five, one of them killed on the way", async () => {
    const reference = await run("one-process", scenario("all"));
    const { runId, constellation, policies } = summaryOf(reference);
    expect(policies[0]?.crosslinks?.handedOver).toBeGreaterThan(0);
    const id = `${runId}-raw`;
    const node = (kind: string, name: string) => start([kind, name, "--run", id, "--nats", nats.server.url]);
    const out = join(folder, "five");
    const commander = start([
      "replay",
      ...scenario("all"),
      "--external",
      "--nats",
      nats.server.url,
      "--out",
      out,
    ]);
    const satellites = constellation.satellites.map((name) => node("satellite", name));
    const station = node("station", "North");
    await nats.holds(id, "mesh", 60);
    await kill(satellites.shift());
    const again = node("satellite", constellation.satellites[0] ?? "");
    await allEndWell([commander, ...satellites, station, again]);
    expect(differingRuns(reference, out)).toEqual([]);
  }, 180_000);
});
