import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderBytes } from "../../../pipeline/orders/order-wire.ts";
import type { Order, OrderNamed } from "../../../pipeline/orders/order.ts";
import type { RunPlan } from "../../../pipeline/mission/run-plan.ts";
import { bitsPerSecond, instant } from "../../../pipeline/units.ts";
import type { FakeScene } from "../../fake-scene.ts";
import { centreOrders, fly, planOf } from "../../mission-fixture.ts";

const lookAt = (id: string, more: Partial<OrderNamed<"look">> = {}): Order => ({
  id,
  kind: "look",
  tenant: "mission",
  to: null,
  issuedAt: instant(0),
  deadline: instant(15_000),
  priority: 5,
  signature: null,
  body: { bbox: [5, 43, 6, 44], maxOffNadir: null },
  ...more,
});

const fakeOf = (id: string): FakeScene => ({ id, width: 40, height: 30 });
const fakes = [fakeOf("a"), fakeOf("b")];

/** One acquisition of the schedule, one look at `at` for each order; contacts from 1,000 s and 9,000 s on. */
const missionOf = (orders: readonly Order[], at: number, more: Partial<RunPlan> = {}): RunPlan => {
  const plan = planOf(fakes.slice(0, 1), more);
  const looks = orders.map(({ id }, n) => ({
    index: 1 + n,
    satellite: "sat",
    scene: "b",
    at: instant(at),
    order: id,
  }));
  return {
    ...plan,
    acquisitions: [...plan.acquisitions, ...looks],
    contacts: {
      ...plan.contacts,
      contacts: plan.contacts.contacts.map((one) => ({ ...one, uplink: bitsPerSecond(256_000) })),
    },
    bands: { ...plan.bands, b: ["B02", "B03"] },
    orders: {
      refused: [],
      planned: orders.map((order, n) => ({ order, satellite: "sat", acquisition: 1 + n })),
    },
  };
};

describe("orders on board", () => {
  it("takes a look once the order is up, sends its products down, and tells the ground step by step", async () => {
    const order = lookAt("port");
    const { ledger } = await fly(missionOf([order], 5000), fakes);
    const [record] = ledger.orders?.orders ?? [];
    expect(record).toMatchObject({ id: "port", contact: "sat.gs.0", kind: "look", tenant: "mission" });
    expect(record?.answers.map(({ answer }) => answer)).toEqual(["accepted", "done"]);
    expect(record?.answers[1]).toMatchObject({ acquisitions: [1] });
    // Accepted in the first contact, done in the second.
    expect(record?.toldAt.map((t) => Math.floor(t))).toEqual([1000, 9000]);
    expect(ledger.orders?.uplink).toMatchObject({ bytes: orderBytes([order]), frames: 1, lostFrames: 0 });
    expect(ledger.acquisitions.map(({ index, failure }) => [index, failure])).toEqual([
      [0, null],
      [1, null],
    ]);
    expect(ledger.products.some(({ acquisition, fate }) => acquisition === 1 && fate === "delivered")).toBe(
      true,
    );
  });

  it("takes nothing that no contact brought in time, and refuses what comes too late", async () => {
    const early = await fly(missionOf([lookAt("port")], 900), fakes);
    expect(early.ledger.orders?.orders).toEqual([]);
    expect(early.ledger.acquisitions.find(({ index }) => index === 1)?.failure).toBe(
      "order port was not on board in time",
    );
    const within = await fly(missionOf([lookAt("port")], 1000.002), fakes);
    expect(within.ledger.orders?.orders[0]?.answers[0]).toMatchObject({ answer: "refused", field: "bbox" });
  });

  it("sends again in the next contact what was not acknowledged, and obeys once what comes twice", async () => {
    const sent: string[] = [];
    const plan = missionOf([lookAt("port")], 9500, {
      errors: {
        bitErrorRate: 0,
        segmentLossRate: 0,
        // Up it came; nothing of the first contact came down.
        outages: [{ station: "gs", from: instant(1000.006), to: instant(1400) }],
      },
    });
    const orders = centreOrders(plan, ({ id }, list) => sent.push(...list.map((one) => `${id} ${one.id}`)));
    const { ledger } = await fly(plan, fakes, { orders });
    expect(sent).toEqual(["sat.gs.0 port", "sat.other.1 port"]);
    expect(ledger.orders?.orders).toHaveLength(1);
    expect(ledger.orders?.orders[0]).toMatchObject({ contact: "sat.gs.0" });
    expect(ledger.orders?.orders[0]?.answers.map(({ answer }) => answer)).toEqual(["accepted", "done"]);
    expect(ledger.orders?.orders[0]?.toldAt).toHaveLength(1);
  });

  it("refuses with field, wanted and got what is not signed, not of this mission, or of no kind that it obeys", async () => {
    const orders = [
      lookAt("a", { issuedAt: instant(60) }),
      lookAt("b", { issuedAt: instant(5) }),
      {
        ...lookAt("c", { issuedAt: instant(60) }),
        kind: "pixels",
        body: { bbox: [5, 43, 6, 44], tiles: 1 },
      } as Order,
    ];
    const all = missionOf(orders, 5000);
    const plan = { ...all, contacts: { ...all.contacts, from: instant(50) } };
    const wanted = "a signature of mission control";
    const { ledger } = await fly(plan, fakes, {
      orders: {
        ...centreOrders(plan),
        verify: ({ id }) => (id === "a" ? { field: "signature", wanted, got: "none" } : null),
      },
    });
    const answers = new Map(ledger.orders?.orders.map(({ id, answers: said }) => [id, said]));
    expect(answers.get("a")).toMatchObject([{ answer: "refused", field: "signature", wanted, got: "none" }]);
    expect(answers.get("b")).toMatchObject([{ answer: "refused", field: "at" }]);
    expect(answers.get("c")).toMatchObject([{ answer: "refused", field: "kind", got: "pixels" }]);
  });

  it("lets nothing be known before a contact brought it: no answer and no look lies before", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat({ max: 1000 }),
          loss: fc.constantFrom(0, 0.3, 0.8),
          orders: fc.array(
            fc.record({
              issued: fc.integer({ min: 0, max: 12_000 }),
              at: fc.integer({ min: 0, max: 15_000 }),
            }),
            {
              minLength: 1,
              maxLength: 6,
            },
          ),
        }),
        async ({ seed, loss, orders }) => {
          const looks = orders.map(({ issued }, n) => lookAt(`o${n}`, { issuedAt: instant(issued) }));
          const plain = missionOf(looks, 0, {
            seed,
            errors: { bitErrorRate: 0, segmentLossRate: loss, outages: [] },
          });
          const plan = {
            ...plain,
            acquisitions: plain.acquisitions.map((one, at) =>
              at === 0 ? one : { ...one, at: instant(orders[at - 1]?.at ?? 0) },
            ),
          };
          const { ledger } = await fly(plan, fakes);
          const records = new Map(ledger.acquisitions.map((one) => [one.index, one]));
          const heard = new Map(ledger.orders?.orders.map((one) => [one.id, one]));
          looks.forEach(({ id, issuedAt }, n) => {
            const known = heard.get(id);
            const record = records.get(1 + n);
            const at = plan.acquisitions[1 + n]?.at ?? 0;
            if (record?.failure === null) {
              expect(known?.heardAt).toBeLessThan(at);
              expect(record.startedAt).toBeGreaterThanOrEqual(at);
            }
            if (known === undefined) return;
            const contact = plan.contacts.contacts.find((one) => one.id === known.contact);
            expect(contact?.lockedAt).toBeGreaterThanOrEqual(issuedAt);
            expect(known.heardAt).toBeGreaterThan(contact?.lockedAt ?? Infinity);
            expect(
              known.answers.every((answer) => answer.answer === "expired" || answer.at >= known.heardAt),
            ).toBe(true);
            known.toldAt.forEach((told, k) => expect(told).toBeGreaterThan(known.answers[k]?.at ?? Infinity));
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});
