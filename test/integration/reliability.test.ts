import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { allEndWell, kill, natsForTests, startNodes } from "./nodes.ts";
import { differingRuns, filesBelow, onlyRun, scratch, stationsFile, summaryOf, swath } from "./swath.ts";

/** Two satellites, two stations, an imagery policy and a channel bad enough that much is sent twice. */
const folder = scratch();
const stations = stationsFile(folder, [
  ["North", 15.4, 78.2],
  ["South", 2.5, -72],
]);
const scenario = [
  "builtin:harbour?scenes=2&size=1024",
  "--policy=raw",
  "--constellation=walker:2",
  "--schedule=cadence",
  "--no-day",
  `--stations=${stations}`,
  "--rate=2Mbit/s",
  "--ber=2e-5",
  "--segment-loss=0.1",
  "--hours=12",
  "--seed=11",
];

const reference = join(folder, "one-process");
beforeAll(async () => {
  const { code, stderr } = await swath(["replay", ...scenario, "--out", reference]);
  expect(stderr).not.toMatch(/swath:/);
  expect(code).toBe(0);
}, 120_000);

describe("one process", () => {
  it("has something to lose: imagery, detections, corrupt frames, lost segments", () => {
    const { policies } = summaryOf(reference);
    const [raw] = policies;
    expect(raw?.detections.delivered).toBeGreaterThan(5);
    expect(raw?.bytes.onLink.retransmission).toBeGreaterThan(100_000);
    expect(raw?.losses.map(({ reason }) => reason)).toEqual(expect.arrayContaining(["not heard"]));
    expect(raw?.deliveredShare.bytesFraction).toBe(1);
    expect(filesBelow(onlyRun(reference)).get("raw/detections.parquet")?.length).toBeGreaterThan(100);
  });

  it("gives the same bytes again", async () => {
    const out = join(folder, "again");
    expect((await swath(["replay", ...scenario, "--out", out])).code).toBe(0);
    expect(differingRuns(reference, out)).toEqual([]);
  });
});

describe("four processes on one NATS", () => {
  const nats = natsForTests();

  const begin = (out: string) => startNodes({ scenario, policy: "raw", reference }, nats.server.url, out);

  it("gives the same bytes as one process", async () => {
    const out = join(folder, "four");
    const run = begin(out);
    const nodes = [run.commander, ...run.satellites, ...run.receivers];
    expect(nodes).toHaveLength(5);
    await allEndWell(nodes);
    expect(differingRuns(reference, out)).toEqual([]);
  }, 120_000);

  it("gives the same bytes when a satellite and a station are killed mid-run and started again", async () => {
    const out = join(folder, "killed");
    const run = begin(out);
    await nats.holds(run.id, "link", 12);
    for (const victim of [run.satellites.shift(), run.receivers.shift()]) await kill(victim);
    const again = [run.again("satellite"), run.again("station")];
    const nodes = [run.commander, ...run.satellites, ...run.receivers, ...again];
    expect(nodes).toHaveLength(5);
    await allEndWell(nodes);
    expect(differingRuns(reference, out)).toEqual([]);
  }, 180_000);

  it("loses nothing when nats-server is killed mid-run and comes back", async () => {
    const out = join(folder, "restarted");
    const run = begin(out);
    await nats.holds(run.id, "link", 8);
    await nats.server.restart("KILL");
    const nodes = [run.commander, ...run.satellites, ...run.receivers];
    expect(nodes).toHaveLength(5);
    await allEndWell(nodes);
    expect(differingRuns(reference, out)).toEqual([]);
  }, 180_000);
});

describe("losses are counted and explained", () => {
  const rawOf = async (name: string, more: readonly string[]) => {
    const out = join(folder, name);
    const { code, stderr } = await swath(["replay", ...scenario, "--out", out, ...more]);
    expect(code, stderr).toBe(0);
    const [raw] = summaryOf(out).policies;
    if (raw === undefined) throw new Error("no policy");
    return raw;
  };

  it("a full onboard store drops tiles, by reason and byte", async () => {
    const raw = await rawOf("full", ["--store", "1500kB"]);
    const dropped = raw.conservation.droppedBytes["store-full"] ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(raw.losses).toContainEqual(
      expect.objectContaining({ what: "product", reason: "store-full", bytes: dropped }),
    );
    expect(raw.deliveredShare.acquisitionsFraction).toBeLessThan(1);
    expect(raw.conservation.deliveredBytes + dropped + raw.conservation.onBoardBytes).toBe(
      raw.conservation.producedBytes,
    );
  });

  it("a station that is out the whole time delivers through the other, and what was sent to it is counted", async () => {
    const raw = await rawOf("outage", ["--outage", "North:0s/12h"]);
    const unheard = raw.losses.find(({ reason }) => reason === "not heard");
    expect(unheard?.bytes).toBeGreaterThan(0);
    expect(raw.deliveredShare.bytesFraction).toBe(1);
    expect(raw.bytes.onLink.retransmission).toBeGreaterThan(0);
  });

  it("stations that are all out leave everything on board", async () => {
    const raw = await rawOf("silence", ["--outage", "North:0s/12h", "--outage", "South:0s/12h"]);
    expect(raw.detections.delivered).toBe(0);
    expect(raw.conservation.onBoardBytes).toBe(raw.conservation.producedBytes);
    expect(raw.losses).toContainEqual(expect.objectContaining({ what: "product", reason: "horizon" }));
  });
});
