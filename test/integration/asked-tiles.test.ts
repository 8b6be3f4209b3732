import { join } from "node:path";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { allEndWell, kill, natsForTests, startNodes } from "./nodes.ts";
import { differingRuns, filesBelow, onlyRun, scratch, stationsFile, summaryOf, swath } from "./swath.ts";

/** What a satellite is asked for follows from what came down before, on a channel bad enough that much is sent twice. */
const folder = scratch();
const stations = stationsFile(folder, [
  ["North", 15.4, 78.2],
  ["South", 2.5, -72],
]);
const scenario = [
  "builtin:harbour?scenes=2&size=1024",
  "--policy=adaptive",
  "--ask=uncertain",
  "--ask-scores=0/0.7",
  "--ask-tiles=3",
  "--order=weighted:4/2/1",
  "--constellation=walker:2",
  "--schedule=cadence",
  "--no-day",
  `--stations=${stations}`,
  "--rate=2Mbit/s",
  "--ber=2e-5",
  "--segment-loss=0.1",
  "--hours=8",
  "--seed=11",
];

const reference = join(folder, "one-process");
beforeAll(async () => {
  const { code, stderr } = await swath(["replay", ...scenario, "--out", reference]);
  expect(code, stderr).toBe(0);
}, 120_000);

describe("swath replay --ask", () => {
  it("archives the tiles that came down, and counts them", () => {
    const [adaptive] = summaryOf(reference).policies;
    const requests = adaptive?.requests;
    expect(requests?.delivered).toBeGreaterThan(2);
    expect(requests?.deliveredBytes).toBe(adaptive?.bytes.onLink.byProduct.tileLossless);
    expect(requests?.captures.keptBytes).toBe(adaptive?.bytes.sensorUncompressed);
    const files = [...filesBelow(onlyRun(reference)).keys()].filter((path) => path.includes("/tiles/"));
    expect(files).toHaveLength(requests?.delivered ?? -1);
    const report = readFileSync(join(onlyRun(reference), "report.html"), "utf8");
    expect(report).toContain("Tiles asked for");
  });

  it("sends what it sends without --ask before any tile that is asked for", async () => {
    const out = join(folder, "quiet");
    const quiet = scenario.filter((word) => !word.startsWith("--ask"));
    expect((await swath(["replay", ...quiet, "--out", out])).code).toBe(0);
    const [asked, plain] = [reference, out].map((one) => summaryOf(one).policies[0]);
    expect(plain?.requests).toBeUndefined();
    expect(plain?.bytes.onLink.byProduct.tileLossless).toBe(0);
    expect(asked?.detections).toEqual(plain?.detections);
    expect(asked?.deliveredShare.acquisitionsFraction).toBe(plain?.deliveredShare.acquisitionsFraction);
  }, 60_000);

  it("is refused where nothing could be asked", async () => {
    const raw = await swath(["replay", scenario[0] as string, "--policy=raw", "--ask=all"]);
    expect([raw.code, raw.stderr]).toEqual([
      2,
      expect.stringMatching(/--ask: wanted a policy that detects on board: .*, got raw/) as unknown,
    ]);
  });
});

describe("in processes of their own", () => {
  const nats = natsForTests();

  const begin = (out: string) =>
    startNodes({ scenario, policy: "adaptive", reference }, nats.server.url, out);

  it("gives the same bytes, also when a satellite and a station are killed mid-run and started again", async () => {
    const out = join(folder, "killed");
    const run = begin(out);
    await nats.holds(run.id, "link", 8);
    for (const victim of [run.satellites.shift(), run.receivers.shift()]) await kill(victim);
    const again = [run.again("satellite"), run.again("station")];
    await allEndWell([run.commander, ...run.satellites, ...run.receivers, ...again]);
    expect(differingRuns(reference, out)).toEqual([]);
  }, 180_000);
});
