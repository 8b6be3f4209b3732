import fc from "fast-check";
import { expect, it } from "vitest";
import { isSwathError } from "../../../pipeline/errors.ts";
import { decodeOrder, encodeOrder, orderBytes, signedBytes } from "../../../pipeline/orders/order-wire.ts";
import { orderEntry, readOrders } from "../../../pipeline/orders/order-reading.ts";
import { instant } from "../../../pipeline/units.ts";
import { anyOrder } from "./orders.ts";

it("reads on board what was written on the ground", () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      expect(decodeOrder(encodeOrder(order))).toEqual(order);
    }),
  );
});

it("reads from a file what was written into one", () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      expect(readOrders([orderEntry(order)], instant(0))).toEqual({ orders: [order], refused: [] });
    }),
  );
});

it("signs everything but the signature", () => {
  fc.assert(
    fc.property(anyOrder, anyOrder, (a, b) => {
      expect(signedBytes(a)).toEqual(signedBytes({ ...a, signature: b.signature }));
      const isSame = Buffer.from(signedBytes(a)).equals(signedBytes(b));
      expect(isSame).toBe(
        Buffer.from(encodeOrder({ ...a, signature: null })).equals(encodeOrder({ ...b, signature: null })),
      );
    }),
  );
});

it("refuses an order that is cut short, and fails on no byte but with an error of the link", () => {
  fc.assert(
    fc.property(anyOrder, fc.nat(), fc.nat({ max: 255 }), (order, at, byte) => {
      const data = encodeOrder(order);
      expect(() => decodeOrder(data.subarray(0, at % data.length))).toThrow("order payload");
      data[at % data.length] = byte;
      try {
        decodeOrder(data);
      } catch (error) {
        expect(isSwathError(error, "link")).toBe(true);
      }
    }),
  );
});

it("costs whole code blocks of telecommand frames, and 22 bytes a frame more under protection", () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { minLength: 1, maxLength: 40 }), (orders) => {
      const data = orders.reduce((sum, order) => {
        const { length } = encodeOrder(order);
        return sum + length + (length < 128 ? 1 : 2);
      }, 1);
      const clear = orderBytes(orders);
      const frames = Math.ceil(data / 1017);
      expect(clear).toBeGreaterThanOrEqual(((data + 7 * frames) * 8) / 7 + 10 * frames);
      expect(clear).toBeLessThan(((data + 7 * frames) * 8) / 7 + 18 * frames);
      expect(orderBytes(orders, "auth")).toBeGreaterThan(clear);
    }),
  );
  expect(orderBytes([])).toBe(0);
});
