import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flyUplink, totalTime, type UplinkLoad } from "../../../operators/orders/uplink-session.ts";
import { lightTime } from "../../../pipeline/link/rate/light-time.ts";
import { orderCapacity } from "../../../pipeline/link/rate/uplink-share.ts";
import { telecommandBytes } from "../../../pipeline/link/transfer/turn-report.ts";
import { bitsPerSecond, bytes, instant } from "../../../pipeline/units.ts";
import { contactOf } from "../../mission-fixture.ts";

const clear = { bitErrorRate: 0, segmentLossRate: 0, outages: [] };
const loadOf = (more: Partial<UplinkLoad> = {}): UplinkLoad => {
  const orders = more.orders ?? [bytes(80), bytes(80)];
  return {
    contact: { ...contactOf(0, 1000, 300), uplink: bitsPerSecond(256_000) },
    rate: { kind: "fixed", rate: bitsPerSecond(2e6) },
    protection: "none",
    errors: clear,
    seed: 1,
    before: bytes(0),
    waiting: bytes(0),
    answers: orders.map(() => bytes(16)),
    ...more,
    orders,
  };
};

describe("one contact of the uplink", () => {
  it("brings orders up one after the other at the uplink's rate, less what reports may want of it", () => {
    const load = loadOf();
    const { heardAt, toldAt, up, down } = flyUplink(load);
    const one = telecommandBytes(80);
    const share = 1 - (8 * 26) / (256_000 * 10);
    const light = lightTime(load.contact, instant(1000));
    expect(heardAt[0]).toBeCloseTo(1000 + (8 * one) / (256_000 * share) + light, 9);
    expect(heardAt[1]).toBeCloseTo(1000 + (16 * one) / (256_000 * share) + light, 9);
    expect(up).toMatchObject({ bytes: 2 * one, frames: 2, lostFrames: 0 });
    // Both are acknowledged by one frame down, at 2 Mbit/s.
    expect(down).toMatchObject({ bytes: 1279, frames: 1, lostFrames: 0 });
    expect(toldAt[1]).toBeCloseTo((heardAt[1] ?? 0) + 0.05 + (1279 * 8) / 2e6 + light, 6);
  });

  it("says nothing where there is nothing to say, and answers what waited", () => {
    const none = flyUplink(loadOf({ orders: [] }));
    expect([none.up.frames, none.down.frames]).toEqual([0, 0]);
    const waited = flyUplink(loadOf({ orders: [], waiting: bytes(3000) }));
    expect(waited.down.frames).toBe(3);
    expect(waited.waitingToldAt).toBeGreaterThan(1000);
  });

  it("is silent while the station is out, and sends again what an outage swallowed", () => {
    const outage = (from: number, to: number) => ({
      errors: { ...clear, outages: [{ station: "gs", from: instant(from), to: instant(to) }] },
    });
    expect(flyUplink(loadOf(outage(900, 1100))).up.frames).toBe(0);
    const later = flyUplink(loadOf(outage(1000.001, 1003)));
    expect(later.up.lostFrames).toBeGreaterThan(0);
    expect(later.heardAt.every((at) => at !== null && at > 1003)).toBe(true);
  });

  it("knows nothing early, tells nothing before it is known, and takes no more than the contact has", () => {
    const rates = fc.constantFrom(9600, 256_000, 1e6);
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          uplink: rates,
          length: fc.integer({ min: 1, max: 400 }),
          loss: fc.double({ min: 0, max: 0.9, noNaN: true }),
          errors: fc.constantFrom(0, 1e-5, 1e-3),
          orders: fc.array(fc.integer({ min: 1, max: 5000 }).map(bytes), { maxLength: 12 }),
          before: fc.integer({ min: 0, max: 2000 }).map(bytes),
        }),
        ({ seed, uplink, length, loss, errors, orders, before }) => {
          const contact = { ...contactOf(0, 1000, length), uplink: bitsPerSecond(uplink) };
          const weather = { bitErrorRate: errors, segmentLossRate: loss, outages: [] };
          const load = loadOf({ contact, seed, orders, before, errors: weather });
          const outcome = flyUplink(load);
          expect(flyUplink(load)).toEqual(outcome);
          const soonest = 1000 + (8 * before) / uplink + lightTime(contact, instant(1000));
          outcome.heardAt.forEach((at, n) => {
            if (at === null) expect(outcome.toldAt[n]).toBeNull();
            else {
              expect(at).toBeGreaterThan(
                soonest + (8 * telecommandBytes(orders[n] as number)) / uplink - 1e-6,
              );
              expect(at).toBeLessThanOrEqual(contact.los);
              expect(outcome.toldAt[n] ?? Infinity).toBeGreaterThan(at);
            }
          });
          expect(outcome.up.lostFrames).toBeLessThanOrEqual(outcome.up.frames);
          expect(totalTime(outcome.up.times)).toBeLessThanOrEqual(length);
          expect(outcome.up.bytes).toBeLessThanOrEqual(orderCapacity(contact, "none") + 1);
          if (loss === 0 && errors === 0) expect(outcome.up.lostFrames).toBe(0);
        },
      ),
    );
  });
});
