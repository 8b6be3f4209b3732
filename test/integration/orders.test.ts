import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseSummary } from "../../measure/summary/run-summary.ts";
import { parseWorkload } from "../../pipeline/mission/workload.ts";
import { entriesOf } from "../../studies/inputs/workload-source.ts";
import { readSimulation } from "../../studies/options/simulation.ts";
import { replay, writeRun } from "../../studies/requests.ts";
import { allEndWell, kill, natsForTests, startNodes } from "./nodes.ts";
import { differingRuns, filesBelow, onlyRun, scratch, stationsFile, summaryOf, swath } from "./swath.ts";

const isLong = process.env["SWATH_LONG"] === "1";
const folder = scratch();
const stations = stationsFile(folder, [
  ["North", 15.4, 78.2],
  ["West", -4, 40.4],
  ["South", -70.9, -53],
]);

/** What an order says of itself, and what it comes to: over the first scene of the harbour, over the second, over nothing. */
const port = "2.06,40.43,2.11,40.46";
const orders = join(folder, "orders.yaml");
const digest = "a".repeat(64);
writeFileSync(
  orders,
  `orders:
  - { id: first, kind: look, bbox: "${port}", deadline: 23h, tenant: port-authority, priority: 1 }
  - { id: later, kind: look, bbox: [2.30, 40.43, 2.35, 40.46], at: 3h, deadline: 20h }
  - { id: soon, kind: look, bbox: "${port}", deadline: 10min }
  - { id: nowhere, kind: look, bbox: [-30, 0, -29, 1], deadline: 20h }
  - { id: yesterday, kind: look, bbox: "${port}", at: "2020-01-01", deadline: 20h }
  - { id: first, kind: look, bbox: "${port}", deadline: 20h }
  - { id: giant, kind: model-install, model: giant, sha256: ${digest}, upload-sha256: ${digest}, snapshot: ${digest},
      size: 400GB, upload: 400GB, sequence: 1, deadline: 20h }
  - { id: unknown, kind: parameter, name: score, value: "7", deadline: 20h }
  - { id: tiles, kind: pixels, bbox: "${port}", tiles: 2, at: 12h, deadline: 11h }
`,
);
const request = {
  dataset: "builtin:harbour?scenes=2&size=512",
  policy: "detect",
  constellation: "walker:6",
  noDay: true,
  stations,
  ber: "1e-5",
  segmentLoss: "0.2",
  hours: "24",
  seed: "11",
} as const;

const asOptions = [
  request.dataset,
  ...["policy", "constellation", "stations", "ber", "hours", "seed"].map(
    (key) => `--${key}=${request[key as "policy"]}`,
  ),
  "--segment-loss=0.2",
  "--no-day",
];

const reference = join(folder, "reference");
const plain = join(folder, "plain");
const flown = async (out: string, more: object) => {
  await using run = await replay({ ...request, ...more });
  await writeRun(run, join(out, run.summary.runId));
  return parseSummary(JSON.parse(readFileSync(join(out, run.summary.runId, "summary.json"), "utf8")));
};

let summary: ReturnType<typeof summaryOf>;
beforeAll(async () => {
  summary = await flown(reference, { orders });
}, 120_000);

const ordersOf = () => {
  const found = summary.policies[0]?.orders;
  if (found === undefined) throw new Error("no orders in the summary");
  return found;
};

describe("a mission with orders", () => {
  it("photographs what was ordered, and brings it down", () => {
    const list = new Map(ordersOf().orders.map((one) => [one.id, one]));
    const { given, refusedOnGround, refusedOnBoard, done, inTime, uplink } = ordersOf();
    expect({ given, refusedOnGround, refusedOnBoard, done, inTime }).toEqual({
      given: 9,
      refusedOnGround: 5,
      refusedOnBoard: 1,
      done: 3,
      inTime: 3,
    });
    const { issuedAt, heardAt, takenAt, doneAt, toldAt } = list.get("later") ?? {};
    const moments = [issuedAt, heardAt, takenAt, doneAt, toldAt].map((at) => Date.parse(at ?? ""));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    // Two scenes of the schedule, two that were ordered.
    expect(summary.policies[0]?.acquisitions).toMatchObject({ planned: 4, captured: 4 });
    expect(uplink.lostFrames).toBeGreaterThanOrEqual(0);
    expect(summary.policies[0]?.bytes.uplink).toBeGreaterThan(uplink.bytes);
  });

  it("says in workload.json which pictures were ordered: a simulation draws from the others", () => {
    const file = join(reference, summary.runId, "workload.json");
    const workload = parseWorkload(JSON.parse(readFileSync(file, "utf8")), file);
    const marks = workload.policies[0]?.acquisitions.map(({ ordered }) => ordered ?? false);
    expect(marks).toEqual([false, false, true, true]);
    const { entries, ordered } = entriesOf(workload, undefined);
    expect([entries.map((one) => one.ordered), ordered]).toEqual([[undefined, undefined], 2]);
    const options = { workload: file, constellation: "walker:6", stations, schedule: "recorded" };
    return expect(readSimulation(options)).resolves.toMatchObject({
      entries: { length: 2 },
      notes: [
        `2 pictures of ${summary.runId} ordered, not scheduled: left out of what pictures are drawn from; --orders flies orders`,
      ],
    });
  });

  it("refuses with field, wanted and got what nobody can do, and lets nothing else wait", () => {
    const refusals = ordersOf()
      .orders.filter(({ fate }) => fate === "refused")
      .map(({ id, refusal }) => `${id} ${refusal?.by} ${refusal?.field}`);
    expect(refusals.toSorted()).toEqual([
      "first ground id",
      "giant ground size",
      "nowhere ground bbox",
      "soon ground bbox",
      "unknown satellite value",
      "yesterday ground at",
    ]);
  });

  it("sends down tiles that were asked for and are still on board", () => {
    expect(summary.policies[0]?.requests).toMatchObject({ made: 1, gone: 0, delivered: 1, uplinkBytes: 0 });
    const files = [...filesBelow(onlyRun(reference)).keys()];
    expect(files.filter((path) => path.startsWith("detect/tiles/"))).toHaveLength(1);
  });

  it("says so in the report", () => {
    const report = readFileSync(join(onlyRun(reference), "report.html"), "utf8");
    expect(report).toContain(">Orders<");
  });

  it.runIf(isLong)(
    "is another run than the one without",
    async () => {
      const quiet = await flown(plain, {});
      expect(quiet.runId).not.toBe(summary.runId);
      expect(quiet.policies[0]).not.toHaveProperty("orders");
      expect(quiet.policies[0]?.quality).toEqual(summary.policies[0]?.quality);
      for (const [path, text] of filesBelow(onlyRun(plain)))
        if (path.endsWith(".json")) expect(text.toString()).not.toContain("orders");
    },
    60_000,
  );

  it.runIf(isLong)("refuses a file that holds no orders", async () => {
    const bad = join(folder, "bad.yaml");
    writeFileSync(bad, "look: here\n");
    await expect(replay({ ...request, orders: bad })).rejects.toThrow(
      `orders ${bad}: wanted a list of orders, got none`,
    );
    await expect(replay({ ...request, orders: join(folder, "none.yaml") })).rejects.toThrow(
      "a file that can be read",
    );
  });
});

describe.runIf(isLong)("with orders in processes of their own", () => {
  const nats = natsForTests();

  it("gives the same bytes, also when a satellite and a station are killed mid-run and started again", async () => {
    const out = join(folder, "killed");
    const command = join(folder, "command");
    const scenario = [...asOptions, `--orders=${orders}`];
    expect((await swath(["replay", ...scenario, "--out", command])).code).toBe(0);
    const run = startNodes({ scenario, policy: "detect", reference: command }, nats.server.url, out);
    await nats.holds(run.id, "link", 6);
    for (const victim of [run.satellites.shift(), run.receivers.shift()]) await kill(victim);
    const again = [run.again("satellite"), run.again("station")];
    await allEndWell([run.commander, ...run.satellites, ...run.receivers, ...again]);
    expect(differingRuns(command, out)).toEqual([]);
  }, 300_000);
});
