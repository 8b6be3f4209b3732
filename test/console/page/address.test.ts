import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, home, parseAddress, type Address } from "../../../console/page/address.ts";
import type { Selection } from "../../../console/reading/selection.ts";
import type { LonLat } from "../../../console/map/view.ts";
import { instant } from "../../../pipeline/units.ts";

const degree = (most: number) =>
  fc.integer({ min: -most * 1e4, max: most * 1e4 }).map((value) => value / 1e4);
const place = fc.tuple(degree(180), degree(90)) as fc.Arbitrary<LonLat>;
const name = fc.string({ minLength: 1, maxLength: 20 });
const row = fc.nat(999_999_999);
const selection: fc.Arbitrary<Selection> = fc.oneof(
  fc.record({ kind: fc.constantFrom("satellite" as const, "station" as const), name }),
  fc.record({ kind: fc.constant("acquisition" as const), acquisition: row }),
  fc.record({ kind: fc.constant("detection" as const), acquisition: row, detection: row }),
);
const address: fc.Arbitrary<Address> = fc.record({
  run: fc.option(name),
  beside: fc.option(name),
  policy: fc.option(name),
  t: fc.option(fc.integer({ min: 0, max: 4e12 }).map((ms) => instant(ms / 1000))),
  speed: fc.constantFrom(1, 10, 60, 600, 10_000),
  window: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
  selection: fc.option(selection),
  projection: fc.constantFrom("map" as const, "globe" as const),
  centre: place,
  zoom: fc.integer({ min: 10_000, max: 400_000 }).map((value) => value / 1e4),
  area: fc.option(fc.array(place, { minLength: 3, maxLength: 9 })),
});

describe("the address", () => {
  it("leads back to where one was", () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
  });

  it("says nothing at home", () => {
    expect(formatAddress(home)).toBe("");
    expect(parseAddress("")).toEqual(home);
  });

  it("whatever it holds, leads somewhere", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { speed, zoom, centre } = parseAddress(`?${text}`);
        expect(speed > 0 && zoom >= 1 && Math.abs(centre[1]) <= 90).toBe(true);
      }),
    );
    expect(parseAddress("?t=never&speed=-1&zoom=0&centre=400,0&area=1,2&select=x:1&window=none")).toEqual(
      home,
    );
  });
});
