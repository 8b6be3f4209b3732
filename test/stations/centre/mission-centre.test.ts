import fc from "fast-check";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { describe, expect, it } from "vitest";
import type { Policy } from "../../../pipeline/mission/policy.ts";
import type { PixelWindow } from "../../../pipeline/raster/raster.ts";
import { bitsPerSecond, bytes } from "../../../pipeline/units.ts";
import type { Backhaul } from "../../../stations/receive/ground-message.ts";
import { pixelDetector, type FakeScene } from "../../fake-scene.ts";
import { contactOf, fly, land, planOf } from "../../mission-fixture.ts";
import type { LandedAcquisition } from "../../../pipeline/mission/landing.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 70, height: 50 },
  { id: "b", width: 40, height: 90, blank: { x: 0, y: 0, width: 30, height: 60 } },
];

/** What must not depend on the order of messages. */
const outcome = (landed: readonly LandedAcquisition[]) =>
  landed.map(({ detections, tileArrivals, tilesSeen, batchArrival, chipsArrival }) => ({
    detections,
    tiles: [...tileArrivals].toSorted(([a], [b]) => a - b),
    tilesSeen,
    batchArrival,
    chipsArrival,
  }));

const shuffled = (messages: readonly Backhaul[]) =>
  fc.shuffledSubarray(messages as Backhaul[], { minLength: messages.length });

describe("detect on board equals detect on the ground", () => {
  it("for any scene, tiling and patch without data: detection for detection, to the last bit", async () => {
    const rectangle = fc.record({
      x: fc.integer({ min: 0, max: 60 }),
      y: fc.integer({ min: 0, max: 60 }),
      width: fc.integer({ min: 1, max: 70 }),
      height: fc.integer({ min: 1, max: 70 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 8, max: 40 }),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        fc.option(rectangle),
        async (width, height, sizePx, overlapShare, blank) => {
          const fakes = [{ id: `s${width}x${height}`, width, height, blank, bright: 0.02 }];
          const tile = { sizePx, overlapPx: Math.floor(sizePx * overlapShare) };
          const results = [];
          for (const name of ["detect", "raw"] as const) {
            const plan = planOf(fakes, { tile, policy: parsePolicy(name) });
            const { backhaul } = await fly(plan, fakes);
            const [landed] = await land(plan, fakes, backhaul);
            results.push(landed?.detections.map(({ detection }) => detection));
          }
          expect(results[1]).toEqual(results[0]);
        },
      ),
      {
        numRuns: 30,
        seed: 11,
        // Whole columns of cores without data, beside which windows still show some.
        examples: [40, 60, 70, 80, 90].map((side): [number, number, number, number, PixelWindow] => [
          side,
          90,
          20,
          0.4,
          { x: 0, y: 0, width: 16, height: 90 },
        ]),
      },
    );
  });
});

describe("MissionCentre", () => {
  const policies: readonly Policy[] = [
    parsePolicy("raw"),
    parsePolicy("chips:margin=4,quality=50"),
    parsePolicy("compress:format=webp,quality=70"),
  ];
  for (const policy of policies) {
    it(`${policy.name}: comes to the same whatever the order of messages and however often they come`, async () => {
      // A channel so bad that products come down in parts through both stations.
      const plan = planOf(scenes, {
        policy,
        errors: { bitErrorRate: 1e-3, segmentLossRate: 0.1, outages: [] },
        // Contacts of some seven frames each, so that many products begin at one station and end at the other.
        rate: { kind: "fixed", rate: bitsPerSecond(40_000) },
        contacts: {
          ...planOf(scenes).contacts,
          contacts: Array.from({ length: 24 }, (_, n) =>
            contactOf(n, 300 + 20 * n, 2, n % 2 === 0 ? "gs" : "other"),
          ),
        },
      });
      const { backhaul } = await fly(plan, scenes);
      const reference = outcome(await land(plan, scenes, backhaul));
      expect(reference.every(({ detections }) => detections.length > 0)).toBe(true);
      await fc.assert(
        fc.asyncProperty(shuffled([...backhaul, ...backhaul]), async (messages) => {
          expect(outcome(await land(plan, scenes, messages))).toEqual(reference);
        }),
        { numRuns: 8, seed: 3 },
      );
    });
  }

  it("publishes each acquisition once: whole, in part, and one of which nothing came", async () => {
    const plan = planOf(scenes);
    const { backhaul } = await fly(plan, scenes);
    // Of scene a one tile is missing; of scene b nothing came.
    const ofA = backhaul.map((message) => ({
      ...message,
      pieces: message.pieces.filter(({ product }) => product !== 2 && product < 6),
    }));
    const published: number[] = [];
    const publish = async ({ acquisition }: LandedAcquisition): Promise<void> =>
      void published.push(acquisition.index);
    const [a, b] = await land(plan, scenes, ofA, { publish });
    expect(published).toEqual([0, 1]);
    expect(a?.tileArrivals.has(2)).toBe(false);
    expect(a?.tilesSeen.map(({ tile }) => tile)).toEqual([0, 1, 3, 4, 5]);
    expect(a?.tilesSeen.every(({ from }) => !from.includes(2))).toBe(true);
    expect(a?.detections.length).toBeGreaterThan(0);
    expect(b?.detections).toEqual([]);
    const whole = await land(plan, scenes, [...backhaul, ...backhaul], { publish });
    expect(published).toEqual([0, 1, 0, 1]);
    expect(whole.map(({ tilesSeen }) => tilesSeen.length)).toEqual(
      whole.map(({ tileArrivals }) => tileArrivals.size),
    );
  });

  it("publishes a batch at once and takes the chips when they come", async () => {
    const plan = planOf(scenes, { policy: parsePolicy("chips:margin=4,quality=50") });
    const { backhaul, ledger } = await fly(plan, scenes);
    const log: string[] = [];
    const landed = await land(plan, scenes, backhaul, {
      publish: async ({ acquisition }) => void log.push(`publish ${acquisition.index}`),
      keepChips: (acquisition) => log.push(`chips ${acquisition}`),
    });
    expect(log.toSorted()).toEqual(["chips 0", "chips 1", "publish 0", "publish 1"]);
    expect(log.indexOf("publish 0")).toBeLessThan(log.indexOf("chips 0"));
    landed.forEach(({ acquisition, batchArrival, detections }) => {
      const batch = ledger.products.find(
        (p) => p.acquisition === acquisition.index && p.kind === "detections",
      );
      expect(batchArrival?.readyAt).toBe(batch?.readyAt);
      expect(detections.every(({ publishedAt }) => publishedAt === batchArrival?.completedAt)).toBe(true);
    });
  });

  it("dates a detection by the tiles that the model needed for it, in stages that follow each other", async () => {
    const plan = planOf(scenes, { groundOpsPerSecond: 1e6 });
    const { backhaul } = await fly(plan, scenes);
    const landed = await land(plan, scenes, backhaul);
    const [a] = landed;
    const work = (32 * 32 * 1000) / 1e6;
    const last = Math.max(...[...(a?.tileArrivals.values() ?? [])].map(({ completedAt }) => completedAt));
    for (const { arrival, publishedAt } of a?.detections ?? []) {
      expect(arrival.firstSentAt).toBeGreaterThanOrEqual(arrival.readyAt);
      expect(arrival.completedAt).toBeGreaterThan(arrival.firstSentAt);
      expect(arrival.completedAt).toBeLessThanOrEqual(last);
      expect(publishedAt).toBeGreaterThan(arrival.atCentre + work - 1e-6);
    }
    // One tile after the other, over all acquisitions: whatever is dated differently is a tile's work apart, at least.
    const dates = [
      ...new Set(landed.flatMap(({ detections }) => detections.map(({ publishedAt }) => publishedAt))),
    ].toSorted((x, y) => x - y);
    expect(dates.length).toBeGreaterThan(2);
    dates.slice(1).forEach((t, n) => expect(t - (dates[n] ?? t)).toBeGreaterThan(work - 1e-6));
  });

  it("passes on what the model fails with, and a product of no acquisition", async () => {
    const plan = planOf(scenes);
    const { backhaul } = await fly(plan, scenes);
    const detector = { ...pixelDetector(), detect: () => Promise.reject(new Error("no such operator")) };
    await expect(land(plan, scenes, backhaul, { detector })).rejects.toThrow("no such operator");
    await expect(land(plan, scenes, backhaul, { detector: null })).rejects.toThrow(/no model/);
    const unknown = land({ ...plan, acquisitions: [] }, scenes, backhaul);
    await expect(unknown).rejects.toThrow(/not in the plan/);
  });

  it("keeps nothing of a full store's victims but says what did come", async () => {
    const base = planOf(scenes);
    const plan = planOf(scenes, { spacecraft: { ...base.spacecraft, store: { capacity: bytes(12_000) } } });
    const { backhaul, ledger } = await fly(plan, scenes);
    const delivered = ledger.products.filter(({ fate }) => fate === "delivered").length;
    expect(delivered).toBeLessThan(ledger.products.length);
    const landed = await land(plan, scenes, backhaul);
    expect(landed.reduce((sum, { tileArrivals }) => sum + tileArrivals.size, 0)).toBe(delivered);
  });
});
