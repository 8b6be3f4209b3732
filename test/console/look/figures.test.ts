import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentText, placeText, shortNames, durationText } from "../../../console/look/figures.ts";

const plain = (text: string): string => text.replaceAll(" ", " ");

describe("figures on the page", () => {
  it("per cent keep three digits and never round to an end that was not reached", () => {
    const share = [0, 1, 1e-9, 0.00028, 0.0022, 0.052, 0.999, 0.9997, 0.999999, 0.87];
    expect(share.map(percentText).map(plain)).toEqual([
      "0 %",
      "100 %",
      "< 0.001 %",
      "0.028 %",
      "0.22 %",
      "5.2 %",
      "99.9 %",
      "99.97 %",
      "> 99.99 %",
      "87 %",
    ]);
  });

  it("places say which half of the world", () => {
    expect(plain(placeText(118.56812, -20.32623))).toBe("20.3262° S 118.5681° E");
    expect(plain(placeText(-0.5, 51, 1))).toBe("51.0° N 0.5° W");
  });

  it("a moment under a millisecond is not none", () => {
    expect(plain(durationText(0.0004))).toBe("< 1 ms");
    expect(plain(durationText(0))).toBe("0 s");
    expect(plain(durationText(92.51))).toBe("1 min 33 s");
  });

  it("names lose what they share, at a joint", () => {
    expect(shortNames(["SCS-01-A", "SCS-01-B"])).toEqual(["A", "B"]);
    expect(shortNames(["SCS-01-AA", "SCS-01-AB"])).toEqual(["AA", "AB"]);
    expect(shortNames(["Mingenew", "Miami"])).toEqual(["Mingenew", "Miami"]);
    expect(shortNames(["W-1-1", "W-1-12"])).toEqual(["1", "12"]);
    expect(shortNames(["alone"])).toEqual(["alone"]);
  });

  it("short names stay different", () => {
    const name = fc.stringMatching(/^[A-Z]{1,3}-[0-9]{1,3}(-[A-Z])?$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 20 }), (names) => {
        expect(new Set(shortNames(names)).size).toBe(names.length);
      }),
    );
  });
});
