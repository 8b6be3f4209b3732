import { expect, it } from "vitest";
import { signOrder, signRequest, tenantRequestVerifier } from "../../../pipeline/keys/order-signature.ts";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import { readOrders } from "../../../pipeline/orders/order-reading.ts";
import type { Order } from "../../../pipeline/orders/order.ts";
import { instant } from "../../../pipeline/units.ts";
import { orderDoor } from "../../../studies/orders/stage-orders.ts";

const [port, coast] = [makeKey("user"), makeKey("user")];
const tenants = [
  { id: "port", key: port.publicKey },
  { id: "coast", key: coast.publicKey },
  { id: "farm", key: null },
];
const orderOf = (tenant: string, id = "look"): Order => {
  const entry = { id, kind: "look", bbox: "1,2,3,4", deadline: "2h", tenant };
  const [order] = readOrders([entry], instant(0)).orders;
  if (order === undefined) throw new RangeError("an order that is read");
  return order;
};
const unsigned = { field: "signature", wanted: "a signature of mission control", got: "none" };
const { verify, forward } = orderDoor(
  tenants,
  (order) => (order.signature === null ? unsigned : null),
  (order) => ({ ...order, signature: "control:signed" }),
);

it("takes the orders of a tenant that has a key under its own signature, and under nobody else's", () => {
  const order = orderOf("port");
  const signed = signOrder(order, "port", port);
  expect(verify(signed)).toBeNull();
  const wanted = { field: "signature", wanted: "a signature of port" };
  expect(verify(order)).toEqual({ ...wanted, got: "none" });
  for (const stranger of [signOrder(order, "coast", coast), signOrder(order, "port", coast)])
    expect(verify(stranger)).toMatchObject({ ...wanted, got: expect.stringMatching(/that does not hold$/) });
  // Nor under one for another order, or for another time.
  expect(verify({ ...signed, id: "other" })).toMatchObject(wanted);
  expect(verify({ ...signed, issuedAt: instant(86_400), deadline: instant(93_600) })).toMatchObject(wanted);
  expect(verify({ ...signed, tenant: "coast" })).toMatchObject({ wanted: "a signature of coast" });
});

it("asks everybody else for what mission control asks for", () => {
  expect(verify(orderOf("farm"))).toEqual(unsigned);
  expect(verify(orderOf("mission"))).toEqual(unsigned);
  expect(verify(orderOf("stranger"))).toMatchObject({ field: "tenant", got: "stranger" });
});

it("sends up under the signature of mission control what a tenant has signed", () => {
  expect(forward(signOrder(orderOf("port"), "port", port)).signature).toBe("control:signed");
  expect(forward(orderOf("farm")).signature).toBeNull();
});

it("holds requests for models to the same", () => {
  const request = {
    id: "v4",
    kind: "model-install",
    from: "models/v4",
    tenant: "port",
    at: "2026-08-10T06:00Z",
  };
  const own = tenantRequestVerifier(new Map([["port", port.publicKey]]));
  expect(own({ ...request, signature: signRequest(request, "port", port) })).toBeNull();
  expect(own({ ...request, signature: signRequest(request, "coast", coast) })).toMatchObject({
    field: "signature",
    wanted: "a signature of port",
  });
  expect(own(request)).toMatchObject({ got: "none" });
  expect(own({ ...request, tenant: "farm" })).toBeNull();
});
