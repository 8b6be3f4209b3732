import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdicts } from "../../../measure/summary/verdict-summary.ts";
import { flyRecords } from "../../../studies/engine/flight-verdicts.ts";
import { scaledEntry } from "../../../studies/engine/scaled-work.ts";
import { planSimulation } from "../../../studies/fleet/fleet-plan.ts";
import { fleetVerdicts } from "../../../studies/fleet/fleet-verdicts.ts";
import { readSimulation } from "../../../studies/options/simulation.ts";
import type { SimulationScenario } from "../../../studies/scenario.ts";

const { signal } = new AbortController();

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "swath-duty-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const workload = (name: string, perImage: number): string => {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    JSON.stringify({
      name,
      source: "made up for a test",
      precision: "int8",
      image: { width: 4096, height: 4096, bands: 4, bytesPerSample: 2 },
      tile: 512,
      operations: { perImage },
      results: { perImage: [3, 5, 8], bytesEach: 100, bytesPerImage: 400 },
      losslessRatio: 2,
    }),
  );
  return file;
};

/** Half a day, flown with so many times the work, and judged anew from the beginning. */
const judged = async (scenario: SimulationScenario, work: number): Promise<Verdicts> => {
  const scaled = { ...scenario, entries: scenario.entries.map((entry) => scaledEntry(entry, work)) };
  const plan = await planSimulation(scaled, signal, () => undefined);
  const records = await flyRecords(plan, signal);
  const verdicts = await fleetVerdicts(scaled, plan, new Map([["direct", records]]), signal);
  return verdicts.get("direct")!;
};

describe("the largest duty that fits", () => {
  test.each([
    ["link", { policy: "raw", rate: "40Mbit/s" }, 1e9],
    ["computer", { policy: "detect", spacecraft: "three-body" }, 2e15],
    ["heat", { policy: "detect", spacecraft: "starcloud" }, 1e13],
  ] as const)("flown again fits, and 1.05 times of it does not: %s", async (limit, options, perImage) => {
    const scenario = await readSimulation({
      workload: workload(limit, perImage),
      constellation: "walker:2@550km",
      start: "2026-01-01T00:00:00Z",
      hours: "12",
      stations: "ksat",
      cadence: "5min",
      ...options,
    });
    const { largestDuty, givesWayFirst } = await judged(scenario, 1);
    expect(largestDuty).toMatchObject({ fitsFlown: true, moreFits: false });
    expect(givesWayFirst).toBe(limit);
    const { work } = largestDuty!;
    expect((await judged(scenario, work)).fits).toBe(true);
    const more = await judged(scenario, 1.05 * work);
    expect(more.fits).toBe(false);
    expect(more.limits.find(({ subject }) => subject === limit)?.verdict).toBe("does not fit");
  });
});
