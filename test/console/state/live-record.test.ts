import fc from "fast-check";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { bodySeries } from "../../../console/state/body-record.ts";
import { eventsUpTo, neighbourEvent } from "../../../console/state/event-log.ts";
import { stageAt } from "../../../console/state/picture-record.ts";
import { openPlan, type Plan } from "../../../console/state/plan.ts";
import { openPolicy, type PolicyRecord } from "../../../console/state/policy-record.ts";
import { productsOf, wayOf } from "../../../console/state/product-way.ts";
import { fleetAt, satelliteAt } from "../../../console/state/satellite-at.ts";
import { stateAt } from "../../../console/state/state-at.ts";
import { stationAt } from "../../../console/state/station-at.ts";
import { decodeColumns } from "../../../pipeline/column-file.ts";
import { type MissionHead, parseMissionHead } from "../../../pipeline/mission/mission-head.ts";
import { scratch, start } from "../../integration/swath.ts";

/** A record as it was read at one moment. */
interface Seen {
  readonly plan: Plan;
  readonly records: readonly PolicyRecord[];
}

const open = (folder: string): Seen => {
  const file = (name: string) => decodeColumns(new Uint8Array(readFileSync(join(folder, name))));
  const path = join(folder, "head.json");
  const head: MissionHead = parseMissionHead(JSON.parse(readFileSync(path, "utf8")), path);
  const planFiles = Object.entries(head.plan).flatMap(([name, part]) =>
    part === null || part === undefined ? [] : [[name, file(part.file)]],
  );
  const plan = openPlan(head, Object.fromEntries(planFiles));
  const records = head.policies.map((policy) =>
    openPolicy(plan, policy, {
      events: policy.events.map((part) => file(part.file)),
      detections: policy.detections.map((part) => file(part.file)),
      body: policy.body.map((part) => file(part.file)),
    }),
  );
  return { plan, records };
};

const out = scratch();
const seen: Seen[] = [];
let complete: Seen;
let summary: {
  readonly policies: readonly {
    readonly policy: string;
    readonly bytes: {
      readonly onLink: { readonly total: number };
      readonly rawLosslessFramed: number;
    };
    readonly detections: { readonly delivered: number };
    readonly pictureDelays: {
      readonly made: number;
      readonly delivered: number;
      readonly medianSeconds: number;
      readonly slowestSeconds: number;
    };
  }[];
};

/** Reads the record again and again while its run is at work, with crosslinks, a bad link and a small store. */
beforeAll(async () => {
  const words = [
    "compare",
    "builtin:harbour?scenes=3&size=512",
    "--policies=raw,chips",
    "--constellation=walker:4",
    "--spacecraft=three-body",
    "--stations=builtin",
    "--crosslinks=all",
    "--schedule=cadence",
    "--cadence=4000s",
    "--hours=12",
    "--segment-loss=0.4",
    "--store=700kB",
    "--speed=12000",
    "--no-day",
    `--out=${out}`,
  ];
  const running = start(words, out);
  let isOver = false;
  void running.finished.then(() => (isOver = true));
  for (let last = -1; !isOver; await sleep(50)) {
    const work = existsSync(out)
      ? readdirSync(out).find((name) => /^\.compare-.*\.mission$/.test(name))
      : undefined;
    if (work === undefined) continue;
    try {
      const now = open(join(out, work));
      if (now.plan.head.revision !== last) seen.push(now);
      last = now.plan.head.revision;
    } catch (error) {
      // The run has ended between two looks: its record stands in its folder now.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  const { code, stderr } = await running.finished;
  expect(code, stderr).toBe(0);
  const [run = ""] = readdirSync(out).filter((name) => name.startsWith("compare-"));
  complete = open(join(out, run, "mission"));
  summary = JSON.parse(readFileSync(join(out, run, "summary.json"), "utf8")) as typeof summary;
}, 120_000);

/** Everything that a page asks of a moment. */
const everything = ({ plan, records }: Seen, at: number, t: number) => {
  const record = records[at] as PolicyRecord;
  const isPublished = t < record.publishedThrough;
  const state = stateAt(plan, record, at === 0 ? record : null, t);
  const { detections: _detections, landed: _landed, delays: _delays, ...progress } = state.progress;
  const acquisitions = Array.from({ length: plan.acquisitions.rows }, (_, n) => n);
  const products = acquisitions.flatMap((n) => productsOf(record, n, t));
  const log = eventsUpTo(plan, record, t, 50, isPublished ? "all" : "losses");
  const ways = products.map((product) => wayOf(plan, record, product, t));
  return {
    ...state,
    progress: isPublished ? state.progress : progress,
    fleet: fleetAt(plan, record, t),
    satellites: plan.orbits.map((_, satellite) => satelliteAt(plan, record, satellite, t)),
    plots: plan.orbits.map((_, satellite) => bodySeries(plan, record.body, satellite, t - 3600, t)),
    stations: plan.head.stations.map((_, station) => stationAt(plan, record, station, t)),
    stages: isPublished ? acquisitions.map((n) => stageAt(plan, record.pictures, record.tables, n, t)) : [],
    ways: isPublished
      ? ways
      : ways.map((way) => way && { ...way, stops: way.stops.filter(({ stop }) => stop !== "published") }),
    log,
    before: isPublished ? neighbourEvent(plan, record, t, "before") : null,
  };
};

describe("a mission record", () => {
  it("was seen while it grew, policy after policy", () => {
    const heads = seen.map(({ records }) =>
      records.map(({ through }) => (through === Infinity ? 1e9 : through)),
    );
    expect(seen.length).toBeGreaterThan(10);
    expect(heads.some(([raw = 0]) => raw > 0 && raw < 43_000)).toBe(true);
    expect(heads.some(([, chips = 0]) => chips > 0 && chips < 43_000)).toBe(true);
  });

  it("says of every moment the same live, at its head, and after the run", () => {
    const cases = fc.record({
      look: fc.nat(seen.length - 1),
      policy: fc.nat(1),
      // Near the head is where a live page stands.
      back: fc.oneof(
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e-2, noNaN: true }),
      ),
    });
    let compared = 0;
    fc.assert(
      fc.property(cases, ({ look, policy, back }) => {
        const live = seen[look] as Seen;
        const { through } = live.records[policy] as PolicyRecord;
        const t = Math.min(through, live.plan.head.horizon.length_s) * (1 - back);
        if (through <= 0) return;
        compared++;
        const known = live.records[policy] as PolicyRecord;
        const now = everything(live, policy, t);
        const after = everything(
          {
            plan: complete.plan,
            records: complete.records.map((record) => ({
              ...record,
              publishedThrough: known.publishedThrough,
            })),
          },
          policy,
          t,
        );
        expect(now).toEqual(after);
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(40);
  });

  it("comes to what the summary says", () => {
    const { plan, records } = complete;
    const end = plan.head.horizon.length_s;
    for (const record of records) {
      const { progress } = stateAt(plan, record, records[0] as PolicyRecord, end);
      const said = summary.policies.find(({ policy }) => policy === record.policy.label);
      expect(progress.linkBytes).toBe(said?.bytes.onLink.total);
      expect(progress.rawBytes).toBe(said?.bytes.rawLosslessFramed);
      expect(progress.detections).toBe(said?.detections.delivered);
      expect(progress.delays.made).toBe(said?.pictureDelays.made);
      expect(progress.delays.delivered).toBe(said?.pictureDelays.delivered);
      expect(progress.delays.slowest).toBeCloseTo(said?.pictureDelays.slowestSeconds ?? 0, 4);
    }
  });

  it("follows every product: what was made is landed, lost or on board", () => {
    for (const { custody, tables } of complete.records) {
      const ends = Array.from(custody.doneAt).filter(Number.isFinite).length;
      const end = complete.plan.head.horizon.length_s;
      expect(stateAt(complete.plan, complete.records[0] as PolicyRecord, null, end).known).toBe(true);
      expect(ends).toBe(
        tables.landings.rows +
          Array.from(tables.losses.columns.product).filter((product) => product >= 0).length,
      );
      expect(tables.products.rows).toBeGreaterThan(0);
    }
  });
});
