import fc from "fast-check";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { openBody } from "../../../operators/platform/body.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";
import type { AskPlan } from "../../../pipeline/mission/ask-plan.ts";
import type { RunPlan } from "../../../pipeline/mission/run-plan.ts";
import { evictionRules } from "../../../pipeline/mission/spacecraft.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { inlineTileCodec } from "../../../pipeline/product/tile-codec.ts";
import { openSpool } from "../../../pipeline/spool.ts";
import { bytes, instant } from "../../../pipeline/units.ts";
import { productsOf, type LandedAcquisition } from "../../../pipeline/mission/landing.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";
import { requestsOf } from "../../../measure/run/requests.ts";
import { band, readerOf, sourceOf, type FakeScene } from "../../fake-scene.ts";
import { centreOf, contactOf, fly, planOf } from "../../mission-fixture.ts";
import { workingPower } from "../../../pipeline/mission/working-power.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 70, height: 50 },
  { id: "b", width: 40, height: 90 },
  { id: "c", width: 33, height: 33 },
];
const all: AskPlan = { from: 0, to: 1, tilesPerScene: 2 };
const contacts = [contactOf(0, 120, 40), contactOf(1, 3000, 60, "other"), contactOf(2, 9000, 300)];

const planAsking = (more: Partial<RunPlan> = {}): RunPlan => {
  const base = planOf(scenes);
  return planOf(scenes, {
    policy: parsePolicy("detect"),
    ask: all,
    contacts: { ...base.contacts, contacts },
    ...more,
  });
};

/** Flies a plan against stations and a mission centre that asks. */
const flyAsking = async (plan: RunPlan, more: Parameters<typeof fly>[2] = {}) => {
  await using spool = await openSpool(tmpdir());
  const tiles: { readonly name: string; readonly raster: Raster }[] = [];
  const centre = centreOf(plan, scenes, {
    spool,
    keepTile: async ({ acquisition, plan: cut }, { index }, payload) => {
      const bands = [band("B02"), band("B03")];
      expect(cut[index]).toBeDefined();
      tiles.push({
        name: `${acquisition.index}/${index}`,
        raster: await inlineTileCodec.decode(payload, bands),
      });
    },
  });
  const flown = await fly(
    plan,
    scenes,
    { ask: async ({ id }) => centre.requestsAt(id).requests, ...more },
    (heard) => centre.accept(heard),
  );
  const landed = await centre.finish();
  return { ...flown, tiles, landed };
};

type Flown = Awaited<ReturnType<typeof flyAsking>>;

const askedProducts = ({ ledger }: Flown) => ledger.products.filter(({ askedAt }) => askedAt !== undefined);

describe("asking for the pixels", () => {
  it("brings down the very pixels of the tiles with most detections, after the results, and counts all of it", async () => {
    const plan = planAsking();
    const flown = await flyAsking(plan);
    const { ledger, tiles, landed } = flown;
    expect(tiles.length).toBeGreaterThan(2);
    for (const { name, raster } of tiles) {
      const [acquisition = 0, tile = 0] = name.split("/").map(Number);
      const { scene, tileArrivals, requestedAt, batchArrival } = landed[acquisition] as LandedAcquisition;
      expect(tileArrivals.has(tile)).toBe(true);
      const window = { x: 0, y: 0, width: scene.width, height: scene.height };
      const core = planTiles(window, plan.tile)[tile]?.core;
      if (core === undefined) throw new Error(name);
      const truth = await readerOf(scenes[acquisition] as FakeScene).readWindow(core, ["B02", "B03"]);
      expect(raster.planes).toEqual(truth.planes);
      expect(requestedAt.get(tile)).toBeGreaterThan(batchArrival?.completedAt ?? Infinity);
      expect(tileArrivals.get(tile)?.completedAt).toBeGreaterThan(requestedAt.get(tile) ?? Infinity);
    }
    const made = askedProducts(flown);
    expect(made.map(({ fate }) => fate)).toEqual(made.map(() => "delivered"));
    expect(ledger.asked?.tiles.map(({ answer }) => answer)).toEqual(made.map(() => "made"));
    expect(ledger.asked?.uplink).toBeGreaterThan(0);
    expect(ledger.asked?.computeSeconds).toBeGreaterThan(0);
    const working = ledger.acquisitions.reduce((sum, one) => sum + one.computeSeconds, 0);
    expect(ledger.energy.compute).toBeCloseTo(
      workingPower(plan.spacecraft.computer) * (working + (ledger.asked?.computeSeconds ?? 0)),
      9,
    );
    const run = { plan, satellites: [ledger], stations: [], landed, chips: [], tiles: [] };
    expect(requestsOf(run)).toMatchObject({ tiles: made.length, delivered: made.length, gone: 0 });
    expect(requestsOf(run)?.latencySeconds?.median).toBeGreaterThan(0);
  });

  it("asks for nothing outside of the band of scores, and nothing where nobody has it ask", async () => {
    const none = await flyAsking(planAsking({ ask: { from: 0.99, to: 0.995, tilesPerScene: 9 } }));
    expect(none.ledger.asked).toMatchObject({ tiles: [], uplink: 0, computeSeconds: 0 });
    const flown = await flyAsking(planAsking({ ask: null }), {
      ask: () => Promise.reject(new Error("asked")),
    });
    expect(flown.ledger.asked).toBeUndefined();
    expect(none.segments).toEqual(flown.segments);
    expect({ ...none.ledger, asked: undefined }).toEqual({ ...flown.ledger, asked: undefined });
  });

  it("asks no station that is out, and makes up for it in the next contact", async () => {
    const errors = {
      bitErrorRate: 0,
      segmentLossRate: 0,
      outages: [{ station: "other", from: instant(2990), to: instant(3500) }],
    };
    const { ledger } = await flyAsking(planAsking({ errors }));
    expect(ledger.asked?.tiles.length).toBeGreaterThan(2);
    expect(ledger.asked?.tiles.every(({ at }) => at > 9000)).toBe(true);
  });

  it("keeps scenes only in the room that products leave, gives up the oldest, and says which tiles came too late", async () => {
    const base = planAsking();
    // Scene a takes 14,000 B, b 14,400 B, c 4,356 B: with c, one of the others has to go.
    const plan = planAsking({ spacecraft: { ...base.spacecraft, store: { capacity: bytes(22_000) } } });
    const { ledger, events } = await flyAsking(plan);
    const { captures = [], tiles = [] } = ledger.asked ?? {};
    expect(captures.map(({ size }) => size)).toEqual([14_000, 14_400, 4356]);
    expect(captures.map(({ givenUpAt }) => givenUpAt !== null)).toEqual([true, false, false]);
    expect(tiles.map(({ acquisition, answer }) => `${acquisition} ${answer}`)).toContain("0 gone");
    expect(tiles.filter(({ acquisition }) => acquisition > 0).every(({ answer }) => answer === "made")).toBe(
      true,
    );
    expect(events.filter(({ type }) => type === "Product:Evicted")).toEqual([]);
  });

  it("takes a scene that cannot be read any more for one tile's loss each", async () => {
    let opened = 0;
    const source = sourceOf(scenes);
    const failing: typeof source = {
      ...source,
      open: async (id) => {
        opened++;
        const scene = scenes.find((one) => one.id === id) as FakeScene;
        return opened > scenes.length ? readerOf({ ...scene, brokenRow: 5 }) : source.open(id);
      },
    };
    const { ledger } = await flyAsking(planAsking(), { source: failing });
    expect(ledger.asked?.tiles.map(({ answer }) => answer)).toContain("unreadable");
  });

  it("holds under every rule and on any channel: what was made is delivered, on board or given up, never above the ceiling", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...evictionRules),
        fc.constantFrom("strict", "value"),
        fc.integer({ min: 600, max: 40_000 }),
        fc.constantFrom(0, 0.3),
        fc.constantFrom(0, 1e-4),
        async (eviction, kind, capacity, segmentLossRate, bitErrorRate) => {
          const base = planAsking();
          const store = { capacity: bytes(capacity), eviction, order: { kind } } as const;
          const plan = planAsking({
            spacecraft: { ...base.spacecraft, store },
            errors: { bitErrorRate, segmentLossRate, outages: [] },
          });
          const flown = await flyAsking(plan);
          const { products, asked } = flown.ledger;
          const of = (fate: string): number =>
            products.reduce((sum, product) => sum + (product.fate === fate ? product.size : 0), 0);
          const made = products.reduce((sum, { size }) => sum + size, 0);
          expect(of("delivered") + of("on-board") + of("store-full")).toBe(made);
          const kept = (asked?.captures ?? []).reduce(
            (sum, { size, givenUpAt }) => sum + (givenUpAt === null ? size : 0),
            0,
          );
          expect(of("on-board") + kept).toBeLessThanOrEqual(capacity);
          const down = products.filter(({ fate }) => fate === "delivered").length;
          const landed = flown.landed.reduce((sum, one) => sum + productsOf(one), 0);
          expect(landed).toBe(down);
          const answers = asked?.tiles.filter(({ answer }) => answer === "made").length;
          expect(askedProducts(flown)).toHaveLength(answers ?? -1);
        },
      ),
      { numRuns: 25, seed: 12 },
    );
  });

  it("comes to the same on a strained battery, whatever is under way at once", async () => {
    const orbit: Satellite = {
      ...(walkerSatellites(parseWalker("walker:1"), walkerEpoch)[0] as Satellite),
      id: "sat",
    };
    const oec = spacecraftOf(findSpacecraftPreset("oec") as SpacecraftPreset);
    const base = planAsking();
    const start = walkerEpoch;
    const plan = planAsking({
      orbits: [orbit],
      spacecraft: { ...oec, computer: { ...oec.computer, peakOps: { fp32: 3e4 } } },
      acquisitions: base.acquisitions.map((one) => ({ ...one, at: instant(start + one.at) })),
      contacts: {
        from: start,
        to: instant(start + 20_000),
        contacts: contacts.map((one, n) => contactOf(n, start + one.aos, one.los - one.aos, one.station)),
      },
    });
    const body = () => openBody(plan.spacecraft, orbit, plan.contacts.from, plan.contacts.to);
    const one = await flyAsking(plan, { body: body(), inFlight: 1 });
    const many = await flyAsking(plan, { body: body(), inFlight: 7 });
    expect(one.ledger.asked?.tiles.length).toBeGreaterThan(0);
    expect(many.ledger).toEqual(one.ledger);
    expect(many.segments).toEqual(one.segments);
  });
});
