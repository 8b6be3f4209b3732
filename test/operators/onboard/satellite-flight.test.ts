import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import fc from "fast-check";
import { readdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytes, instant } from "../../../pipeline/units.ts";
import type { FakeScene } from "../../fake-scene.ts";
import { throwAtBadScenes } from "../../../pipeline/raster/scene-errors.ts";
import { contactOf, fly, planOf } from "../../mission-fixture.ts";
import { workingPower } from "../../../pipeline/mission/working-power.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 70, height: 50 },
  { id: "b", width: 40, height: 90 },
  { id: "c", width: 33, height: 33 },
];
const bad: FakeScene = { id: "b", width: 40, height: 90, brokenRow: 80 };
const withBad = [scenes[0] as FakeScene, bad, scenes[2] as FakeScene];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("flyMission", () => {
  it("holds: every byte made was delivered, is on board or was dropped, and what was delivered crossed the link", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("raw", "detect"),
        fc.integer({ min: 400, max: 40_000 }),
        fc.constantFrom(0, 0.3),
        fc.integer({ min: 1, max: 40 }),
        async (name, capacity, segmentLossRate, length) => {
          const base = planOf(scenes);
          const plan = planOf(scenes, {
            policy: parsePolicy(name),
            spacecraft: { ...base.spacecraft, store: { capacity: bytes(capacity) } },
            errors: { bitErrorRate: 1e-5, segmentLossRate, outages: [] },
            contacts: { ...base.contacts, contacts: [contactOf(0, 120, length), contactOf(1, 200, length)] },
          });
          const { ledger, segments } = await fly(plan, scenes);
          const of = (fate: string): number =>
            sum(ledger.products.map((product) => (product.fate === fate ? product.size : 0)));
          const firstSent = sum(ledger.contacts.flatMap(({ payload }) => Object.values(payload)));
          expect(firstSent).toBeGreaterThanOrEqual(of("delivered"));
          expect(firstSent).toBeLessThanOrEqual(of("delivered") + of("on-board"));
          expect(of("on-board")).toBeLessThanOrEqual(capacity);
          expect(sum(ledger.contacts.map(({ total }) => total))).toBe(
            sum(segments.map(({ frames }) => frames.length)),
          );
          expect(ledger.acquisitions.map(({ index }) => index)).toEqual([0, 1, 2]);
          expect(ledger.products.map(({ number }) => number)).toEqual([...ledger.products.keys()]);
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });

  it("writes a scene that cannot be read down, sends nothing of it, and goes on", async () => {
    const { ledger, events, backhaul } = await fly(planOf(withBad), withBad);
    const [first, broken, last] = ledger.acquisitions;
    expect([first?.failure, last?.failure]).toEqual([null, null]);
    expect(broken).toMatchObject({ failure: "b is corrupt", samples: 0, tiles: 0, computeSeconds: 0 });
    expect(new Set(ledger.products.map(({ acquisition }) => acquisition))).toEqual(new Set([0, 2]));
    expect(ledger.products.every(({ fate }) => fate === "delivered")).toBe(true);
    expect(events).toContainEqual({ type: "Acquisition:Failed", scene: "b", reason: "b is corrupt" });
    expect(events.filter(({ type }) => type === "Acquisition:Processed")).toHaveLength(2);
    const pieces = backhaul.flatMap((message) => message.pieces.map(({ product }) => product));
    expect(new Set(pieces)).toEqual(new Set(ledger.products.map(({ number }) => number)));
  });

  it("leaves no time behind of a scene that broke off: the next one starts as if it had not been there", async () => {
    const { ledger } = await fly(planOf(withBad), withBad);
    expect(ledger.acquisitions[2]?.startedAt).toBe(160);
    expect(ledger.acquisitions[2]?.readyAt).toBeGreaterThan(160);
  });

  it("stops at the first bad scene when strict, and at what is no fault of a scene in any case", async () => {
    await expect(fly(planOf(withBad), withBad, { sceneErrors: throwAtBadScenes })).rejects.toThrow(
      "b is corrupt",
    );
    const full = new Error("disk full");
    const source = { name: "fake", scenes: [], open: () => Promise.reject(full) };
    await expect(fly(planOf(scenes), scenes, { source })).rejects.toBe(full);
  });

  it("stops when the signal aborts, with its reason, and leaves no scratch file behind", async () => {
    const scratchFolder = await mkdtemp(join(tmpdir(), "swath-test-"));
    const stop = new AbortController();
    const notify = (): void => stop.abort(new Error("enough"));
    const flight = fly(planOf(scenes), scenes, { notify, signal: stop.signal, scratchFolder });
    await expect(flight).rejects.toThrow("enough");
    expect(readdirSync(scratchFolder)).toEqual([]);
  });

  it("gives the same ledger and the same bytes, whatever is under way at once", async () => {
    const plan = planOf(scenes, { errors: { bitErrorRate: 1e-4, segmentLossRate: 0.2, outages: [] } });
    const one = await fly(plan, scenes, { inFlight: 1 });
    const many = await fly(plan, scenes, { inFlight: 7 });
    expect(many.ledger).toEqual(one.ledger);
    expect(many.segments).toEqual(one.segments);
  });

  it("keeps on board what is taken after the last contact", async () => {
    const plan = planOf(scenes, {
      acquisitions: planOf(scenes).acquisitions.map((one) =>
        one.index === 2 ? { ...one, at: instant(15_000) } : one,
      ),
    });
    const { ledger } = await fly(plan, scenes);
    const fates = new Set(ledger.products.filter((p) => p.acquisition === 2).map(({ fate }) => fate));
    expect(fates).toEqual(new Set(["on-board"]));
    expect(ledger.acquisitions[2]?.startedAt).toBe(15_000);
  });

  it("takes no more energy than what camera, computer and radio were on for", async () => {
    const { ledger } = await fly(planOf(scenes), scenes);
    const { spacecraft } = planOf(scenes);
    const computing = sum(ledger.acquisitions.map(({ computeSeconds }) => computeSeconds));
    const sending = sum(ledger.contacts.map(({ transmitSeconds }) => transmitSeconds));
    const bits = 8 * sum(ledger.contacts.map(({ total }) => total));
    expect(ledger.energy.compute).toBeCloseTo(workingPower(spacecraft.computer) * computing, 9);
    expect(ledger.energy.radio).toBeCloseTo((spacecraft.radio.power * bits) / 2e6, 6);
    expect(sending).toBeCloseTo(bits / 2e6, 6);
    expect(ledger.energy.camera).toBeCloseTo(0.05 * ((70 * 50 + 40 * 90 + 33 * 33) * 2 * 1e-6), 12);
  });
});
