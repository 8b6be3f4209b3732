import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  needsLabels,
  readRule,
  ruleFigures,
  ruleHolds,
  type FigureValues,
} from "../../../pipeline/orders/promotion-rule.ts";

const old: FigureValues = { f1: 0.64, precision: 0.7, recall: 0.6, agreement: 1, seconds: 2, joules: 40 };
const next: FigureValues = { f1: 0.62, precision: 0.8, recall: 0.5, agreement: 0.9, seconds: 3, joules: 60 };
const holds = (text: string): boolean | null => ruleHolds(readRule(text), old, next);

describe("a promotion rule", () => {
  it.each([
    ["f1 >= old - 0.02", true],
    ["f1 > old - 0.02", false],
    ["f1 >= old - 0.019", false],
    ["old - 0.02 <= f1", true],
    ["f1 = 0.62", true],
    ["f1 != 62%", false],
    ["precision > old and recall > old", false],
    ["precision > old or recall > old", true],
    ["not recall > old", true],
    ["not (recall > old or precision > old)", false],
    ["(precision > old and agreement > 0.8) or f1 > 1", true],
    ["(f1 + precision) / 2 > (old.f1 + old.precision) / 2", true],
    ["seconds <= 1.5 * old and joules <= 1.5 * old", true],
    ["-f1 < 0", true],
    ["2 + 3 * f1 = 3.86", true],
    ["1 - 2 - 3 < -3.9 + f1 * 0", true],
    ["f1 / 0 > 1", null],
    ["f1 > 0 or f1 / 0 > 1", true],
    ["f1 < 0 and f1 / 0 > 1", false],
    ["new.f1 >= old.recall", true],
  ])("%s: %s", (text, wanted) => {
    expect(holds(text)).toBe(wanted);
  });

  it("is not decided where a figure is not known", () => {
    const rule = readRule("f1 >= old - 0.02");
    expect(ruleHolds(rule, { f1: null }, { f1: 0.9 })).toBe(null);
    expect(ruleHolds(rule, {}, {})).toBe(null);
    expect(ruleHolds(rule, { f1: Number.NaN }, { f1: 1 })).toBe(null);
    expect(ruleHolds(readRule("not f1 > 0.5"), {}, {})).toBe(null);
  });

  it("says whether it needs labels, and on what it was decided", () => {
    expect(needsLabels(readRule("agreement > 0.9 and seconds < 2 * old"))).toBe(false);
    expect(needsLabels(readRule("agreement > 0.9 and f1 > old"))).toBe(true);
    expect(ruleFigures(readRule("f1 >= old - 0.02"), old, { f1: null })).toBe("f1 not known, old 0.64");
  });

  it.each([
    [
      "",
      "wanted a number, old, or one of f1, precision, recall, agreement, detections, score, seconds, joules, got its end",
    ],
    ["f1", "wanted a comparison: < <= > >= = !=, got its end"],
    ["f1 > ", "got its end"],
    ["f2 > 0.5", 'got "f2"'],
    ["f1 > old + recall", "wanted old beside one figure, or old.<figure>, got old beside 2"],
    ["old > 0.5", "got old beside 0"],
    ["1 > 0.5", "got numbers alone"],
    ["f1 > 0.5 f1", 'wanted "and", "or" or the end, got "f1"'],
    ["f1 > 0.5 &&", 'got "&&"'],
    ["(f1 > 0.5", 'wanted ")", got its end'],
    ["f1 > old.f3", 'got "old.f3"'],
    ["f1 > __proto__", 'got "__proto__"'],
    ["f1 > constructor", 'got "constructor"'],
    [`f1 > ${"-".repeat(40)}1`, "wanted at most 16 levels, got more"],
    [`${"(".repeat(60)}f1 > 1`, "wanted at most 16 levels, got more"],
    [`f1 > ${"1+".repeat(120)}1`, "wanted at most 200 characters, got 246"],
  ])("%s is refused", (text, message) => {
    expect(() => readRule(text)).toThrow(message);
  });

  it("reads any text in no time, or refuses it", () => {
    const part = fc.constantFrom(
      "f1",
      "old",
      "(",
      ")",
      "and",
      "or",
      "not",
      ">",
      "<=",
      "0.5",
      "-",
      "*",
      "%",
      " ",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = parts.join(" ");
        const begun = performance.now();
        try {
          readRule(text);
        } catch (error) {
          expect(error).toHaveProperty("tag", "config");
        }
        expect(performance.now() - begun).toBeLessThan(1000);
      }),
    );
  });
});
