import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openReadAhead } from "../../../datasets/files/read-ahead.ts";

/** Reads of a file in some order of need, none overlapping another. */
const plans = fc
  .array(fc.record({ gap: fc.nat(50), length: fc.integer({ min: 1, max: 100 }), key: fc.nat() }), {
    maxLength: 30,
  })
  .map((parts) => {
    let at = 0;
    return parts
      .map(({ gap, length, key }) => {
        const offsetBytes = at + gap;
        at = offsetBytes + length;
        return { offsetBytes, lengthBytes: length, key };
      })
      .toSorted((a, b) => a.key - b.key);
  });
const spans = fc
  .record({ start: fc.nat(3000), length: fc.integer({ min: 1, max: 200 }) })
  .map(({ start, length }) => ({ start, end: start + length }));

describe("read-ahead", () => {
  it("widens a span to the expected reads that it touches, and to no others", () => {
    fc.assert(
      fc.property(plans, spans, (plan, span) => {
        const touched = plan
          .map(({ offsetBytes, lengthBytes }) => ({ start: offsetBytes, end: offsetBytes + lengthBytes }))
          .filter(({ start, end }) => start < span.end && span.start < end);
        expect(openReadAhead(plan, 100).widen(span)).toEqual({
          start: Math.min(span.start, ...touched.map(({ start }) => start)),
          end: Math.max(span.end, ...touched.map(({ end }) => end)),
        });
      }),
    );
  });

  it("asks for each read once, in the order of need, and no further ahead than it may", () => {
    fc.assert(
      fc.property(plans, fc.array(spans, { maxLength: 20 }), fc.nat(400), (plan, reads, aheadBytes) => {
        const ahead = openReadAhead(plan, aheadBytes);
        let asked = 0;
        let reach = 0;
        for (const span of reads) {
          plan.forEach(({ offsetBytes, lengthBytes }, order) => {
            if (offsetBytes < span.end && span.start < offsetBytes + lengthBytes)
              reach = Math.max(reach, order + 1);
          });
          asked = Math.max(asked, reach);
          const next = ahead.advance(span);
          const wanted = plan.slice(asked, asked + next.length);
          expect(next.map(({ start }) => start)).toEqual(wanted.map(({ offsetBytes }) => offsetBytes));
          asked += next.length;
          const beyond = plan.slice(reach, asked).reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
          const last = next.at(-1);
          if (last !== undefined)
            expect(beyond - (last.end - last.start)).toBeLessThan(Math.max(1, aheadBytes));
          if (asked < plan.length) expect(beyond).toBeGreaterThanOrEqual(aheadBytes);
        }
      }),
    );
  });
});
