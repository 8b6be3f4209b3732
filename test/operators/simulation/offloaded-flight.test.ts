import fc from "fast-check";
import { expect, test } from "vitest";
import type { Exchange, EpochNotes } from "../../../operators/mesh/mesh.ts";
import { decodeNotes, encodeNotes } from "../../../operators/mesh/mesh-message.ts";
import {
  simulate,
  type FlownSatellite,
  type SimulationPlan,
} from "../../../operators/simulation/simulation.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf } from "../../../operators/presets/spacecraft-preset.ts";
import { offloadRules, type OffloadRule } from "../../../pipeline/mission/offload.ts";
import type { WorkloadEntry } from "../../../pipeline/mission/workload.ts";
import { workingPower } from "../../../pipeline/mission/working-power.ts";
import { captureEnergy } from "../../../operators/platform/tile-work.ts";
import { bitsPerSecond, bytes, instant, joules, seconds } from "../../../pipeline/units.ts";
import { planContacts } from "../../../planning/contacts/contact-plan.ts";
import { builtinStations } from "../../../planning/contacts/station-networks.ts";
import { planMesh } from "../../../planning/crosslinks/mesh-plan.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";

const from = walkerEpoch;
const to = instant(from + 4 * 3600);
const satellites = walkerSatellites(parseWalker("walker:10/1/0@700km"), walkerEpoch);
const threeBody = spacecraftOf(findSpacecraftPreset("three-body")!);
/** A battery that an hour of work empties to its floor. */
const spacecraft = {
  ...threeBody,
  power: threeBody.power && {
    ...threeBody.power,
    battery: { ...threeBody.power.battery, capacity: joules(2.5e6), initial: 0.9 },
  },
};
const contacts = planContacts({ radio: {}, satellites, stations: builtinStations, from, to });
const meshOf = (offload: OffloadRule | null) =>
  planMesh({
    topology: "all",
    terminals: spacecraft.crosslink,
    seed: 1,
    epoch: seconds(120),
    offload,
    satellites,
    from,
    to,
  });

const entryOf = (work: number, failure: string | null = null): WorkloadEntry => ({
  scene: "drawn",
  failure,
  samples: failure === null ? 4_000_000 : 0,
  sensorBytes: bytes(failure === null ? 8_000_000 : 0),
  losslessBytes: null,
  tiles: failure === null ? 16 : 0,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: bytes(0),
  cloudyBytes: bytes(0),
  modelTiles: failure === null ? 16 : 0,
  detections: 2,
  operations: 1e12,
  encodedSamples: 0,
  computeSeconds: seconds(failure === null ? work : 0),
  products:
    failure === null ? [{ kind: "detections", tile: null, size: 900, workAt: seconds(work), value: 1 }] : [],
  taken: null,
});

interface Duty {
  readonly imagers: number;
  readonly every: number;
  readonly works: readonly number[];
  readonly fails: boolean;
}

/** The first satellites take a picture so often, for two hours; each takes the computer so long. */
const planOf = ({ imagers, every, works, fails }: Duty, offload: OffloadRule | null): SimulationPlan => {
  const count = Math.floor((2 * 3600) / every);
  const taken = Array.from({ length: count * imagers }, (_, n) => ({
    satellite: satellites[n % imagers]!.id,
    at: instant(from + Math.floor(n / imagers) * every + (n % imagers)),
  }));
  return {
    seed: 5,
    spacecraft,
    satellites,
    stations: builtinStations,
    acquisitions: taken.map((one, index) => ({ index, ...one, scene: "drawn" })),
    contacts,
    rate: { kind: "fixed", rate: bitsPerSecond(1e6) },
    protection: "none",
    errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [] },
    mesh: meshOf(offload),
    workload: { computer: { ...spacecraft.computer }, precision: "fp32" },
    entries: [...works.map((work) => entryOf(work)), ...(fails ? [entryOf(0, "unreadable")] : [])],
    inOrder: false,
  };
};

/** Shards in one process that wait for each other, and hear each other as over a bus. */
const exchanges = (of: number): readonly Exchange[] => {
  const epochs = new Map<
    number,
    { readonly said: Map<number, EpochNotes>; readonly done: ((value: void) => void)[] }
  >();
  return Array.from({ length: of }, (_, index): Exchange => async (epoch, notes) => {
    const round = epochs.get(epoch) ?? {
      said: new Map<number, EpochNotes>(),
      done: [] as ((value: void) => void)[],
    };
    epochs.set(epoch, round);
    round.said.set(index, decodeNotes(encodeNotes(notes)));
    if (round.said.size === of) for (const wake of round.done) wake(undefined);
    else await new Promise<void>((resolve) => round.done.push(resolve));
    return Array.from({ length: of }, (__, n) => round.said.get(n)!);
  });
};

const fly = async (plan: SimulationPlan, of = 1): Promise<readonly FlownSatellite[]> => {
  const { signal } = new AbortController();
  const shards = exchanges(of).map(async (exchange, index) => {
    const flown: FlownSatellite[] = [];
    for await (const one of simulate(plan, { index, of, exchange }, { signal, keepsSeries: false }))
      flown.push(one);
    return flown;
  });
  const all = (await Promise.all(shards)).flat();
  return satellites.map(({ id }) => all.find(({ ledger }) => ledger.satellite === id)!);
};

const landedOf = (flown: readonly FlownSatellite[]): number =>
  flown.reduce((sum, { arrivals }) => sum + arrivals.length, 0);

const duty = fc.record({
  imagers: fc.integer({ min: 1, max: 3 }),
  every: fc.constantFrom(60, 150, 400),
  works: fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 1, maxLength: 3 }),
  fails: fc.boolean(),
});

test("no acquisition is computed twice and none is lost, work is charged to who does it, pixels to who sends them, and shards do not matter", async () => {
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(duty, fc.constantFrom(...offloadRules), async (sketch, rule) => {
      const plan = planOf(sketch, rule);
      const flown = await fly(plan);
      const ledgers = flown.map(({ ledger }) => ledger);
      const records = ledgers.flatMap(({ satellite, acquisitions }) =>
        acquisitions.map((record) => ({ satellite, record })),
      );
      expect(records.map(({ record }) => record.index).toSorted((a, b) => a - b)).toEqual(
        plan.acquisitions.map(({ index }) => index),
      );
      const given = new Map(
        ledgers.flatMap(({ offload }) => offload!.given.map((one) => [one.acquisition, one])),
      );
      moved += given.size;
      for (const { satellite, record } of records) {
        const { satellite: owner, at } = plan.acquisitions[record.index]!;
        const gift = given.get(record.index);
        expect(record.origin).toBe(owner === satellite ? undefined : owner);
        expect(gift?.to).toBe(owner === satellite ? undefined : satellite);
        if (record.failure === null) expect(record.startedAt).toBeGreaterThanOrEqual(gift?.from ?? at);
        if (gift === undefined) continue;
        expect(gift.at).toBeGreaterThanOrEqual(at);
        expect(gift.from).toBeGreaterThan(gift.at);
        expect(gift.work).toBeCloseTo(record.computeSeconds, 6);
      }
      const work = workingPower(spacecraft.computer);
      for (const { energy, body, acquisitions, offload } of ledgers) {
        const seconds_ = acquisitions.reduce((sum, { computeSeconds }) => sum + computeSeconds, 0);
        expect(energy.compute).toBeCloseTo(work * seconds_, 3);
        const own = acquisitions.filter(({ origin }) => origin === undefined);
        const samples =
          own.reduce((sum, one) => sum + one.samples, 0) +
          offload!.given.reduce((sum, one) => sum + one.samples, 0);
        expect(energy.camera).toBeCloseTo(captureEnergy(spacecraft.camera, samples), 6);
        // What is worked on after the horizon is no load any more.
        const isWithin = acquisitions.every(({ readyAt }) => readyAt <= to);
        if (isWithin) expect(body!.loads.compute).toBeCloseTo(energy.compute, 0);
        if (isWithin) expect(body!.loads.camera).toBeCloseTo(energy.camera, 3);
      }
      const crossed = ledgers.reduce((sum, { offload }) => sum + offload!.sent.bytes, 0);
      const pixels = [...given.values()].reduce((sum, one) => sum + one.bytes, 0);
      expect(crossed).toBeGreaterThanOrEqual(pixels);
      const [apart] = [await fly(plan, 3)];
      expect(apart).toEqual(flown);
    }),
    { numRuns: 15, seed: 7 },
  );
  expect(moved).toBeGreaterThan(20);
}, 120_000);

test("at a duty that one satellite alone cannot do more comes down, sooner", async () => {
  const sketch = { imagers: 1, every: 60, works: [200], fails: false };
  const alone = landedOf(await fly(planOf(sketch, null)));
  for (const rule of offloadRules) {
    const together = await fly(planOf(sketch, rule));
    expect(landedOf(together)).toBeGreaterThan(1.3 * alone);
    const helpers = together.filter(({ ledger }) =>
      ledger.acquisitions.some(({ origin }) => origin !== undefined),
    );
    expect(helpers.length).toBeGreaterThan(1);
  }
}, 60_000);
