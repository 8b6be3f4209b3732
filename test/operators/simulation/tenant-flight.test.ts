import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Flight } from "../../../operators/flight/flight.ts";
import { countedTransmitter, type CountedArrival } from "../../../operators/simulation/counted-radio.ts";
import { drawnWork } from "../../../operators/simulation/drawn-work.ts";
import { BoardTenancy } from "../../../operators/tenancy/board-tenancy.ts";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import type { FlightLog } from "../../../pipeline/mission/flight-log.ts";
import type { SatelliteLedger } from "../../../pipeline/mission/ledger.ts";
import type { TenancyPlan } from "../../../pipeline/mission/tenancy-plan.ts";
import type { WorkloadEntry } from "../../../pipeline/mission/workload.ts";
import { writeFlight } from "../../../pipeline/tenancy/flight-bill.ts";
import { checkLedger } from "../../../pipeline/tenancy/ledger-check.ts";
import { LedgerWriter } from "../../../pipeline/tenancy/ledger-writer.ts";
import { decisionsOf, meterSatellite, workOfLedger } from "../../../pipeline/tenancy/metered-work.ts";
import { addWork } from "../../../pipeline/tenancy/resource.ts";
import { bytes, instant, joules, seconds } from "../../../pipeline/units.ts";
import { contactOf, planOf } from "../../mission-fixture.ts";
import { prices } from "../../pipeline/tenancy/ledger-fixture.ts";
import "../../property-seed.ts";

const to = instant(20_000);
const contacts = [contactOf(0, 1200, 200), contactOf(1, 7000, 260), contactOf(2, 15_000, 300)];
const { spacecraft, rate } = planOf([]);

interface Asked {
  readonly tenant: string;
  readonly at: number;
  readonly compute: number;
  readonly size: number;
}

const entryOf = ({ compute, size }: Asked): WorkloadEntry => ({
  scene: "s",
  failure: null,
  samples: 1_000_000,
  sensorBytes: bytes(2_000_000),
  losslessBytes: null,
  tiles: 4,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: bytes(0),
  cloudyBytes: bytes(0),
  modelTiles: 4,
  detections: 3,
  operations: compute * 1e11 + 0.3,
  encodedSamples: 0,
  computeSeconds: seconds(compute),
  taken: null,
  products: [
    { kind: "detections", tile: null, size: 700, workAt: seconds(compute) },
    { kind: "tile-lossless", tile: 0, size, workAt: seconds(compute) },
  ],
});

const tenancyFor = (tenants: readonly { id: string; weight: number; budget: number }[]): TenancyPlan => ({
  currency: "USD",
  prices,
  tenants: tenants.map((one) => ({ ...one, allowances: { sat: one.budget } })),
  quotes: Object.fromEntries(tenants.map(({ id }) => [`of-${id}`, { [id]: 60_000 }])),
  orderQuotes: {},
});

const fly = async (
  asked: readonly Asked[],
  plan: TenancyPlan,
  cuts: readonly number[] = [],
  capacity = spacecraft.store.capacity,
  log: FlightLog | null = null,
) => {
  const arrivals: CountedArrival[] = [];
  const acquisitions = asked.map(({ tenant, at }, index) => ({
    index,
    satellite: "sat",
    scene: `of-${tenant}`,
    at: instant(at),
  }));
  const flight = new Flight(
    {
      satellite: "sat",
      spacecraft: { ...spacecraft, store: { ...spacecraft.store, capacity } },
      rate,
      protection: "none",
      from: instant(0),
      to,
      acquisitions,
      contacts,
      terminalsOn: [],
      body: null,
      tenancy: new BoardTenancy(plan, "sat", new Map()),
    },
    {
      work: drawnWork({ entryOf: ({ index }) => entryOf(asked[index] as Asked), timeOf: (_, work) => work }),
      transmitter: () =>
        countedTransmitter({
          rate,
          errors: { bitErrorRate: 0, segmentLossRate: 0, outages: [], seed: 1 },
          onArrival: (arrival) => arrivals.push(arrival),
        }),
      notify: () => undefined,
      pace: async () => undefined,
      ...(log === null ? {} : { log }),
      signal: new AbortController().signal,
    },
  );
  for (const cut of cuts) await flight.advance(instant(cut));
  return { ledger: await flight.close(), arrivals };
};

/** The bill of a flight, checked as anybody would check it. */
const billOf = ({ ledger, arrivals }: Awaited<ReturnType<typeof fly>>, plan: TenancyPlan) => {
  const key = makeKey("user");
  const lines: string[] = [];
  const opening = { run: "r", currency: "USD", prices, tenants: plan.tenants, openKey: false };
  const writer = new LedgerWriter(opening, key, (line) => lines.push(line));
  const downAt = new Map(arrivals.map(({ product, completedAt }) => [product.number, completedAt]));
  const flown = {
    ledger,
    contacts,
    to,
    ownersOf: () => [],
    downAt: ({ number }: SatelliteLedger["products"][number]) => downAt.get(number) ?? null,
    tokensOf: () => 0,
  };
  const items = meterSatellite(flown);
  writeFlight(writer, {
    flight: "detect",
    items,
    decisions: decisionsOf(ledger),
    passes: contacts,
    to,
    orderOf: () => null,
  });
  writer.close(to);
  const check = checkLedger([Buffer.from(lines.join(""))], key.publicKey);
  expect(check.fault).toBeNull();
  const tenants = check.flights[0]?.tenants ?? [];
  return { tenants, charged: addWork(tenants.map(({ work }) => work)), flown, items };
};

/** What orders took of the uplink: those named, and 77 bytes that no order is named for. */
const ordersOf = (
  sent: readonly { readonly tenant: string; readonly size: number }[],
): NonNullable<SatelliteLedger["orders"]> => ({
  orders: [],
  uplink: {
    bytes: bytes(sent.reduce((sum, { size }) => sum + size, 77)),
    frames: 0,
    lostFrames: 0,
    receiveSeconds: seconds(0),
  },
  answers: { bytes: bytes(0), frames: 0, lostFrames: 0, transmitSeconds: seconds(0) },
  receiveEnergy: joules(0),
  sent: sent.map(({ tenant, size }, n) => ({
    order: `order-${n}`,
    tenant,
    contact: contacts[n % contacts.length]?.id ?? "",
    at: instant(n),
    bytes: bytes(size),
  })),
});

const asked = fc.record({
  tenant: fc.constantFrom("a", "b", "c"),
  at: fc.integer({ min: 0, max: 19_000 }),
  compute: fc.double({ min: 0.1, max: 900, noNaN: true }),
  size: fc.integer({ min: 1, max: 3_000_000 }),
});
const rich = [
  { id: "a", weight: 1, budget: 1e12 },
  { id: "b", weight: 2, budget: 1e12 },
  { id: "c", weight: 5, budget: 1e12 },
];

describe("a flight for tenants", () => {
  it("has told of all pictures taken before a moment when it says so, though some wait for the computer", async () => {
    const tenants = ["a", "b"].map((id, n) => ({ id, weight: 1 + 3 * n, budget: 1e9 }));
    const asked = Array.from({ length: 60 }, (_, n) => ({
      tenant: n % 2 === 0 ? "a" : "b",
      at: 100 + 100 * n,
      compute: 170,
      size: 4000,
    }));
    let passed = -Infinity;
    const late: number[] = [];
    const log: FlightLog = {
      tell(fact) {
        if (fact.type === "acquisition" && fact.acquisition.at < passed) late.push(fact.acquisition.index);
      },
      sample: () => undefined,
      stoodStill: () => undefined,
      through: (t) => void (passed = Math.max(passed, t)),
    };
    const steps = Array.from({ length: 100 }, (_, n) => 200 * n);
    await fly(asked, tenancyFor(tenants), steps, spacecraft.store.capacity, log);
    expect(late).toEqual([]);
    expect(passed).toBe(to);
  });

  it("comes to the same ledger in any number of steps", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 6 }),
        async (list, cuts) => {
          const whole = await fly(list, tenancyFor(rich));
          const inSteps = await fly(
            list,
            tenancyFor(rich),
            cuts.toSorted((a, b) => a - b),
          );
          expect(inSteps).toEqual(whole);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("charges all that the ledger has done, to the unit, and nothing else; nobody more than its budget", async () => {
    const budget = fc.integer({ min: 1, max: 3_000_000 });
    // What does not fit is evicted, and pays for the time that it lay there.
    const room = fc.constantFrom(spacecraft.store.capacity, bytes(4e6));
    const sent = fc.array(fc.record({ tenant: fc.constantFrom("a", "b", "mission"), size: fc.nat(90_000) }), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { maxLength: 40 }),
        budget,
        budget,
        room,
        sent,
        async (list, one, other, capacity, orders) => {
          const plan = tenancyFor([
            { id: "a", weight: 1, budget: one },
            { id: "b", weight: 2, budget: other },
            { id: "c", weight: 5, budget: 1e12 },
          ]);
          const plain = await fly(list, plan, [], capacity);
          const flown = { ...plain, ledger: { ...plain.ledger, orders: ordersOf(orders) } };
          const bill = billOf(flown, plan);
          for (const { tenant, work } of bill.tenants) {
            const own = orders.filter((one) => one.tenant === tenant);
            expect(work.orderBytes ?? 0).toBe(
              own.reduce((sum, { size }) => sum + size, 0) + (tenant === "mission" ? 77 : 0),
            );
          }
          const { resultBytes = 0, chipBytes = 0, tileBytes = 0, ...rest } = bill.charged;
          const { tileBytes: sent = 0, ...all } = workOfLedger(bill.flown);
          expect(rest).toEqual(Object.fromEntries(Object.entries(all).filter(([, amount]) => amount !== 0)));
          expect(resultBytes + chipBytes + tileBytes).toBe(sent);
          for (const { budget: most, charged } of bill.tenants)
            if (most !== null) expect(charged).toBeLessThanOrEqual(most);
          // What was refused for lack of budget was not worked on.
          for (const { tenancy, operations } of flown.ledger.acquisitions)
            if (tenancy?.reserved.length === 0) expect(operations).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("under ten times what the computer can do, each has its share of it within 2 %", async () => {
    const list = rich.flatMap(({ id }) =>
      Array.from({ length: 1333 }, (_, n) => ({ tenant: id, at: n * 3, compute: 50, size: 400_000 })),
    );
    const { ledger } = await fly(list, tenancyFor(rich));
    const tenantOf = (index: number): string => list[index]?.tenant ?? "";
    const sums = (of: readonly (readonly [string, number])[]): Record<string, number> => {
      const sum: Record<string, number> = {};
      for (const [tenant, amount] of of) sum[tenant] = (sum[tenant] ?? 0) + amount;
      return sum;
    };
    const inTime = ledger.acquisitions.filter(({ readyAt }) => readyAt <= to);
    const computed = sums(inTime.map(({ index, computeSeconds }) => [tenantOf(index), computeSeconds]));
    const total = Object.values(computed).reduce((a, b) => a + b, 0);
    expect(total).toBeGreaterThan(19_000);
    for (const { id, weight } of rich) {
      const share = (total * weight) / 8;
      expect(Math.abs((computed[id] ?? 0) - share) / share).toBeLessThan(0.02);
    }
  });

  it("under ten times what the link can carry, each has its share of it within 2 %, though all make the same", async () => {
    const list = rich.flatMap(({ id }) =>
      Array.from({ length: 1950 }, (_, n) => ({ tenant: id, at: n * 0.6, compute: 0.1, size: 340_000 })),
    );
    const plan = tenancyFor(rich);
    const flown = await fly(list, plan);
    const { charged, items } = billOf(flown, plan);
    const made = list.length * 340_700;
    const { resultBytes = 0, tileBytes = 0 } = charged;
    expect(made).toBeGreaterThan(10 * (resultBytes + tileBytes));
    // What the first two contacts carried: not all that was begun is whole by the end.
    const carried = rich.map(({ id }) =>
      items
        .filter(({ tenant, stage }) => tenant === id && stage === "link")
        .reduce((sum, { work }) => sum + (work.resultBytes ?? 0) + (work.tileBytes ?? 0), 0),
    );
    const all = carried.reduce((a, b) => a + b, 0);
    rich.forEach(({ weight }, n) => {
      const share = (all * weight) / 8;
      expect(Math.abs((carried[n] as number) - share) / share).toBeLessThan(0.02);
    });
  });

  it("stops a tenant whose allowance is used up, and nobody else", async () => {
    const list = Array.from({ length: 40 }, (_, n) => ({
      tenant: n % 2 === 0 ? "a" : "b",
      at: n * 100,
      compute: 60,
      size: 1000,
    }));
    const plan = tenancyFor([
      { id: "a", weight: 1, budget: 150_000 },
      { id: "b", weight: 1, budget: 1e12 },
    ]);
    const { ledger } = await fly(list, plan);
    const refused = ledger.acquisitions.filter(({ failure }) => failure !== null);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused.every(({ index }) => list[index]?.tenant === "a")).toBe(true);
    expect(refused[0]?.failure).toMatch(/^budget of a: wanted 0\.06, got 0\.0/);
    const served = ledger.acquisitions.filter(({ failure }) => failure === null);
    expect(served.filter(({ index }) => list[index]?.tenant === "b")).toHaveLength(20);
  });
});
