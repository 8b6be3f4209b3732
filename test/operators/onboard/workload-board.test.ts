import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorkloadBoard } from "../../../operators/onboard/workload-board.ts";
import type { Detector, DetectorPart } from "../../../pipeline/detection/detector.ts";
import type { WorkloadPlan, WorkloadsPlan } from "../../../pipeline/mission/tenancy-plan.ts";
import { bytes, instant, seconds } from "../../../pipeline/units.ts";
import { planOf } from "../../mission-fixture.ts";
import "../../property-seed.ts";

const partOf = (at: number, weightBytes: number): DetectorPart => ({
  name: `m${at}`,
  sha256: `sha-${at}`,
  firstClass: at,
  classes: 1,
  opsPerPixel: 1000 * (at + 1),
  precision: "fp32",
  weightBytes,
});

const boardOf = (weights: readonly number[], memory: number, workloads: readonly Partial<WorkloadPlan>[]) => {
  const parts = weights.map((weight, at) => partOf(at, weight));
  const detector = {
    info: { classes: parts.map(({ name }) => name), parts },
    only: (chosen: readonly number[], classes: ReadonlySet<number>) =>
      ({ chosen, classes }) as unknown as Detector,
  } as unknown as Detector;
  const plan: WorkloadsPlan = {
    workloads: workloads.map((one, at) => ({
      name: `w${at}`,
      tenant: "t",
      model: "m0",
      modelSha256: "sha-0",
      classes: ["m0"],
      threshold: 0.5,
      scenes: null,
      priority: 5,
      ...one,
    })),
    models: parts.map(({ name, sha256, weightBytes }) => ({ model: name, sha256, weightBytes })),
    loadRate: 100,
  };
  return new WorkloadBoard(plan, { ...planOf([]).spacecraft.computer, memory: bytes(memory) }, detector);
};

const taken = (scene: string, order?: string) => ({
  index: 0,
  satellite: "sat",
  scene,
  at: instant(0),
  ...(order === undefined ? {} : { order }),
});
const of = (at: number, more: Partial<WorkloadPlan> = {}): Partial<WorkloadPlan> => ({
  modelSha256: `sha-${at}`,
  classes: [`m${at}`],
  ...more,
});
const done = { modelPixels: 1e6, work: seconds(1000), detections: [] };

describe("several models in one memory", () => {
  it("costs nothing where they fit together, and a load for each that does not", () => {
    const fitting = boardOf([300, 300], 600, [of(0), of(1)]);
    expect(fitting.begin(taken("s"), null).load).toBe(0);
    const tight = boardOf([300, 300], 500, [of(0, { scenes: ["a", "c"] }), of(1, { scenes: ["b", "c"] })]);
    // The first is there; the second comes for it, and it for the second.
    expect(tight.begin(taken("a"), null).load).toBe(0);
    expect(tight.begin(taken("b"), null).load).toBe(3);
    expect(tight.begin(taken("b"), null).load).toBe(0);
    expect(tight.begin(taken("c"), null).load).toBe(3);
    expect(tight.begin(taken("b"), null).load).toBe(3);
  });

  it("never holds more than its room, and what is loaded is what was not there", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 100, max: 250 }),
        fc.array(fc.nat(5), { maxLength: 30 }),
        (weights, memory, uses) => {
          const board = boardOf(
            weights,
            memory,
            weights.map((_, at) => of(at, { scenes: [`s${at}`] })),
          );
          let last = -1;
          for (const use of uses.map((one) => one % weights.length)) {
            const { load } = board.begin(taken(`s${use}`), null);
            const own = (weights[use] as number) / 100;
            expect([0, own]).toContain(load);
            // What was used last is still there.
            if (use === last) expect(load).toBe(0);
            last = use;
          }
        },
      ),
    );
  });

  it("does the work of those who are admitted, where their areas are; an order has its tenant's", () => {
    const board = boardOf([1, 1], 100, [of(0, { tenant: "a" }), of(1, { tenant: "b", scenes: ["here"] })]);
    const chosen = (shift: ReturnType<typeof board.begin>) =>
      (shift.detector as unknown as { readonly chosen: readonly number[] }).chosen;
    expect(chosen(board.begin(taken("here"), null))).toEqual([0, 1]);
    expect(chosen(board.begin(taken("there"), null))).toEqual([0]);
    expect(chosen(board.begin(taken("here"), ["b"]))).toEqual([1]);
    expect(chosen(board.begin(taken("there"), ["b"]))).toEqual([]);
    // Who has no workload gets all of them, and pays.
    const stranger = board.begin(taken("here", "o-1"), ["c"]);
    expect(chosen(stranger)).toEqual([0, 1]);
    expect(stranger.close(done).map(({ tenant }) => tenant)).toEqual(["c", "c"]);
  });

  it("splits all that the computer did among the workloads, and a model that two share between them", () => {
    const board = boardOf([1, 1], 100, [
      of(0, { tenant: "a" }),
      of(0, { tenant: "b" }),
      of(1, { tenant: "c" }),
    ]);
    const records = board.begin(taken("s"), null).close(done);
    expect(records.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0)).toBeCloseTo(1000, 9);
    expect(records.map(({ operations }) => operations)).toEqual([5e8, 5e8, 2e9]);
  });
});
