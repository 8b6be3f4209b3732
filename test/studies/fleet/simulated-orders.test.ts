import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FleetRecord } from "../../../measure/fleet/fleet-record.ts";
import { decodeRowMessage, encodeRowMessage } from "../../../measure/fleet/row-message.ts";
import type { SimulationPlan } from "../../../operators/simulation/simulation.ts";
import { unknownVerdicts } from "../../../measure/summary/verdict-summary.ts";
import { planSimulation } from "../../../studies/fleet/fleet-plan.ts";
import { flyShard } from "../../../studies/fleet/shard.ts";
import { summariseFleet } from "../../../studies/folder/fleet-files.ts";
import { readSimulation } from "../../../studies/options/simulation.ts";
import type { SimulationScenario } from "../../../studies/scenario.ts";

const { signal } = new AbortController();

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "swath-ordered-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, value: unknown): string => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
};

const orders = [
  { id: "marseille", kind: "look", bbox: "5.2,43.2,5.4,43.4", tenant: "port", deadline: "12h" },
  { id: "suez", kind: "look", bbox: "32.2,29.8,32.6,30.2", deadline: "10h", at: "1h", priority: 1 },
  { id: "singapore", kind: "look", bbox: "103.6,1.1,104,1.4", deadline: "10h", at: "2h" },
  { id: "pole", kind: "look", bbox: "0,-89.9,1,-89.5", deadline: "10h" },
  { id: "model", kind: "model-install", from: "nowhere", to: "walker-1-1", deadline: "10h" },
  { id: "yesterday", kind: "look", bbox: "5.2,43.2,5.4,43.4", at: "2026-06-20T00:00Z", deadline: "1h" },
];

const scenarioOf = (more: Readonly<Record<string, string>> = {}): Promise<SimulationScenario> =>
  readSimulation({
    workload: written("work.yaml", {
      name: "work",
      source: "made up for a test",
      precision: "int8",
      image: { width: 4096, height: 4096, bands: 4, bytesPerSample: 2 },
      tile: 512,
      operations: { perImage: 1e11 },
      results: { perImage: [3, 5, 8], bytesEach: 100, bytesPerImage: 400 },
      losslessRatio: 2,
    }),
    constellation: "walker:6",
    start: "2026-06-21T00:00:00Z",
    hours: "12",
    ...more,
  });

/** Flown in so many parts, each record as it comes over a bus. */
const flown = async (plan: SimulationPlan, of = 1): Promise<readonly FleetRecord[]> => {
  const records = new Map<string, FleetRecord>();
  for (let index = 0; index < of; index++) {
    await flyShard(plan, {
      index,
      of,
      exchange: null,
      logs: "nowhere",
      journal: { known: new Map(), add: async () => undefined, flush: async () => undefined } as never,
      onEpoch: () => undefined,
      keeps: null,
      signal,
      async emit(flight, record) {
        const message = encodeRowMessage({ kind: "record", flight, record });
        if (flight === "direct") records.set(record.row.satellite, decodeRowMessage(message).record);
      },
    });
  }
  return plan.satellites.map(({ id }) => records.get(id)!);
};

const summed = (scenario: SimulationScenario, plan: SimulationPlan, records: readonly FleetRecord[]) => {
  const verdicts = new Map([["direct", unknownVerdicts("not asked")] as const]);
  return summariseFleet(scenario, plan, new Map([["direct", records]]), verdicts, "simulate-0").flights[0]!;
};

describe("orders in a simulation", () => {
  test("looks are planned over the constellation, go up with contacts, are taken and land; the same in parts", async () => {
    const scenario = await scenarioOf({ orders: written("orders.yaml", { orders }) });
    const notes: string[] = [];
    const plan = await planSimulation(scenario, signal, (text) => notes.push(text));
    const { orders: summary } = summed(scenario, plan, await flown(plan));
    expect(summary).toMatchObject({ given: 6, refusedOnGround: 3, done: 3, inTime: 3 });
    for (const row of summary!.orders.slice(0, 3)) {
      const moments = [row.issuedAt, row.heardAt, row.takenAt, row.doneAt, row.landedAt].map(
        (at) => at ?? "",
      );
      expect(moments).toEqual(moments.toSorted((a, b) => (a < b ? -1 : 1)));
    }
    const refused = summary!.orders.slice(3).map(({ id, refusal }) => [id, refusal!.field]);
    expect(Object.fromEntries(refused)).toEqual({ pole: "bbox", model: "kind", yesterday: "at" });
    expect(notes.filter((text) => text.startsWith("refused"))).toHaveLength(3);
    expect(summed(scenario, plan, await flown(plan, 3))).toEqual(summed(scenario, plan, await flown(plan)));
  });

  test("the schedule does not change with orders: what it takes draws the same work", async () => {
    const without = await planSimulation(await scenarioOf(), signal);
    const scenario = await scenarioOf({ orders: written("orders.yaml", { orders }) });
    const plan = await planSimulation(scenario, signal);
    expect("orders" in without).toBe(false);
    expect(plan.acquisitions.slice(0, without.acquisitions.length)).toEqual(without.acquisitions);
    const [bare, ordered] = [await flown(without), await flown(plan)];
    const looks = plan.acquisitions.length - without.acquisitions.length;
    expect(looks).toBe(3);
    const taken = (records: readonly FleetRecord[]) =>
      records.reduce((sum, { row }) => sum + row.acquisitions, 0);
    expect(taken(ordered)).toBe(taken(bare) + looks);
    for (const [at, { row }] of bare.entries())
      if (
        !plan.acquisitions.some(({ satellite, order }) => order !== undefined && satellite === row.satellite)
      )
        expect({ ...ordered[at]!.row, radio_j: 0 }).toEqual({ ...row, radio_j: 0 });
  });
});
