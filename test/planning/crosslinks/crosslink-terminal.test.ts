import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allotTerminals, type TerminalOptions } from "../../../planning/crosslinks/crosslink-terminal.ts";
import type { CrosslinkWindow } from "../../../planning/crosslinks/crosslink-window.ts";
import { instant, metres, seconds } from "../../../pipeline/units.ts";

/** The most spans that lie over each other at any time. */
const depth = (spans: readonly (readonly [number, number])[]): number => {
  const events = spans.flatMap(([start, end]) => [
    [start, 1],
    [end, -1],
  ]);
  let [now, most] = [0, 0];
  for (const [, step] of events.toSorted(([t, a], [u, b]) => t! - u! || a! - b!)) {
    now += step!;
    most = Math.max(most, now);
  }
  return most;
};

describe("terminals", () => {
  const window = (a: string, b: string, start: number, end: number): CrosslinkWindow => ({
    a,
    b,
    from: instant(start),
    to: instant(end),
    minRange: metres(1),
    maxRange: metres(2),
  });
  const options: TerminalOptions = {
    rule: "longest",
    terminals: 1,
    pointingTime: seconds(5),
    minimumLink: seconds(10),
  };
  const brief = (windows: readonly CrosslinkWindow[], changed: Partial<TerminalOptions> = {}) =>
    allotTerminals(windows, { ...options, ...changed }).map(
      ({ window: { a, b }, from: start, to: end }) => `${a}${b} ${start}–${end}`,
    );

  test("longest first: the lasting link stays, the passing one gets what is left", () => {
    const windows = [window("a", "b", 0, 50), window("a", "c", 30, 200)];
    expect(brief(windows)).toEqual(["ab 5–30", "ac 35–200"]);
    expect(brief(windows, { rule: "earliest" })).toEqual(["ab 5–50", "ac 55–200"]);
    expect(brief(windows, { terminals: 2 })).toEqual(["ab 5–50", "ac 35–200"]);
    const relieved = [window("a", "b", 0, 100), window("a", "c", 100, 200), window("a", "d", 50, 140)];
    expect(brief(relieved, { terminals: 2 })).toEqual(["ab 5–100", "ad 55–140", "ac 105–200"]);
    expect(brief(windows, { minimumLink: seconds(30) })).toEqual(["ac 35–200"]);
  });

  test("who waits for a terminal, or loses it to a better link, points anew", () => {
    const windows = [window("a", "b", 0, 100), window("c", "d", 0, 1000), window("b", "c", 20, 300)];
    expect(brief(windows, { rule: "earliest" })).toEqual(["ab 5–100", "cd 5–1000"]);
    const split = [window("a", "b", 40, 60), window("a", "c", 0, 100)];
    expect(brief(split, { rule: "earliest" })).toEqual(["ac 5–100"]);
    expect(brief([window("a", "b", 0, 500), window("a", "c", 10, 600), window("c", "d", 100, 900)])).toEqual([
      "ac 15–100",
      "ab 105–500",
      "cd 105–900",
    ]);
  });

  test("never more links than terminals, no terminal twice, whatever the windows", () => {
    const arbitrary = fc.array(
      fc
        .record({
          a: fc.integer({ min: 0, max: 5 }),
          step: fc.integer({ min: 1, max: 5 }),
          start: fc.integer({ min: 0, max: 300 }),
          length: fc.integer({ min: 1, max: 200 }),
        })
        .map(({ a, step, start, length }) => {
          const [first, second] = [`s${a}`, `s${(a + step) % 6}`].toSorted();
          return window(first!, second!, start, start + length);
        }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        arbitrary,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom("longest" as const, "earliest" as const),
        fc.integer({ min: 0, max: 12 }),
        (windows, terminals, rule, pointing) => {
          const links = allotTerminals(windows, {
            ...options,
            terminals,
            rule,
            pointingTime: seconds(pointing),
          });
          const spans = new Map<string, (readonly [number, number])[]>();
          const note = (key: string, span: readonly [number, number]): void => {
            spans.set(key, [...(spans.get(key) ?? []), span]);
          };
          for (const { window: of, terminalA, terminalB, pointingFrom, from: start, to: end } of links) {
            expect(pointingFrom).toBeGreaterThanOrEqual(of.from);
            expect(end).toBeLessThanOrEqual(of.to);
            expect(start - pointingFrom).toBe(pointing);
            expect(end - start).toBeGreaterThanOrEqual(10);
            for (const [satellite, terminal] of [
              [of.a, terminalA],
              [of.b, terminalB],
            ] as const) {
              expect(terminal).toBeGreaterThanOrEqual(0);
              expect(terminal).toBeLessThan(terminals);
              note(satellite, [pointingFrom, end]);
              note(`${satellite}/${terminal}`, [pointingFrom, end]);
            }
          }
          for (const [key, list] of spans) {
            expect(depth(list)).toBeLessThanOrEqual(key.includes("/") ? 1 : terminals);
          }
          // Nothing that both have a free terminal for is left lying: what was left out overlaps something that was taken.
          for (const left of windows) {
            if (left.to - left.from < 10 + pointing || links.some((link) => link.window === left)) continue;
            const busy = [left.a, left.b].some((satellite) =>
              (spans.get(satellite) ?? []).some(([start, end]) => start < left.to && end > left.from),
            );
            expect(busy).toBe(true);
          }
          const turned = allotTerminals(windows.toReversed(), {
            ...options,
            terminals,
            rule,
            pointingTime: seconds(pointing),
          });
          expect(turned.map(({ window: of, ...times }) => ({ ...of, ...times }))).toEqual(
            links.map(({ window: of, ...times }) => ({ ...of, ...times })),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
