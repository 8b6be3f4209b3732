import { describe, expect, it } from "vitest";
import { systemOfCode } from "../../../datasets/crs/epsg-table.ts";
import { settleAt } from "../../../datasets/crs/coordinate-system.ts";
import { compareEpsg, reasonsOf } from "./epsg-comparison.ts";

describe("projected systems of EPSG", { timeout: 300_000 }, () => {
  const rows = compareEpsg();

  it("lie within a metre of PROJ at five points of their area, or are refused by name", () => {
    expect(rows.length).toBeGreaterThan(5400);
    expect(rows.filter(({ offMetres }) => offMetres !== null && !(offMetres <= 1))).toEqual([]);
  });

  it("are placed but for those that nothing certain is known of", () => {
    expect(rows.filter(({ offMetres }) => offMetres !== null).length).toBeGreaterThan(4980);
    for (const [why] of reasonsOf(rows)) {
      expect(why).toMatch(
        /has no way from|more than seven parameters|not one that Swath computes|is not known/,
      );
    }
  });

  it.each([
    "EPSG:28992",
    "EPSG:27700",
    "EPSG:2326",
    "EPSG:2056",
    "EPSG:31467",
    "EPSG:26711",
    "EPSG:3031",
    "EPSG:3413",
  ])("%s is among them", (crs) => {
    const row = rows.find(({ code }) => crs === `EPSG:${code}`);
    expect(row?.offMetres).toBeLessThan(0.1);
  });

  it("are refused where the register has no way to WGS 84", () => {
    const xian = systemOfCode("EPSG:2327");
    expect(xian && settleAt(xian, 13_500_000, 4_000_000)).toEqual({
      why: "the EPSG register has no way from EPSG:2327 to WGS 84 there",
    });
  });
});
