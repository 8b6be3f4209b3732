import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planOffload, type OffloadRequest } from "../../../operators/mesh/offload-plan.ts";
import type { ComputerState } from "../../../operators/flight/work-sharing.ts";
import { offloadRules, type OffloadRule } from "../../../pipeline/mission/offload.ts";
import { bytes, instant, joules, seconds, watts } from "../../../pipeline/units.ts";

const power = watts(100);
const at = instant(1000);
const margin = seconds(10);

interface Sketch {
  readonly speed: number;
  readonly reserve: number | null;
  readonly freeIn: number;
  readonly queued: number;
  readonly works: readonly number[];
}

/** Satellites s0, s1, …; acquisition n · 100 + k is number k that waits on satellite n. */
const statesOf = (sketches: readonly Sketch[]): readonly ComputerState[] =>
  sketches.map(({ speed, reserve, freeIn, queued, works }, n) => ({
    satellite: `s${n}`,
    freeAt: instant(at + freeIn),
    speed,
    reserve: reserve === null ? null : joules(reserve),
    queued: seconds(queued),
    waiting: works.map((work, k) => ({
      acquisition: n * 100 + k,
      tiles: 3,
      samples: 30,
      bytes: bytes(60),
      work: seconds(work),
    })),
  }));

const requestOf = (
  rule: OffloadRule,
  sketches: readonly Sketch[],
  linkOf: (from: string, to: string) => number | null = () => 20,
): OffloadRequest => ({
  rule,
  at,
  computers: statesOf(sketches),
  power,
  margin,
  takenAt: (acquisition) => instant(acquisition % 100),
  reach: (from) => ({
    arrivalAt: (to) => {
      const takes = linkOf(from, to);
      return takes === null ? null : instant(at + takes);
    },
    book: (to) => [{ hop: `${from}.${to}`, from, to, start: at, end: at, arrival: at }],
  }),
});

const idle: Sketch = { speed: 1, reserve: null, freeIn: 0, queued: 0, works: [] };
const busy: Sketch = { ...idle, freeIn: 50, works: [100, 100, 100] };
const goals = (request: OffloadRequest): readonly string[] =>
  planOffload(request).map(({ batch, to }) => `${batch.acquisition} → ${to}`);

describe("who computes tiles that wait", () => {
  test("under latency whoever is done first, as long as that is sooner than at home", () => {
    // Batch 0 is done after 150 s at home, after 120 s elsewhere; then batch 1 after 150 and 200 s, and batch 2 after 250 and 200 s.
    expect(goals(requestOf("latency", [busy, idle]))).toEqual(["0 → s1", "2 → s1"]);
    // With two helpers batch 1 goes as well, and batch 2 is done after 150 s at home.
    expect(goals(requestOf("latency", [busy, idle, idle]))).toEqual(["0 → s1", "1 → s2"]);
    expect(goals(requestOf("latency", [busy, { ...idle, freeIn: 400 }]))).toEqual([]);
  });

  test("nobody without a link, a running computer, or charge above the floor", () => {
    expect(goals(requestOf("latency", [busy, idle], () => null))).toEqual([]);
    expect(goals(requestOf("latency", [busy, { ...idle, speed: 0 }]))).toEqual([]);
    expect(goals(requestOf("latency", [busy, { ...idle, reserve: 9_999 }]))).toEqual([]);
    expect(goals(requestOf("latency", [busy, { ...idle, reserve: 10_000 }]))).toEqual(["0 → s1"]);
  });

  test("a computer that stands still gives to whoever runs, however late", () => {
    const stopped = { ...busy, speed: 0, reserve: 0 };
    expect(goals(requestOf("latency", [stopped, { ...idle, freeIn: 5000 }]))).toHaveLength(3);
  });

  test("under energy whoever has most charge left, if that is more than at home and not later", () => {
    const [poor, rich] = [
      { ...busy, reserve: 35_000 },
      { ...idle, reserve: 80_000 },
    ];
    // Left at home after all three: 5 kJ, at s1 after batch 0 70 kJ. Batch 1 would come 50 s later there than at home, batch 2 sooner.
    expect(goals(requestOf("energy", [poor, rich]))).toEqual(["0 → s1", "2 → s1"]);
    expect(goals(requestOf("energy", [{ ...busy, reserve: 200_000 }, rich]))).toEqual([]);
    expect(goals(requestOf("energy", [poor, { ...rich, freeIn: 1000 }]))).toEqual([]);
  });
});

const sketch = fc.record({
  speed: fc.constantFrom(0, 0.5, 1, 1),
  reserve: fc.option(fc.integer({ min: 0, max: 100_000 })),
  freeIn: fc.integer({ min: 0, max: 500 }),
  queued: fc.integer({ min: 0, max: 300 }),
  works: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 6 }),
});

test("no batch twice, none invented, none to its own satellite; nobody is given more than it has charge for; the order of states is irrelevant", () => {
  let moved = 0;
  fc.assert(
    fc.property(
      fc.array(sketch, { minLength: 2, maxLength: 7 }),
      fc.constantFrom(...offloadRules),
      fc.array(fc.option(fc.integer({ min: 1, max: 200 })), { minLength: 49, maxLength: 49 }),
      (sketches, rule, takes) => {
        const linkOf = (from: string, to: string): number | null =>
          takes[Number(from.slice(1)) * 7 + Number(to.slice(1))] ?? null;
        const request = requestOf(rule, sketches, linkOf);
        const decided = planOffload(request);
        moved += decided.length;
        const known = new Map(
          request.computers.flatMap(({ satellite, waiting }) => waiting.map((batch) => [batch, satellite])),
        );
        expect(new Set(decided.map(({ batch }) => batch)).size).toBe(decided.length);
        const spent = new Map<string, number>();
        for (const { batch, from, to, arrival } of decided) {
          expect(known.get(batch)).toBe(from);
          expect(to).not.toBe(from);
          expect(arrival - at).toBe(linkOf(from, to));
          spent.set(to, (spent.get(to) ?? 0) + batch.work * power);
        }
        const gone = new Set(decided.map(({ batch }) => batch));
        for (const { satellite, reserve, speed, queued, waiting } of request.computers) {
          const given = spent.get(satellite) ?? 0;
          if (given === 0) continue;
          expect(speed).toBeGreaterThan(0);
          const kept = waiting.reduce(
            (sum: number, batch) => sum + (gone.has(batch) ? 0 : batch.work),
            queued,
          );
          if (reserve !== null) expect(given + kept * power).toBeLessThanOrEqual(reserve);
        }
        const turned = { ...request, computers: request.computers.toReversed() };
        expect(planOffload(turned)).toEqual(decided);
      },
    ),
    { numRuns: 300 },
  );
  expect(moved).toBeGreaterThan(150);
});
