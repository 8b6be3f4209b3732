import fc from "fast-check";
import { expect, it } from "vitest";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import { orderVerifier, signOrder } from "../../../pipeline/keys/order-signature.ts";
import { decodeOrder, encodeOrder } from "../../../pipeline/orders/order-wire.ts";
import { instant } from "../../../pipeline/units.ts";
import { anyOrder } from "../orders/orders.ts";

const control = makeKey("user");
const other = makeKey("user");
const verify = orderVerifier({
  schema: "swath-trust/1",
  operator: "O",
  members: [
    { role: "mission-control", name: "mission-control", key: control.publicKey },
    { role: "observer", name: "guest", key: other.publicKey },
  ],
  links: {},
});

it("takes what mission control signed, as it comes out of the uplink, and nothing that was altered or signed by others", () => {
  fc.assert(
    fc.property(anyOrder, fc.integer({ min: 1, max: 1e6 }), (order, later) => {
      const signed = signOrder(order, "mission-control", control);
      expect(verify(decodeOrder(encodeOrder(signed)))).toBeNull();
      const altered = { ...signed, deadline: instant(signed.deadline + later) };
      expect(verify(altered)).toMatchObject({
        field: "signature",
        got: "one of mission-control that does not hold",
      });
      expect(verify(signOrder(order, "guest", other))?.got).toBe("one of guest that does not hold");
      expect(verify(signOrder(order, "mission-control", other))).not.toBeNull();
      expect(verify({ ...order, signature: null })).toEqual({
        field: "signature",
        wanted: "a signature of mission control",
        got: "none",
      });
    }),
    { numRuns: 20 },
  );
});
