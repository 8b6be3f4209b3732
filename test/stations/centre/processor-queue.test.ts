import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, seconds } from "../../../pipeline/units.ts";
import { queueJobs, type GroundJob } from "../../../stations/centre/processor-queue.ts";

const job = (acquisition: number, tile: number, arrivesAt: number, work: number): GroundJob => ({
  acquisition,
  tile,
  arrivesAt: instant(arrivesAt),
  work: seconds(work),
});

const anyJobs = fc.uniqueArray(
  fc
    .tuple(
      fc.nat(4),
      fc.nat(9),
      fc.integer({ min: 0, max: 60 }),
      fc.constantFrom(0.5, 1, 4, 30), // sums of these are exact
    )
    .map((one) => job(...one)),
  { selector: ({ acquisition, tile }) => `${acquisition}/${tile}`, maxLength: 30 },
);

describe("the queue at the ground's processors", () => {
  it("takes what comes at once by acquisition and tile, and rests when there is nothing", () => {
    const jobs = [job(1, 0, 10, 2), job(0, 3, 10, 2), job(0, 1, 10, 2), job(2, 0, 100, 1)];
    expect(queueJobs(jobs)).toEqual([16, 14, 12, 101]);
  });

  it("works on one at a time, never before it is there, never idle while one waits, in any order of asking", () => {
    fc.assert(
      fc.property(anyJobs, fc.nat(), (jobs, turn) => {
        const done = queueJobs(jobs);
        const spans = jobs
          .map(({ arrivesAt, work }, n) => ({
            arrivesAt,
            from: (done[n] as number) - work,
            to: done[n] as number,
          }))
          .toSorted((a, b) => a.from - b.from);
        spans.forEach(({ arrivesAt, from }, n) => {
          const free = spans[n - 1]?.to ?? -Infinity;
          expect(from).toBe(Math.max(arrivesAt, free));
          expect(arrivesAt).toBeGreaterThanOrEqual(spans[n - 1]?.arrivesAt ?? 0);
        });
        const shift = jobs.length === 0 ? 0 : turn % jobs.length;
        const turned = [...jobs.slice(shift), ...jobs.slice(0, shift)].toReversed();
        const again = queueJobs(turned);
        for (const [n, one] of turned.entries()) expect(again[n]).toBe(done[jobs.indexOf(one)]);
      }),
      { seed: 3 },
    );
  });
});
