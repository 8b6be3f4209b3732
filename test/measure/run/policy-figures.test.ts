import { beforeAll, describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { policySummarySchema } from "../../../measure/summary/policy-summary.ts";
import type { Policy } from "../../../pipeline/mission/policy.ts";
import { bytes, instant } from "../../../pipeline/units.ts";
import { latencyOf } from "../../../measure/run/latency.ts";
import { lossesOf } from "../../../measure/run/losses.ts";
import {
  losslessOf,
  recordsOf,
  summarisePolicy,
  type Yardstick,
} from "../../../measure/run/policy-figures.ts";
import type { PolicyRun } from "../../../measure/run/policy-run.ts";
import { pixelDetector, sceneOf, type FakeScene } from "../../fake-scene.ts";
import { contactOf, fly, land, planOf } from "../../mission-fixture.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 90, height: 70 },
  { id: "b", width: 40, height: 90, brokenRow: 3 },
  { id: "c", width: 60, height: 60, blank: { x: 0, y: 0, width: 40, height: 60 }, bright: 0.02 },
];

const runOf = async (policy: Policy, capacity = 1e9): Promise<PolicyRun> => {
  const base = planOf(scenes);
  const plan = planOf(scenes, {
    policy,
    spacecraft: { ...base.spacecraft, store: { capacity: bytes(capacity) } },
    errors: {
      bitErrorRate: 1e-3,
      segmentLossRate: 0.3,
      outages: [{ station: "gs", from: instant(0), to: instant(450) }],
    },
    contacts: { ...base.contacts, contacts: [contactOf(0, 400, 0.8), contactOf(1, 500, 40, "other")] },
    groundOpsPerSecond: 1e8,
  });
  const { ledger, backhaul, stations } = await fly(plan, scenes);
  return {
    plan,
    satellites: [ledger],
    stations: stations.map((station) => station.ledger),
    landed: await land(plan, scenes, backhaul),
    chips: [],
    tiles: [],
  };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("measures of a run", () => {
  let raw: PolicyRun;
  let full: PolicyRun;
  let detect: PolicyRun;
  let yardstick: Yardstick;
  beforeAll(async () => {
    raw = await runOf(parsePolicy("raw"));
    full = await runOf(parsePolicy("raw"), 9000);
    detect = await runOf(parsePolicy("detect"));
    yardstick = {
      classes: pixelDetector().info.classes,
      scenes: new Map(scenes.map((scene) => [scene.id, sceneOf(scene)])),
      labels: new Map(),
      judged: new Set<string>(),
      training: new Map(),
      lossless: losslessOf(raw),
      raw,
    };
  });

  it("make a summary whose sums hold", () => {
    for (const run of [raw, full, detect]) {
      const summary = summarisePolicy(run, yardstick);
      expect(() => policySummarySchema.parse(summary)).not.toThrow();
      const { onLink } = summary.bytes;
      const contacts = run.satellites.flatMap((ledger) => ledger.contacts);
      expect(onLink.total).toBe(sum(contacts.map(({ total }) => total)));
      expect(onLink.framing).toBeGreaterThan(0);
      expect(summary.acquisitions).toMatchObject({ planned: 3, captured: 2 });
      expect(summary.bytes.sensorUncompressed).toBe((90 * 70 + 60 * 60) * 4);
    }
  });

  it("state the saving against framed lossless imagery", () => {
    const summary = summarisePolicy(detect, yardstick);
    expect(summary.bytes.rawLossless).toBe(
      sum(raw.satellites.flatMap(({ products }) => products.map(({ size }) => size))),
    );
    expect(summary.savingFraction).toBe(1 - summary.bytes.onLink.total / summary.bytes.rawLosslessFramed);
    expect(summary.savingFraction).toBeGreaterThan(0.3);
    expect(losslessOf(detect)).toBeNull();
    expect(summary.agreementWithRaw).toMatchObject({ identical: true });
  });

  it("split latency into stages that add up and none of which is negative", () => {
    for (const run of [raw, full, detect]) {
      const latency = latencyOf(run, recordsOf(run));
      const { total, ...stages } = latency?.mean ?? { total: 0 };
      expect(sum(Object.values(stages))).toBeCloseTo(total, 6);
      for (const stage of Object.values(stages)) expect(stage).toBeGreaterThanOrEqual(0);
      expect(latency?.median).toBeLessThanOrEqual(latency?.p90 ?? 0);
    }
    expect(latencyOf({ ...raw, landed: [] }, [])).toBeNull();
  });

  it("take quantiles between neighbours", () => {
    const [first] = detect.landed;
    const [one] = first?.detections ?? [];
    if (first === undefined || one === undefined) throw new Error("no detection");
    const at = (seconds: number) => ({
      ...one,
      publishedAt: (first.acquisition.at + seconds) as never,
    });
    const run = { ...detect, landed: [{ ...first, detections: [at(40), at(10), at(20), at(30)] }] };
    expect(latencyOf(run, recordsOf(detect))).toMatchObject({ median: 25, p90: 37 });
  });

  it("count every loss with its reason", () => {
    const losses = lossesOf(full, recordsOf(full));
    const [ledger] = full.satellites;
    const of = (fate: string) => (ledger?.products ?? []).filter((product) => product.fate === fate);
    expect(of("store-full").length).toBeGreaterThan(0);
    expect(losses).toContainEqual({ what: "acquisition", reason: "b is corrupt", count: 1, bytes: 0 });
    expect(losses).toContainEqual({
      what: "product",
      reason: "store-full",
      count: of("store-full").length,
      bytes: sum(of("store-full").map(({ size }) => size)),
    });
    const empty = sum(recordsOf(full).map(({ emptyTiles }) => emptyTiles));
    expect(empty).toBeGreaterThan(0);
    expect(losses.find(({ reason }) => reason === "empty")?.count).toBe(empty);
    const unheard = sum(full.stations.flatMap((s) => s.satellites.map(({ lostFrames }) => lostFrames)));
    expect(unheard).toBeGreaterThan(0);
    expect(losses.find(({ reason }) => reason === "not heard")).toMatchObject({
      count: unheard,
      bytes: unheard * 1279,
    });
    expect(losses.every(({ count }) => count > 0)).toBe(true);
  });

  it("call an acquisition delivered only when every product of it is", () => {
    const summary = summarisePolicy(full, yardstick);
    expect(summary.acquisitions.delivered).toBeLessThan(summary.acquisitions.captured);
    expect(summarisePolicy(raw, yardstick).acquisitions.delivered).toBe(2);
  });
});
