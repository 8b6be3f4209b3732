import { describe, expect, it } from "vitest";
import { makeKey } from "../../../pipeline/keys/nkey.ts";
import { parsePrices } from "../../../pipeline/tenancy/price-file.ts";
import { parseTenants, refusalText } from "../../../pipeline/tenancy/tenant-file.ts";

const prices = {
  schema: "swath-prices/1",
  currency: "USD",
  prices: {
    teraoperation: 0.0004,
    joule: 0.0000002,
    megapixel: 0.003,
    megatoken: "2.5",
    megabyte: { results: 1.5, chips: 0.9, tiles: 0.25 },
    contactSecond: 0.17,
    gigabyteHour: 0.01,
  },
  mission: { stationMinute: 10, spacecraft: 600000, lifeYears: 3 },
};

const changed = (path: string, value: unknown): unknown => {
  const copy = structuredClone(prices) as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() as string;
  const branch = names.reduce((at, name) => at[name] as Record<string, unknown>, copy);
  if (value === undefined) delete branch[last];
  else branch[last] = value;
  return copy;
};

describe("a price file", () => {
  it("is read with its prices as they are written", () => {
    const list = parsePrices(prices, "prices.yaml");
    expect(list.prices).toMatchObject({ operations: "0.0004", energy: "0.0000002", tileBytes: "0.25" });
    expect(list.mission).toMatchObject({ stationMinute: { numerator: 10, denominator: 1 } });
  });

  it.each([
    ["prices.joule", -0.01, "prices.joule"],
    ["prices.joule", undefined, "prices.joule"],
    ["prices.megabyte.chips", undefined, "prices.megabyte.chips"],
    ["prices.megabyte", 3, "prices.megabyte.results"],
    ["prices.megapixel", "cheap", "prices.megapixel"],
    ["prices.megapixel", Number.NaN, "prices.megapixel"],
    ["prices.megapixel", 1e-13, "prices.megapixel"],
    ["prices.hour", 3, "prices.hour"],
    ["mission.stationMinute", -1, "mission.stationMinute"],
    ["mission.lifeYears", 0, "mission.lifeYears"],
    ["mission.lifeYears", undefined, "mission.lifeYears"],
    ["mission.rent", 1, "mission.rent"],
    ["currency", 7, "currency"],
    ["schema", "swath-prices/9", "schema"],
  ])("with %s = %s is refused, naming the field", (path, value, field) => {
    let refusal: unknown;
    try {
      parsePrices(changed(path, value), "prices.yaml");
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ tag: "config", parts: { field } });
    expect(String(refusal)).toMatch(/wanted .*, got /);
  });
});

describe("a tenants file", () => {
  const { publicKey } = makeKey("user");
  const file = (...tenants: unknown[]): unknown => ({
    schema: "swath-tenants/1",
    prices: "prices.yaml",
    tenants,
  });

  it("is read", () => {
    const { tenants, refused } = parseTenants(
      file({ id: "port", budget: 12.5, weight: 3, key: publicKey }),
      "t",
    );
    expect(tenants).toEqual([{ id: "port", budget: 12_500_000, weight: 3, key: publicKey }]);
    expect(refused).toEqual([]);
  });

  it.each([
    [{ id: "b", budget: 0 }, "budget"],
    [{ id: "b", budget: -3 }, "budget"],
    [{ id: "b" }, "budget"],
    [{ id: "b", budget: "much" }, "budget"],
    [{ id: "a", budget: 5 }, "id"],
    [{ id: "mission", budget: 5 }, "id"],
    [{ id: "b b", budget: 5 }, "id"],
    [{ id: "b", budget: 5, weight: 0 }, "weight"],
    [{ id: "b", budget: 5, key: "UABC" }, "key"],
    [{ id: "b", budget: 5, colour: "red" }, "colour"],
    ["b", "tenants.1"],
    [null, "tenants.1"],
  ])("leaves %j out alone, and says why", (bad, field) => {
    const { tenants, refused } = parseTenants(file({ id: "a", budget: 1 }, bad, { id: "c", budget: 2 }), "t");
    expect(tenants.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ field });
    expect(refusalText(refused[0] as NonNullable<(typeof refused)[0]>)).toMatch(/wanted .*, got /);
  });

  it("is refused as a whole where nobody is left, or the file is another", () => {
    expect(() => parseTenants(file({ id: "a", budget: 0 }), "t.yaml")).toThrow(/t\.yaml: a: budget.*got 0/);
    expect(() => parseTenants({ schema: "swath-tenants/1", tenants: [] }, "t.yaml")).toThrow(/prices/);
    expect(() => parseTenants(null, "t.yaml")).toThrow(/swath-tenants\/1/);
  });
});
