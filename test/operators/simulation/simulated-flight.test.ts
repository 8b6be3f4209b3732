import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { parsePolicy } from "../../../operators/policies/policy-choice.ts";
import { describe, expect, it } from "vitest";
import {
  type CountedArrival,
  type CountedSnapshot,
  openCountedTransmission,
} from "../../../operators/simulation/counted-radio.ts";
import { drawnWork } from "../../../operators/simulation/drawn-work.ts";
import { Flight } from "../../../operators/flight/flight.ts";
import type { FlightSnapshot } from "../../../operators/flight/flight-snapshot.ts";
import { openBody } from "../../../operators/platform/body.ts";
import { findSpacecraftPreset } from "../../../operators/presets/preset-lookup.ts";
import { spacecraftOf, type SpacecraftPreset } from "../../../operators/presets/spacecraft-preset.ts";
import type { RunPlan } from "../../../pipeline/mission/run-plan.ts";
import { evictionRules, type SendOrder } from "../../../pipeline/mission/spacecraft.ts";
import type { Policy } from "../../../pipeline/mission/policy.ts";
import type { FlightFact, FlightLog } from "../../../pipeline/mission/flight-log.ts";
import type { Wait } from "../../../pipeline/mission/body-ledger.ts";
import type { SatelliteLedger } from "../../../pipeline/mission/ledger.ts";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
import type { Contact } from "../../../pipeline/orbit/contact.ts";
import type { Satellite } from "../../../pipeline/orbit/satellite.ts";
import { bitsPerSecond, bytes, instant, joules, seconds } from "../../../pipeline/units.ts";
import { workloadOf } from "../../../measure/run/measured-workload.ts";
import type { FakeScene } from "../../fake-scene.ts";
import { contactOf, fly, land, planOf } from "../../mission-fixture.ts";

const scenes: readonly FakeScene[] = [
  { id: "a", width: 70, height: 50 },
  { id: "b", width: 40, height: 90 },
  { id: "c", width: 33, height: 33 },
];
const orbit: Satellite = {
  ...(walkerSatellites(parseWalker("walker:1"), walkerEpoch)[0] as Satellite),
  id: "sat",
};
const start = walkerEpoch;
const oec = spacecraftOf(findSpacecraftPreset("oec") as SpacecraftPreset);

const weighted: SendOrder = { kind: "weighted", weights: { results: 3, chips: 2, tiles: 1 } };

/** A computer that takes minutes for a scene on a battery that it can empty. */
const strained = {
  ...oec,
  computer: { ...oec.computer, peakOps: { fp32: 3e4 } },
  power: oec.power && {
    ...oec.power,
    battery: { ...oec.power.battery, capacity: joules(3000), initial: 0.8 },
  },
};

/** Seconds to the mission centre, by station: what comes down later may be there earlier. */
const backhauls: Readonly<Record<string, number>> = { gs: 2000, other: 3 };

/** A contact as links are: locked after 7 s, answered at 100 bit/s, its station some way from the centre. */
const asTheyAre = (contact: Contact): Contact => ({
  ...contact,
  lockedAt: instant(contact.aos + 7),
  uplink: bitsPerSecond(100),
  backhaul: seconds(backhauls[contact.station] ?? 0),
});

const shifted = (plan: RunPlan): RunPlan => ({
  ...plan,
  stations: plan.stations.map((station) => ({ ...station, backhaul: seconds(backhauls[station.id] ?? 0) })),
  acquisitions: plan.acquisitions.map((one) => ({ ...one, at: instant(start + one.at) })),
  contacts: {
    from: start,
    to: instant(start + 20_000),
    contacts: [
      contactOf(0, start + 1000, 300),
      contactOf(1, start + 2500, 300, "other"),
      contactOf(2, start + 9000, 40),
    ].map(asTheyAre),
  },
});

/** The same plan without pixels and without frames, from what the flight measured. */
const simulate = async (
  plan: RunPlan,
  flown: SatelliteLedger,
  cuts: readonly number[],
  log: FlightLog | null = null,
  isKilled = false,
) => {
  const run = { plan, satellites: [flown], landed: [], chips: [], tiles: [], stations: [] };
  const { policies } = workloadOf("run", { model: "bright", precision: "fp32" }, [run]);
  const entries = JSON.parse(JSON.stringify(policies[0]?.acquisitions)) as NonNullable<
    (typeof policies)[0]
  >["acquisitions"];
  const arrived: CountedArrival[] = [];
  const { spacecraft, rate, acquisitions } = plan;
  const { from, to, contacts } = plan.contacts;
  const isKept = spacecraft.power !== null || spacecraft.heat !== null;
  const open = () => {
    const body = isKept ? openBody(spacecraft, orbit, from, to, log) : null;
    const transmission = openCountedTransmission({
      rate,
      errors: { ...plan.errors, seed: plan.seed },
      onArrival: (arrival) => arrived.push(arrival),
    });
    const flight = new Flight(
      {
        satellite: "sat",
        spacecraft,
        rate,
        protection: "none",
        from,
        to,
        acquisitions,
        contacts,
        terminalsOn: [],
        body,
      },
      {
        work: drawnWork({
          entryOf: ({ index }) => entries[index] as (typeof entries)[number],
          timeOf: (_, work) => work,
        }),
        transmitter: () => transmission.transmit,
        notify: () => undefined,
        pace: async () => undefined,
        ...(log === null ? {} : { log }),
        signal: new AbortController().signal,
      },
    );
    return { flight, transmission };
  };
  let { flight, transmission } = open();
  for (const cut of cuts) {
    await flight.advance(instant(from + cut));
    if (!isKilled) continue;
    const kept = deserialize(serialize({ flight: flight.snapshot(), radio: transmission.snapshot() })) as {
      readonly flight: FlightSnapshot;
      readonly radio: CountedSnapshot;
    };
    ({ flight, transmission } = open());
    flight.restore(kept.flight);
    transmission.restore(kept.radio);
  }
  return { ledger: await flight.close(), arrivals: arrived };
};

/** A simulation has no bytes of products to say which they were. */
const withoutDigests = (ledger: SatelliteLedger): SatelliteLedger => ({
  ...ledger,
  products: ledger.products.map(({ digest: _digest, ...product }) => product),
});

/** What a flight tells of itself to whoever writes it down. */
const listener = () => {
  const facts: FlightFact[] = [];
  const waits: Wait[] = [];
  const charges: number[] = [];
  let through = -Infinity;
  const log: FlightLog = {
    tell(fact) {
      facts.push(fact);
      // Whatever happened before a moment has been told when that is said to be passed.
      if (fact.type === "turn") expect(fact.from).toBeGreaterThanOrEqual(through);
      if (fact.type === "evicted" || fact.type === "given up")
        expect(fact.at).toBeGreaterThanOrEqual(through);
    },
    sample: (minute, charge) => void (charges[minute] = charge),
    stoodStill: (wait) => void waits.push(wait),
    through: (t) => void (through = Math.max(through, t)),
  };
  return { log, facts, waits, charges };
};

/** The ledger is the truth: what was told adds up to it. */
const expectTold = (
  { facts, waits, charges }: ReturnType<typeof listener>,
  ledger: SatelliteLedger,
): void => {
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const acquired = facts.flatMap((fact) => (fact.type === "acquisition" ? [fact] : []));
  expect(acquired.map(({ record }) => record).toSorted((a, b) => a.index - b.index)).toEqual(
    ledger.acquisitions,
  );
  const made = acquired.flatMap(({ products }) => products);
  expect(made.map(({ kind, size, readyAt }) => [kind, size, readyAt])).toEqual(
    ledger.products.map(({ kind, size, readyAt }) => [kind, size, readyAt]),
  );
  const turns = facts.flatMap((fact) => (fact.type === "turn" ? [fact] : []));
  expect(turns).toHaveLength(sumOf(ledger.contacts.map((use) => use.turns)));
  expect(sumOf(turns.map((turn) => turn.bytes))).toBe(sumOf(ledger.contacts.map(({ total }) => total)));
  expect(sumOf(turns.map((turn) => turn.resentBytes))).toBe(
    sumOf(ledger.contacts.map(({ resent }) => resent)),
  );
  expect(turns.filter(({ heard }) => !heard)).toHaveLength(
    sumOf(ledger.contacts.map(({ silentTurns }) => silentTurns)),
  );
  const lost = facts.filter(({ type }) => type === "evicted");
  expect(lost).toHaveLength(ledger.products.filter(({ fate }) => fate === "store-full").length);
  const still = (all: readonly Wait[]): number => sumOf(all.map(({ from, to }) => to - from));
  expect(still(waits)).toBeCloseTo(still(ledger.body?.waits ?? []), 6);
  if (ledger.body?.power != null) {
    expect(charges).toHaveLength(Math.floor(20_000 / 60) + 1);
    expect(Math.min(...charges)).toBeGreaterThanOrEqual(ledger.body.power.minCharge);
  }
};

describe("a simulated flight", () => {
  it("fed with what a flight with pixels measured, comes to the same ledger, on any channel, in any number of steps", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Policy>(
          parsePolicy("raw"),
          parsePolicy("detect"),
          parsePolicy("chips:margin=4,quality=80"),
        ),
        fc.constantFrom(1e9, 20_000),
        fc.constantFrom(0, 1e-5, 4e-3),
        fc.constantFrom(0, 0.3),
        fc.constantFrom(20e3, 2e6),
        fc.boolean(),
        fc.constantFrom(...evictionRules),
        fc.constantFrom<SendOrder>({ kind: "strict" }, { kind: "value" }, weighted),
        fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 5 }),
        async (policy, capacity, bitErrorRate, segmentLossRate, rate, isStrained, eviction, order, cuts) => {
          const base = planOf(scenes);
          const plan = shifted(
            planOf(scenes, {
              policy,
              orbits: [orbit],
              rate: { kind: "fixed", rate: bitsPerSecond(rate) },
              spacecraft: {
                ...(isStrained ? strained : base.spacecraft),
                store: { capacity: bytes(capacity), eviction, order },
              },
              errors: { bitErrorRate, segmentLossRate, outages: [] },
            }),
          );
          const isKept = plan.spacecraft.power !== null;
          const body = isKept ? openBody(plan.spacecraft, orbit, plan.contacts.from, plan.contacts.to) : null;
          const flown = await fly(plan, scenes, { body });
          const { ledger, arrivals } = await simulate(
            plan,
            flown.ledger,
            cuts.toSorted((a, b) => a - b),
          );
          expect(ledger).toEqual(withoutDigests(flown.ledger));
          const told = listener();
          const watched = await simulate(
            plan,
            flown.ledger,
            cuts.toSorted((a, b) => a - b),
            told.log,
          );
          expect(watched.ledger).toEqual(ledger);
          const killed = await simulate(
            plan,
            flown.ledger,
            cuts.toSorted((a, b) => a - b),
            null,
            true,
          );
          expect(killed).toEqual({ ledger, arrivals });
          expectTold(told, watched.ledger);
          const landed = await land(plan, scenes, flown.backhaul);
          const real = landed.flatMap(({ tileArrivals, batchArrival, chipsArrival }) => [
            ...tileArrivals.values(),
            ...(batchArrival === null ? [] : [batchArrival]),
            ...(chipsArrival === null ? [] : [chipsArrival]),
          ]);
          const byNumber = new Map(real.map((arrival) => [arrival.number, arrival]));
          expect(arrivals).toHaveLength(real.length);
          for (const { firstSentAt, completedAt, atCentre, station } of real) {
            const contact = plan.contacts.contacts.findLast(
              (one) => one.station === station && one.aos <= completedAt,
            );
            expect(firstSentAt).toBeLessThan(completedAt);
            expect(completedAt).toBeGreaterThan(contact?.lockedAt ?? Infinity);
            expect(atCentre).toBeGreaterThanOrEqual(completedAt + (backhauls[station] ?? Infinity) - 1e-5);
          }
          for (const { product, firstSentAt, completedAt, atCentre, station } of arrivals) {
            const there = byNumber.get(product.number);
            expect(there?.station).toBe(station);
            expect(there?.completedAt).toBeCloseTo(completedAt, 5);
            expect(there?.firstSentAt).toBeCloseTo(firstSentAt, 5);
            expect(there?.atCentre).toBeCloseTo(atCentre, 5);
          }
        },
      ),
      { numRuns: 30, seed: 11 },
    );
  });

  it("waits on a battery that the computer has emptied, and the ledger says so", async () => {
    const plan = shifted(
      planOf(scenes, { policy: parsePolicy("detect"), orbits: [orbit], spacecraft: strained }),
    );
    const body = openBody(strained, orbit, plan.contacts.from, plan.contacts.to);
    const { ledger } = await fly(plan, scenes, { body });
    expect(ledger.body?.waits.length).toBeGreaterThan(0);
    const [record] = ledger.acquisitions;
    expect((record?.readyAt ?? 0) - (record?.startedAt ?? 0)).toBeGreaterThan(
      record?.computeSeconds ?? Infinity,
    );
    expect(ledger.body?.loads.compute).toBeCloseTo(ledger.energy.compute, 3);
    expect(ledger.body?.loads.transmit).toBeCloseTo(ledger.energy.radio, 6);
    expect(ledger.body?.loads.camera).toBeCloseTo(ledger.energy.camera, 9);
  });
});
