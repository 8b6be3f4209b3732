import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWalker } from "../../../pipeline/orbit/constellation.ts";
import { allotTerminals, type TerminalOptions } from "../../../pipeline/orbit/crosslink-terminal.ts";
import { crosslinkPairs } from "../../../pipeline/orbit/crosslink-topology.ts";
import type { CrosslinkWindow } from "../../../pipeline/orbit/crosslink-window.ts";
import {
  findCrosslinkWindows,
  planCrosslinks,
  type CrosslinkEquipment,
} from "../../../pipeline/orbit/crosslink.ts";
import { walkerEpoch, walkerSatellites } from "../../../pipeline/orbit/walker.ts";
import { instant, metres, seconds } from "../../../pipeline/units.ts";

const from = walkerEpoch;
const to = instant(from + 86_400);
const equipment: CrosslinkEquipment = {
  terminals: 2,
  maxRange: metres(5e6),
  clearance: metres(80e3),
  pointingTime: seconds(60),
};
const walker = (spec: string) => walkerSatellites(parseWalker(spec), walkerEpoch);

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

describe("a crosslink plan", () => {
  const satellites = walker("walker:24/3/1");
  const request = { satellites, terminals: equipment, from, to, topology: "all" } as const;
  const plan = planCrosslinks(request);
  const windows = findCrosslinkWindows(request);

  test("is the same whatever the order of satellites, bit for bit", () => {
    const turned = planCrosslinks({ ...request, satellites: satellites.toReversed() });
    expect(JSON.stringify(turned)).toBe(JSON.stringify(plan));
    expect(plan.links.length).toBeGreaterThan(300);
  });

  test("links lie in windows, pointing done, numbered by pair in order of time", () => {
    const numbers = new Map<string, number>();
    for (const [index, link] of plan.links.entries()) {
      const pair = `${link.a}.${link.b}`;
      expect(link.a < link.b).toBe(true);
      expect(link.id).toBe(`${pair}.${numbers.get(pair) ?? 0}`);
      numbers.set(pair, (numbers.get(pair) ?? 0) + 1);
      expect(link.from).toBeGreaterThanOrEqual(plan.links[index - 1]?.from ?? from);
      expect(link.from - link.pointingFrom).toBeCloseTo(60, 5);
      expect(link.to - link.from).toBeGreaterThanOrEqual(10 - 1e-6);
      const window = windows.find(
        ({ a, b, from: start, to: end }) =>
          a === link.a && b === link.b && start <= link.pointingFrom && link.to <= end,
      );
      expect(window, link.id).toBeDefined();
      expect([link.minRange, link.maxRange]).toEqual([window!.minRange, window!.maxRange]);
    }
  });

  test("more terminals serve more, and one that points at nobody helps nobody", () => {
    const total = (terminals: number): number =>
      planCrosslinks({ ...request, terminals: { ...equipment, terminals } }).links.reduce(
        (sum, link) => sum + (link.to - link.from),
        0,
      );
    const [one, two, many] = [total(1), total(2), total(30)];
    expect(two).toBeGreaterThan(one * 1.3);
    expect(many).toBeGreaterThan(two);
    const whole = windows.reduce((sum, window) => sum + Math.max(0, window.to - window.from - 60), 0);
    expect(many).toBeLessThanOrEqual(whole);
    expect(many).toBeGreaterThan(whole * 0.99);
  });

  test("progress is told, and a signal stops it", () => {
    const seen: number[] = [];
    findCrosslinkWindows({ ...request, onProgress: (share) => seen.push(share) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(() => planCrosslinks({ ...request, signal: AbortSignal.abort(new Error("enough")) })).toThrow(
      "enough",
    );
  });

  test("what cannot be planned is said", () => {
    expect(() => planCrosslinks({ ...request, to: from })).toThrow(/horizon of the crosslink plan is empty/);
    expect(() => planCrosslinks({ ...request, satellites: [satellites[0]!, satellites[0]!] })).toThrow(
      /"walker-1-1" stands twice/,
    );
    expect(() => planCrosslinks({ ...request, topology: [["walker-1-1", "nobody"]] })).toThrow(
      /crosslink walker-1-1 – nobody: .* got no satellite "nobody"/,
    );
    for (const [field, value] of Object.entries({
      terminals: 0,
      maxRange: 0,
      clearance: -1,
      pointingTime: Number.NaN,
    })) {
      expect(() => planCrosslinks({ ...request, terminals: { ...equipment, [field]: value } })).toThrow(
        new RegExp(`crosslink.${field}: wanted .*got ${value}`),
      );
    }
  });
});

describe("topology", () => {
  const names = (spec: string): readonly string[] => {
    const satellites = walker(spec);
    return crosslinkPairs(satellites, "grid", from).map(([i, j]) =>
      `${satellites[i]!.id} ${satellites[j]!.id}`.replaceAll("walker-", ""),
    );
  };

  test("grid: rings along the planes, one neighbour in each plane beside, round the whole globe", () => {
    const pairs = names("walker:150");
    expect(pairs.length).toBe(300);
    expect(pairs).toContain("01-01 01-02");
    expect(pairs).toContain("01-01 01-15");
    const degree = new Map<string, number>();
    for (const pair of pairs) {
      const [a, b] = pair.split(" ").map((id) => [id, Number(id.split("-")[0])] as const);
      for (const [id] of [a!, b!]) degree.set(id, (degree.get(id) ?? 0) + 1);
      expect([0, 1, 9]).toContain(Math.abs(a![1] - b![1]));
    }
    expect(new Set(degree.values())).toEqual(new Set([4]));
  });

  test("grid: whatever order they come in, and planes told from elements of another time", () => {
    const satellites = walker("walker:60/5/2");
    const shuffled = satellites.map((_, n) => satellites[(n * 7) % 60]!);
    const late = instant(from + 20 * 86_400);
    for (const at of [from, late]) {
      const named = (list: typeof satellites) =>
        crosslinkPairs(list, "grid", at)
          .map(([i, j]) => [list[i]!.id, list[j]!.id].toSorted().join(" "))
          .toSorted();
      expect(named(shuffled)).toEqual(named(satellites));
      expect(named(satellites).length).toBe(120);
    }
  });

  test("grid: few satellites, one plane, all and listed pairs", () => {
    expect(names("walker:2/1/0")).toEqual(["1-1 1-2"]);
    expect(names("walker:3/1/0")).toEqual(["1-1 1-2", "1-1 1-3", "1-2 1-3"]);
    expect(crosslinkPairs(walker("walker:1"), "grid", from)).toEqual([]);
    const satellites = walker("walker:12");
    expect(crosslinkPairs(satellites, "all", from).length).toBe(66);
    const [a, b] = [satellites[3]!.id, satellites[1]!.id];
    expect(
      crosslinkPairs(
        satellites,
        [
          [a, b],
          [b, a],
          [a, a],
        ],
        from,
      ),
    ).toEqual([[1, 3]]);
  });
});

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
