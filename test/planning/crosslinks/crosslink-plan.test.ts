import { describe, expect, test } from "vitest";
import { parseWalker } from "../../../planning/orbits/constellation.ts";
import { crosslinkPairs } from "../../../planning/crosslinks/crosslink-topology.ts";
import {
  findCrosslinkWindows,
  planCrosslinks,
  type CrosslinkEquipment,
} from "../../../planning/crosslinks/crosslink-plan.ts";
import { walkerEpoch, walkerSatellites } from "../../../planning/orbits/walker.ts";
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
