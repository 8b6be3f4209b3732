import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import type { Protection, UpsetPlan } from "../../../pipeline/mission/upset-plan.ts";
import type { RunPlan } from "../../../pipeline/mission/run-plan.ts";
import type { Detector } from "../../../pipeline/detection/detector.ts";
import { isSwathError, SwathError } from "../../../pipeline/errors.ts";
import { instant, seconds } from "../../../pipeline/units.ts";
import { pixelDetector, type FakeScene } from "../../fake-scene.ts";
import { fly, planOf, type Flight } from "../../mission-fixture.ts";
import { lowOrbit } from "../platform/spacecraft.ts";

const scenes: readonly FakeScene[] = Array.from({ length: 12 }, (_, i) => ({
  id: `s${i}`,
  width: 60,
  height: 40,
}));

const weightBits = 1e6;

/** A model of which one weight in a hundred breaks it, and one in fifty hides whatever is of class 1. */
const fragile = (): Detector => {
  const sound = pixelDetector();
  return {
    ...sound,
    weightBits,
    async detect(tile, signal, flips = []) {
      if (flips.some((bit) => bit < weightBits / 100)) {
        throw new SwathError("model", { what: "outputs", wanted: "numbers", got: "NaN" });
      }
      const isBlind = flips.some((bit) => bit > weightBits * 0.98);
      const found = await sound.detect(tile, signal);
      return isBlind ? found.filter(({ classId }) => classId === 0) : found;
    },
  };
};

const upsets = (protection: Protection, factor = 1e5): UpsetPlan => ({
  factor,
  protection,
  scrubEvery: seconds(1),
});

/** One acquisition in five minutes, over the horizon of the fixture. */
const planWith = (more: Partial<RunPlan>): RunPlan =>
  planOf(scenes, {
    policy: parsePolicy("detect"),
    orbits: [{ ...lowOrbit(97.6), id: "sat", epoch: instant(0) }],
    acquisitions: scenes.map(({ id: scene }, index) => ({
      index,
      satellite: "sat",
      scene,
      at: instant(600 + 300 * index),
    })),
    ...more,
  });

const flyWith = (more: Partial<RunPlan>, inFlight = 3): Promise<Flight> =>
  fly(planWith(more), scenes, { detector: fragile(), inFlight });

const sums = ({ ledger }: Flight) => {
  const records = ledger.acquisitions.flatMap((record) => record.upsets ?? []);
  const of = (key: keyof (typeof records)[number]): number =>
    records.reduce((sum, record) => sum + record[key], 0);
  return {
    weights: of("weights"),
    corrected: of("corrected"),
    reloads: of("reloads"),
    lostTiles: of("lostTiles"),
    protection: of("protectionSeconds"),
    detections: ledger.acquisitions.reduce((sum, { detections }) => sum + detections, 0),
    computing: ledger.acquisitions.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0),
    operations: ledger.acquisitions.reduce((sum, { operations }) => sum + operations, 0),
  };
};

describe("a mission under radiation", () => {
  it("comes out the same whatever is in flight, and when it is flown again", async () => {
    for (const protection of ["none", "scrub", "ecc", "vote"] as const) {
      const [one, five, again] = [
        await flyWith({ upsets: upsets(protection) }, 1),
        await flyWith({ upsets: upsets(protection) }, 5),
        await flyWith({ upsets: upsets(protection) }, 5),
      ];
      expect(five.ledger, protection).toEqual(one.ledger);
      expect(again.ledger, protection).toEqual(one.ledger);
      expect(again.segments, protection).toEqual(one.segments);
    }
  });

  it("is the same to the last bit as without radiation where the factor is 0", async () => {
    const calm = await flyWith({});
    const still = await flyWith({ upsets: upsets("vote", 0) });
    expect(JSON.stringify(still.ledger)).toBe(JSON.stringify(calm.ledger));
    expect(still.segments).toEqual(calm.segments);
    expect(JSON.stringify(calm.ledger)).not.toContain("upsets");
  });

  it("counts tiles without an answer as lost, and says so, where nothing protects them", async () => {
    const calm = sums(await flyWith({}));
    const flight = await flyWith({ upsets: upsets("none") });
    const { weights, lostTiles, detections, corrected, reloads, protection } = sums(flight);
    expect(weights).toBeGreaterThan(20);
    expect(lostTiles).toBeGreaterThan(0);
    expect(detections).toBeLessThan(calm.detections);
    expect({ corrected, reloads, protection }).toEqual({ corrected: 0, reloads: 0, protection: 0 });
    const told = flight.events.flatMap((event) => (event.type === "Tile:Lost" ? [event.tiles] : []));
    expect(told.reduce((sum, tiles) => sum + tiles, 0)).toBe(lostTiles);
    expect(sums(flight).computing).toBe(calm.computing);
  });

  it("finds the same as without radiation under checksums and under ECC, and takes longer", async () => {
    const calm = await flyWith({});
    for (const protection of ["scrub", "ecc"] as const) {
      const flight = await flyWith({ upsets: upsets(protection) });
      const { weights, corrected, lostTiles, detections, computing } = sums(flight);
      expect(weights).toBeGreaterThan(20);
      expect(corrected).toBe(weights);
      expect(lostTiles).toBe(0);
      expect(detections).toBe(sums(calm).detections);
      expect(computing).toBeGreaterThan(sums(calm).computing);
      expect(computing - sums(calm).computing).toBeCloseTo(sums(flight).protection, 9);
      expect(flight.ledger.energy.compute).toBeGreaterThan(calm.ledger.energy.compute);
    }
  });

  it("runs the model three times under a vote, and loses no tile however hard it is hit", async () => {
    const calm = sums(await flyWith({}));
    let [alone, voted] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      alone += sums(await flyWith({ seed, upsets: upsets("none", 1e5) })).lostTiles;
      const flight = sums(await flyWith({ seed, upsets: upsets("vote", 1e5) }));
      voted += flight.lostTiles;
      expect(flight.operations).toBe(3 * calm.operations);
      expect(flight.computing - calm.computing).toBeCloseTo(flight.protection, 9);
    }
    expect(alone).toBeGreaterThan(10);
    expect(voted).toBe(0);
  });

  it("takes no answer for an error where there is no radiation", async () => {
    const broken: Detector = {
      ...fragile(),
      detect: async () => {
        throw new SwathError("model", { what: "outputs", wanted: "numbers", got: "NaN" });
      },
    };
    await expect(fly(planWith({}), scenes, { detector: broken })).rejects.toSatisfy((error) =>
      isSwathError(error, "model"),
    );
  });

  it("wants to know the orbit", async () => {
    await expect(flyWith({ orbits: [], upsets: upsets("none") })).rejects.toSatisfy((error) =>
      isSwathError(error, "config"),
    );
  });
});
