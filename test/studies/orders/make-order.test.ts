import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import { parseInstant, type Instant } from "../../../pipeline/units.ts";
import { addToFile, makeOrder } from "../../../studies/orders/make-order.ts";
import { readOrderFile } from "../../../studies/orders/order-file.ts";

const start = parseInstant("2026-08-10T00:00:00Z") as Instant;
const look = { bbox: "5.2,43.2,5.4,43.4", deadline: "6h", tenant: "port-authority" };

it("writes what a mission reads, order behind order, and leaves what a person wrote", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "swath-test-")), "orders.yaml");
  writeFileSync(
    path,
    "# of the harbour\norders:\n  - { id: a, kind: look, bbox: [1, 2, 3, 4], deadline: 2h }\n",
  );
  const entry = makeOrder("look", look, null);
  await addToFile(path, entry);
  expect(readFileSync(path, "utf8")).toContain("# of the harbour");
  const { orders, refused } = await readOrderFile(path, start);
  expect(refused).toEqual([]);
  expect(orders.map(({ id, tenant }) => [id, tenant])).toEqual([
    ["a", "mission"],
    [entry["id"], "port-authority"],
  ]);
  await expect(addToFile(path, entry)).rejects.toThrow(`orders ${path}: wanted an id that it does not have`);
});

it("names the field that does not fit", () => {
  expect(() => makeOrder("look", { ...look, bbox: "5,43" }, null)).toThrow(
    /bbox: wanted west,south,east,north/,
  );
  expect(() => makeOrder("look", { bbox: look.bbox }, null)).toThrow(/deadline: wanted a time in UTC/);
});

it("refuses a file that holds no orders", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "swath-test-")), "orders.yaml");
  await expect(readOrderFile(path, start)).rejects.toThrow("a file that can be read");
  writeFileSync(path, "look: here\n");
  await expect(readOrderFile(path, start)).rejects.toThrow(
    `orders ${path}: wanted a list of orders, got none`,
  );
});

it("wants a time in UTC for a signature", () => {
  const signer = { name: "port-authority", signing: makeKey("user") };
  expect(() => makeOrder("look", look, signer)).toThrow("--at: wanted a time in UTC beside a key");
});
