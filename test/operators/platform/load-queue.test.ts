import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LoadQueue, type Draw } from "../../../operators/platform/load-queue.ts";

const draw = fc.record({
  load: fc.constantFrom("contact" as const, "camera" as const, "compute" as const, "transmit" as const),
  from: fc.integer({ min: 0, max: 900 }),
  length: fc.integer({ min: 1, max: 300 }),
  watts: fc.integer({ min: 0, max: 40 }),
});
const drawOf = ({
  load,
  from,
  length,
  watts,
}: {
  load: Draw["load"];
  from: number;
  length: number;
  watts: number;
}): Draw => ({
  load,
  from,
  to: from + length,
  watts,
});

describe("loads in waiting", () => {
  it("draw every joule once, in their own cells, in whatever order they were added", () => {
    fc.assert(
      fc.property(fc.array(draw, { maxLength: 120 }), (specs) => {
        const draws = specs.map(drawOf);
        const queue = new LoadQueue();
        for (const one of draws) queue.add(one);
        for (let end = 10; end <= 1200; end += 10) {
          queue.takeTo(end);
          const within = (isWanted: (one: Draw) => boolean): number =>
            draws
              .filter(isWanted)
              .reduce(
                (sum, one) =>
                  sum + one.watts * Math.max(0, Math.min(one.to, end) - Math.max(one.from, end - 10)),
                0,
              );
          expect(queue.compute).toBe(within(({ load }) => load === "compute"));
          expect(queue.others).toBe(within(({ load }) => load !== "compute"));
        }
      }),
    );
  });

  it("draw what comes too late in the next cell", () => {
    fc.assert(
      fc.property(
        fc.array(draw, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 100 }),
        (specs, taken) => {
          const queue = new LoadQueue();
          for (let cell = 1; cell <= taken; cell++) queue.takeTo(10 * cell);
          for (const one of specs) queue.add(drawOf(one));
          let drawn = 0;
          for (let cell = taken + 1; cell <= 125; cell++) {
            queue.takeTo(10 * cell);
            drawn += queue.compute + queue.others;
          }
          expect(drawn).toBe(specs.reduce((sum, { watts, length }) => sum + watts * length, 0));
        },
      ),
    );
  });
});
