import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectedComponents } from "../../../models/heads/connected-components.ts";
import { crossesItself } from "../../../pipeline/raster/ring-crossing.ts";
import { simplifyRing } from "../../../models/heads/ring-simplify.ts";
import { traceRing } from "../../../models/heads/ring-trace.ts";
import { outlineArea, type OutlinePx, type PointPx } from "../../../pipeline/detection/outline.ts";

/** Made by `test/golden/models/outlines.py`. */
const golden = JSON.parse(
  readFileSync(new URL("../../golden/models/outlines.json", import.meta.url), "utf8"),
) as {
  readonly masks: readonly {
    readonly width: number;
    readonly rows: readonly string[];
    readonly patches: readonly {
      readonly first: number;
      readonly box: number[];
      readonly filled: number[];
    }[];
  }[];
  readonly rings: readonly {
    readonly ring: readonly PointPx[];
    readonly tolerance: number;
    readonly kept: readonly PointPx[];
    readonly area: number;
  }[];
};

/** By crossings of a ray to the right. */
const isInside = (ring: OutlinePx, x: number, y: number): boolean =>
  ring.reduce((inside, [ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length] as PointPx;
    return ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax) ? !inside : inside;
  }, false);

const boundsOf = (ring: OutlinePx): number[] => {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};

/** How far the points of one ring lie from another ring at most. */
const farthest = (points: OutlinePx, ring: OutlinePx): number =>
  Math.max(
    ...points.map(([x, y]) =>
      Math.min(
        ...ring.map(([ax, ay], i) => {
          const [bx, by] = ring[(i + 1) % ring.length] as PointPx;
          const square = (bx - ax) ** 2 + (by - ay) ** 2;
          const along = square === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square;
          const at = Math.min(1, Math.max(0, along));
          return Math.hypot(x - ax - at * (bx - ax), y - ay - at * (by - ay));
        }),
      ),
    ),
  );

const anyMask = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      mask: fc.uint8Array({ minLength: width * height, maxLength: width * height, max: 2 }),
    }),
  );

const ringsOf = (mask: Uint8Array, width: number) =>
  connectedComponents(mask, new Float32Array(mask.length), width).map((one) => ({
    ...one,
    ring: traceRing(mask, width, one.first),
  }));

describe("outlines of patches", () => {
  test.each(golden.masks.map((mask, i) => [i, mask] as const))(
    "mask %i: go round the cells that OpenCV's contours go round",
    (_, { width, rows, patches }) => {
      const mask = Uint8Array.from(rows.join(""), Number);
      const traced = ringsOf(mask, width).toSorted((a, b) => a.first - b.first);
      // What lies in a hole of another patch has no outer contour of its own in OpenCV's list.
      expect(traced.length).toBeGreaterThanOrEqual(patches.length);
      for (const { first, box, filled } of patches) {
        const { ring = [] } = traced.find((one) => one.first === first) ?? {};
        expect(boundsOf(ring)).toEqual(box);
        const inside = [...mask.keys()].filter((at) =>
          isInside(ring, (at % width) + 0.5, Math.floor(at / width) + 0.5),
        );
        expect(inside).toEqual(filled);
      }
    },
  );

  test("contain their patch and nothing of their class beside it, with its bounds, half a cell less than what they fill", () => {
    fc.assert(
      fc.property(anyMask, ({ width, mask }) => {
        for (const { ring, x0, y0, x1, y1, value, first } of ringsOf(mask, width)) {
          expect(boundsOf(ring)).toEqual([x0, y0, x1, y1]);
          expect(crossesItself(ring)).toBe(false);
          const cells = [...mask.keys()].filter((at) =>
            isInside(ring, (at % width) + 0.5, Math.floor(at / width) + 0.5),
          );
          expect(cells).toContain(first);
          expect(mask[first]).toBe(value);
          expect(outlineArea(ring)).toBeCloseTo(cells.length - 0.5, 9);
        }
      }),
    );
  });
});

describe("simplified rings", () => {
  test.each(golden.rings.map((one, i) => [i, one] as const))(
    "ring %i: within the tolerance, with no more points than OpenCV's approxPolyDP and a few, and its area",
    (_, { ring, tolerance, kept, area }) => {
      const simple = simplifyRing(ring, tolerance);
      expect(farthest(ring, simple)).toBeLessThanOrEqual(tolerance + 1e-9);
      expect(simple.length).toBeLessThanOrEqual(kept.length * 1.1 + 3);
      expect(Math.abs(Math.abs(outlineArea(simple)) - area) / area).toBeLessThan(0.02);
    },
  );

  test("leave out no point by more than the tolerance and never cross themselves", () => {
    fc.assert(
      fc.property(anyMask, fc.double({ min: 0, max: 4, noNaN: true }), ({ width, mask }, tolerance) => {
        for (const { ring } of ringsOf(mask, width)) {
          const simple = simplifyRing(ring, tolerance);
          expect(simple.length).toBeGreaterThanOrEqual(3);
          expect(farthest(ring, simple)).toBeLessThanOrEqual(tolerance + 1e-9);
          expect(crossesItself(simple)).toBe(false);
          expect(outlineArea(simple)).toBeGreaterThan(0);
          expect(simple.every((point) => ring.includes(point))).toBe(true);
        }
      }),
    );
  });

  test("a straight side keeps its ends alone", () => {
    const mask = new Uint8Array(12 * 9);
    for (let y = 2; y < 7; y += 1) mask.fill(1, y * 12 + 1, y * 12 + 11);
    const simple = simplifyRing(traceRing(mask, 12, 25), 0);
    // A rectangle whose corners are cut.
    expect(simple).toHaveLength(8);
    expect(simplifyRing(simple, 0.5)).toHaveLength(4);
  });

  test("a mask of noise, the worst there is, takes less than a second", () => {
    const side = 512;
    const mask = Uint8Array.from({ length: side * side }, (_, i) => ((i * 2_654_435_761) >>> 16) & 1);
    const began = performance.now();
    for (const { ring } of ringsOf(mask, side)) simplifyRing(ring, 0.5);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
