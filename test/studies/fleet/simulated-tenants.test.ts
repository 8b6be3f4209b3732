import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FleetRecord, FlightName } from "../../../measure/fleet/fleet-record.ts";
import { decodeRowMessage, encodeRowMessage } from "../../../measure/fleet/row-message.ts";
import { alone } from "../../../operators/mesh/mesh.ts";
import { instant } from "../../../pipeline/units.ts";
import { workOfLedger } from "../../../pipeline/tenancy/metered-work.ts";
import { addWork, type Work } from "../../../pipeline/tenancy/resource.ts";
import { identifyFleet } from "../../../studies/engine/run-name.ts";
import { planSimulation } from "../../../studies/fleet/fleet-plan.ts";
import { flyShard } from "../../../studies/fleet/shard.ts";
import { readSimulation } from "../../../studies/options/simulation.ts";
import { planOf } from "../../mission-fixture.ts";
import { billOfFleet } from "../../../studies/tenancy/fleet-bill.ts";

const { signal } = new AbortController();

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "swath-billed-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, value: unknown): string => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
};

const workloads = [
  { workload: "ships", tenant: "port", operations: 3e11, computeSeconds: 4, loadSeconds: 1, detections: 7 },
  { workload: "water", tenant: "river", operations: 1e11, computeSeconds: 2, loadSeconds: 0, detections: 2 },
  { workload: "stray", tenant: "nobody", operations: 1e11, computeSeconds: 2, loadSeconds: 0, detections: 1 },
];

const measured = (size: number) => ({
  scene: `s${size}`,
  failure: null,
  samples: 4_000_000,
  sensorBytes: 8_000_000,
  losslessBytes: 4_000_000,
  tiles: 4,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: 0,
  cloudyBytes: 0,
  modelTiles: 4,
  detections: 10,
  operations: 5e11,
  encodedSamples: 0,
  computeSeconds: 8,
  workloads,
  products: [{ kind: "detections", tile: null, size, workAt: 8, value: 1 }],
  taken: null,
});

const scenarioOf = (more: Readonly<Record<string, string>> = {}, budget: number = 500) => {
  written("prices.yaml", {
    schema: "swath-prices/1",
    currency: "USD",
    source: "made up for a test",
    prices: {
      teraoperation: "0.4",
      joule: "0.01",
      megapixel: "0.002",
      megatoken: "4",
      megabyte: { results: "1.2", chips: "0.6", tiles: "0.3" },
      contactSecond: "0.16",
      gigabyteHour: "0.02",
    },
    mission: { stationMinute: "10" },
  });
  return readSimulation({
    workload: written("work.json", {
      schema: "swath-workload/1",
      name: "work",
      declared: false,
      model: "several",
      precision: "int8",
      computer: { ...planOf([]).spacecraft.computer },
      policies: [{ policy: "detect", acquisitions: [measured(700), measured(1400)] }],
    }),
    constellation: "walker:6",
    start: "2026-06-21T00:00:00Z",
    hours: "12",
    cadence: "30min",
    orders: written("orders.yaml", {
      orders: [
        { id: "marseille", kind: "look", bbox: "5.2,43.2,5.4,43.4", tenant: "port", deadline: "12h" },
        { id: "suez", kind: "look", bbox: "32.2,29.8,32.6,30.2", tenant: "stranger", deadline: "6h" },
      ],
    }),
    tenants: written("tenants.yaml", {
      schema: "swath-tenants/1",
      prices: "prices.yaml",
      tenants: [
        { id: "port", budget, weight: 3 },
        { id: "river", budget: 500, weight: 1 },
      ],
    }),
    ...more,
  });
};

const billed = async (of: number, more: Readonly<Record<string, string>> = {}, budget?: number) => {
  const scenario = await scenarioOf(more, budget);
  const notes: string[] = [];
  const plan = await planSimulation(scenario, signal, (text) => notes.push(text));
  const records = new Map<FlightName, Map<string, FleetRecord>>();
  for (let index = 0; index < of; index++)
    await flyShard(plan, {
      index,
      of,
      exchange: of === 1 ? alone : null,
      logs: "nowhere",
      journal: { known: new Map(), add: async () => undefined, flush: async () => undefined } as never,
      onEpoch: () => undefined,
      keeps: null,
      signal,
      async emit(flight, record) {
        const own = records.get(flight) ?? new Map<string, FleetRecord>();
        records.set(flight, own);
        const message = encodeRowMessage({ kind: "record", flight, record });
        own.set(record.row.satellite, decodeRowMessage(message).record);
      },
    });
  const fleet = new Map(
    [...records].map(([flight, own]) => [flight, plan.satellites.map(({ id }) => own.get(id)!)] as const),
  );
  const identity = identifyFleet(scenario, plan);
  return {
    plan,
    notes,
    fleet,
    bill: billOfFleet(scenario.tenants, plan, fleet, 0, { identity, signing: null })!,
  };
};

/** The bytes of all classes together: how they are split is the meter's. */
const together = ({ resultBytes = 0, chipBytes = 0, tileBytes = 0, store: _store, ...work }: Work): Work => ({
  ...work,
  tileBytes: resultBytes + chipBytes + tileBytes,
});

describe("tenants in a simulation", () => {
  test("each gets its workloads and pays for them; charges are all the work of the ledgers; the same in parts", async () => {
    const { notes, fleet, bill } = await billed(1);
    expect(notes.some((text) => text.includes("workload stray is left out: tenant"))).toBe(true);
    const refused = notes.filter((text) => text.includes("order suez: tenant"));
    expect(refused).toHaveLength(1);
    const { tenants, workloads: done } = bill.tenancyOf("direct")!;
    const [port, river, mission] = tenants;
    expect([port!.tenant, river!.tenant, mission!.tenant]).toEqual(["port", "river", "mission"]);
    expect(port!.acquisitions).toBe(river!.acquisitions + 1);
    expect(port!.detections).toBeGreaterThan(3 * river!.detections);
    expect(port!.chargedMicro).toBeGreaterThan(river!.chargedMicro);
    expect(done!.map(({ workload }) => workload)).toEqual(["ships", "water"]);
    const charged = together(addWork(tenants.map(({ work }) => work as Work)));
    const ledgers = fleet.get("direct")!.map(({ book }) => book!.ledger);
    expect(charged).toEqual(
      together(
        addWork(
          ledgers.map((ledger) =>
            workOfLedger({ ledger, tokensOf: () => 0, downAt: () => null, to: instant(0) }),
          ),
        ),
      ),
    );
    expect((await billed(3)).bill.ledger).toBe(bill.ledger);
  });

  test("who has spent its budget has no part in what is taken", async () => {
    const { bill } = await billed(1, {}, 3);
    const [port, river] = bill.tenancyOf("direct")!.tenants;
    expect(port!.refused).toBeGreaterThan(0);
    expect(port!.chargedMicro).toBeLessThanOrEqual(3e6);
    expect(river!.refused).toBe(0);
  });

  test("with crosslinks results that others bring down are still their owners'", async () => {
    const { bill, fleet } = await billed(1, {
      crosslinks: "all",
      spacecraft: "three-body",
      hours: "3",
      stations: "ksat:Svalbard",
    });
    expect(fleet.get("mesh")!.some(({ row }) => row.handed_over > 0)).toBe(true);
    const { tenants } = bill.tenancyOf("mesh")!;
    for (const one of tenants.slice(0, 2)) expect(one.work.resultBytes).toBeGreaterThan(0);
  });
});
