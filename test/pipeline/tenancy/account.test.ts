import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Account } from "../../../pipeline/tenancy/account.ts";
import { amountText, microAmount, parseAmount, parseDecimal } from "../../../pipeline/tenancy/amount.ts";
import { apportion } from "../../../pipeline/tenancy/apportion.ts";
import { addWork, resourceKeys, type Work } from "../../../pipeline/tenancy/resource.ts";
import { Meter, priceOf, readTariff, type Prices } from "../../../pipeline/tenancy/tariff.ts";
import "../../property-seed.ts";

const decimal = fc
  .tuple(fc.nat(999), fc.integer({ min: 0, max: 12 }), fc.nat(999_999_999_999))
  .map(([whole, places, digits]) =>
    places === 0 ? `${whole}` : `${whole}.${String(digits).padStart(12, "0").slice(0, places)}`,
  );
const priceList = fc
  .tuple(...resourceKeys.map(() => decimal))
  .map((texts) => Object.fromEntries(resourceKeys.map((key, at) => [key, texts[at]])) as Prices);
const work = fc
  .tuple(...resourceKeys.map(() => fc.integer({ min: 0, max: 1e9 })))
  .map((amounts): Work => Object.fromEntries(resourceKeys.map((key, at) => [key, amounts[at] as number])));

/** The price of all work at once, in big integers from the texts: the law, worked out another way. */
const priceInFull = (total: Work, prices: Prices): bigint =>
  resourceKeys.reduce((sum, key) => {
    const [whole = "", places = ""] = (prices[key] ?? "0").split(".");
    return sum + (BigInt(total[key] ?? 0) * BigInt(`${whole}${places}`)) / 10n ** BigInt(places.length);
  }, 0n);

describe("metering", () => {
  it("charges, piece by piece, what all work together costs, to the unit", () => {
    fc.assert(
      fc.property(priceList, fc.array(work, { maxLength: 30 }), (prices, works) => {
        const meter = new Meter(readTariff(prices));
        const sum = works.reduce((all, one) => all + BigInt(meter.charge(one)), 0n);
        expect(sum).toBe(priceInFull(addWork(works), prices));
      }),
    );
  });

  it("never charges more for a piece than its quote", () => {
    fc.assert(
      fc.property(priceList, work, work, (prices, before, piece) => {
        const tariff = readTariff(prices);
        const meter = new Meter(tariff);
        meter.charge(before);
        expect(meter.charge(piece)).toBeLessThanOrEqual(priceOf(piece, tariff));
      }),
    );
  });

  it("keeps budget = charged + held + free, and nobody pays more than its budget", () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant("reserve" as const), hold: fc.nat(5), amount: fc.nat(2_000_000) }),
      fc.record({
        what: fc.constant("charge" as const),
        hold: fc.option(fc.nat(5)),
        amount: fc.nat(2_000_000),
      }),
      fc.record({ what: fc.constant("release" as const), hold: fc.nat(5) }),
    );
    const prices = Object.fromEntries(resourceKeys.map((key) => [key, "1"])) as Prices;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.array(step), (budget, steps) => {
        const account = new Account(microAmount(budget), readTariff(prices));
        const held = new Map<number, number>();
        let worked = 0;
        for (const one of steps) {
          if (one.what === "reserve") {
            if (held.has(one.hold)) continue;
            const isFree = one.amount <= account.free;
            expect(account.reserve(one.hold, microAmount(one.amount))).toBe(isFree);
            if (isFree) held.set(one.hold, one.amount);
          } else if (one.what === "charge") {
            const hold = one.hold !== null && held.has(one.hold) ? one.hold : null;
            const { charge, overrun } = account.charge({ pixels: one.amount }, hold);
            expect(charge + overrun).toBe(one.amount);
            worked += one.amount;
            if (hold !== null) held.set(hold, Math.max(0, (held.get(hold) ?? 0) - charge));
          } else if (held.has(one.hold)) {
            expect(account.release(one.hold)).toBe(held.get(one.hold));
            held.delete(one.hold);
          }
          const holding = [...held.values()].reduce((sum, amount) => sum + amount, 0);
          expect(account.charged + holding + account.free).toBe(budget);
          expect(account.free).toBeGreaterThanOrEqual(0);
          expect(account.charged + account.overrun).toBe(worked);
        }
      }),
    );
  });

  it("splits a whole number into whole parts that add up to it, none further than 1 from its exact part", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e12, noNaN: true })), {
          maxLength: 40,
        }),
        (total, weights) => {
          const { parts, left } = apportion(total, weights);
          const sum = parts.reduce((all, part) => all + BigInt(part), 0n);
          expect(sum + BigInt(left)).toBe(BigInt(total));
          parts.forEach((part, at) => {
            expect(part).toBeGreaterThanOrEqual(0);
            if (weights[at] === 0) expect(part).toBe(0);
          });
          if (total < 1e9) {
            const all = weights.reduce((one, weight) => one + weight, 0);
            parts.forEach((part, at) => {
              if (all > 0)
                expect(Math.abs(part - (total * (weights[at] as number)) / all)).toBeLessThan(1.001);
            });
          }
        },
      ),
    );
  });

  it("reads and writes decimals exactly", () => {
    expect(parseDecimal("0.1")).toEqual({ numerator: 1, denominator: 10 });
    expect(parseDecimal("12.50")).toEqual({ numerator: 25, denominator: 2 });
    for (const bad of ["-1", "1e-7", "", "1.", ".5", "0.0000000000001", "NaN"])
      expect(parseDecimal(bad)).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e14 }), (micro) => {
        expect(parseAmount(amountText(micro))).toBe(micro);
      }),
    );
    expect(parseAmount("0.0000001")).toBeNull();
  });
});
