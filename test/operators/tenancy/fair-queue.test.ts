import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairQueue, type FairJob } from "../../../operators/tenancy/fair-queue.ts";
import "../../property-seed.ts";

interface Job extends FairJob {
  readonly cost: number;
}

/** One computer that works the queue off until `to`: what each tenant was given, and when each job was done. */
const work = (weights: ReadonlyMap<string, number>, jobs: readonly Job[], to: number) => {
  const queue = new FairQueue(weights, jobs);
  const given = new Map<string, number>();
  const done = new Map<number, number>();
  let t = 0;
  for (;;) {
    const next = queue.nextAt;
    if (next === null) break;
    t = Math.max(t, next);
    const job = queue.take(t);
    if (job === undefined || t >= to) break;
    const part = job.cost / job.tenants.length;
    t += job.cost;
    done.set(job.index, t);
    queue.done(
      job,
      job.tenants.map((tenant) => ({ tenant, amount: part })),
    );
    for (const tenant of job.tenants) given.set(tenant, (given.get(tenant) ?? 0) + part);
  }
  return { given, done, end: t };
};

const steady = (tenant: string, index: number, count: number, every: number, cost: number): Job[] =>
  Array.from({ length: count }, (_, n) => ({
    tenants: [tenant],
    at: n * every,
    priority: 5,
    index: index + n,
    cost,
  }));

describe("fair shares of a computer", () => {
  it("under ten times what it can do, everyone has its share within 2 %, whatever the sizes of its work", () => {
    const tenant = fc.record({
      weight: fc.integer({ min: 1, max: 4 }),
      cost: fc.double({ min: 2, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(tenant, { minLength: 2, maxLength: 6 }), (tenants) => {
        const horizon = 20_000;
        // Together they ask for ten times what there is.
        const each = (10 * horizon) / tenants.length;
        const jobs = tenants.flatMap(({ cost }, n) =>
          steady(`t${n}`, n * 1_000_000, Math.ceil(each / cost), horizon / Math.ceil(each / cost), cost),
        );
        const weights = new Map(tenants.map(({ weight }, n) => [`t${n}`, weight]));
        const { given, end } = work(weights, jobs, horizon);
        const all = tenants.reduce((sum, { weight }) => sum + weight, 0);
        tenants.forEach(({ weight }, n) => {
          const share = (end * weight) / all;
          expect(Math.abs((given.get(`t${n}`) ?? 0) - share) / share).toBeLessThan(0.02);
        });
      }),
      { numRuns: 12 },
    );
  });

  it("shares what is short, the computer's time or energy, each within 2 %", () => {
    const tenant = fc.record({
      weight: fc.integer({ min: 1, max: 4 }),
      energy: fc.double({ min: 1, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(tenant, { minLength: 2, maxLength: 4 }),
        fc.constantFrom(0, 1),
        (tenants, short) => {
          const jobs = tenants.flatMap((_, n) => steady(`t${n}`, n * 1_000_000, 40_000, 0, 1));
          const queue = new FairQueue(new Map(tenants.map(({ weight }, n) => [`t${n}`, weight])), jobs, 2);
          const given = tenants.map(() => [0, 0] as [number, number]);
          for (let t = 0; t < 20_000; t++) {
            const job = queue.take(t, short) as Job;
            const n = Number(job.tenants[0]?.slice(1));
            const of = (amount: number) => job.tenants.map((one) => ({ tenant: one, amount }));
            const [time, energy] = [1, (tenants[n] as (typeof tenants)[number]).energy];
            queue.done(job, of(time), of(energy));
            const sums = given[n] as [number, number];
            sums[0] += time;
            sums[1] += energy;
          }
          const all = given.reduce((sum, one) => sum + (one[short] as number), 0);
          const weights = tenants.reduce((sum, { weight }) => sum + weight, 0);
          tenants.forEach(({ weight }, n) => {
            const share = (all * weight) / weights;
            expect(Math.abs((given[n]?.[short] as number) - share) / share).toBeLessThan(0.02);
          });
        },
      ),
      { numRuns: 8 },
    );
  });

  it("one that submits 1,000 times more delays the others by no more than 5 %", () => {
    const weights = new Map([
      ["calm", 1],
      ["other", 1],
      ["flood", 1],
    ]);
    // Calm and other ask for their thirds; flood for its own, then for 1,000 times as much.
    const others = [...steady("calm", 0, 200, 3, 1), ...steady("other", 10_000, 200, 3, 1)];
    const delays = (flood: readonly Job[]): number => {
      const { done } = work(weights, [...others, ...flood], Infinity);
      return others.reduce((sum, { index, at }) => sum + (done.get(index) as number) - at, 0) / others.length;
    };
    const before = delays(steady("flood", 100_000, 200, 3, 1));
    const after = delays(steady("flood", 100_000, 200_000, 0.003, 1));
    expect(after / before).toBeLessThan(1.05);
  });

  it("nobody starves: work waits no longer than its place in its own lane and everyone's longest work account for", () => {
    const job = fc.record({
      tenant: fc.integer({ min: 0, max: 4 }),
      at: fc.double({ min: 0, max: 500, noNaN: true }),
      cost: fc.double({ min: 0.01, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 5, maxLength: 5 }),
        fc.array(job, { minLength: 1, maxLength: 200 }),
        (weights, list) => {
          const jobs = list.map(({ tenant, at, cost }, index) => ({
            tenants: [`t${tenant}`],
            at,
            cost,
            priority: 5,
            index,
          }));
          const { done } = work(new Map(weights.map((weight, n) => [`t${n}`, weight])), jobs, Infinity);
          expect(done.size).toBe(jobs.length);
          const sum = weights.reduce((all, weight) => all + weight, 0);
          const longest = Math.max(...jobs.map(({ cost }) => cost));
          for (const one of jobs) {
            // Guaranteed rate of its lane: all own work before it, and a longest piece of everybody (Goyal et al., theorem 4).
            const own = Number(one.tenants[0]?.slice(1));
            const before = jobs
              .filter(
                ({ tenants, at, index }) =>
                  tenants[0] === one.tenants[0] && (at < one.at || (at === one.at && index <= one.index)),
              )
              .reduce((all, { cost }) => all + cost, 0);
            const bound =
              (before * sum) / (weights[own] as number) + (5 * longest * sum) / (weights[own] as number);
            expect((done.get(one.index) as number) - one.at).toBeLessThanOrEqual(bound + 1e-6);
          }
        },
      ),
    );
  });

  it("takes nothing before its time, the most urgent of a tenant first, and work of several for the one furthest behind", () => {
    const at = (index: number, time: number, priority: number, ...tenants: string[]): Job => ({
      tenants,
      at: time,
      priority,
      index,
      cost: 1,
    });
    const jobs = [at(0, 0, 5, "a"), at(1, 0, 1, "a"), at(2, 0, 5, "a", "b"), at(3, 9, 1, "b")];
    const { done } = work(new Map(), jobs, Infinity);
    expect([...done.keys()]).toEqual([1, 2, 0, 3]);
    expect(done.get(3)).toBe(10);
  });
});
