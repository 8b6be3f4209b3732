import { expect, it } from "vitest";
import { orderKindNames } from "../../../pipeline/orders/order.ts";
import { readOrders } from "../../../pipeline/orders/order-reading.ts";
import { parseInstant, type Instant } from "../../../pipeline/units.ts";

const start = parseInstant("2026-08-10T00:00:00Z") as Instant;
const good = { id: "port-1", kind: "look", bbox: [5.2, 43.2, 5.4, 43.4], deadline: "6h" };

it("counts from the start of the mission, and takes what is usual for what is not said", () => {
  expect(readOrders({ orders: [good, { ...good, id: "two", at: "90min", to: "sat-1" }] }, start)).toEqual({
    refused: [],
    orders: [
      {
        id: "port-1",
        kind: "look",
        tenant: "mission",
        to: null,
        issuedAt: start,
        deadline: start + 6 * 3600,
        priority: 5,
        signature: null,
        body: { bbox: [5.2, 43.2, 5.4, 43.4], maxOffNadir: null },
      },
      expect.objectContaining({ id: "two", to: "sat-1", issuedAt: start + 5400, deadline: start + 27_000 }),
    ],
  });
});

it.each([
  ["nothing", null, "order null orders: wanted a list of orders, got null"],
  ["no id", [{ ...good, id: undefined }], "order null id: wanted a name that no other order has, got none"],
  [
    "an id with a dot",
    [{ ...good, id: "a.b" }],
    'order a.b id: wanted 1 to 64 letters, digits, - and _, got "a.b"',
  ],
  [
    "another kind",
    [{ ...good, kind: "burn" }],
    `order port-1 kind: wanted one of ${orderKindNames.join(", ")}, got "burn"`,
  ],
  ["a twin", [good, good], 'order port-1 id: wanted one that no other order has, got "port-1" twice'],
  [
    "yesterday",
    [{ ...good, at: "2026-08-09T12:00:00Z" }],
    "order port-1 at: wanted not before the mission, which starts 2026-08-10T00:00:00.000Z, got 2026-08-09T12:00:00.000Z",
  ],
  [
    "a deadline that has passed",
    [{ ...good, at: "2h", deadline: "2026-08-10T01:00:00Z" }],
    "order port-1 deadline: wanted after 2026-08-10T02:00:00.000Z, got 2026-08-10T01:00:00.000Z",
  ],
  [
    "no deadline",
    [{ ...good, deadline: undefined }],
    "order port-1 deadline: wanted a time in UTC, or a duration such as 6h, got none",
  ],
  [
    "an area that is none",
    [{ ...good, bbox: "5.2,43.4,5.4,43.2" }],
    'order port-1 bbox: wanted west,south,east,north in degrees, such as 5.2,43.2,5.4,43.4: south below north, west other than east, got "5.2,43.4,5.4,43.2"',
  ],
  [
    "a field of no order",
    [{ ...good, bbbox: 1 }],
    "order port-1 bbbox: wanted one of id, kind, tenant, to, at, deadline, priority, signature, bbox, max-off-nadir, got another field",
  ],
  [
    "a priority beyond",
    [{ ...good, priority: 10 }],
    'order port-1 priority: wanted a number from 1 to 9, got "10"',
  ],
  [
    "a signature that is none",
    [{ ...good, signature: "me" }],
    'order port-1 signature: wanted SIGNER:CODE as swath command writes it, got "me"',
  ],
])("refuses %s with its id, the field, what was wanted and what it got", (_, value, line) => {
  const { refused } = readOrders(value, start);
  expect(
    refused.map(({ id, field, wanted, got }) => `order ${id} ${field}: wanted ${wanted}, got ${got}`),
  ).toEqual([line]);
});

it("refuses an entry alone", () => {
  const { orders, refused } = readOrders(
    [good, 7, { ...good, id: "b", bbox: "x" }, { ...good, id: "c" }],
    start,
  );
  expect(orders.map(({ id }) => id)).toEqual(["port-1", "c"]);
  expect(refused.map(({ id }) => id)).toEqual([null, "b"]);
});
