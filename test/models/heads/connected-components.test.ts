import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectedComponents } from "../../../models/heads/connected-components.ts";

/** By flooding from each pixel: slow and plain. */
const flooded = (mask: Uint8Array, width: number): readonly string[] => {
  const height = mask.length / width;
  const seen = new Set<number>();
  const found: string[] = [];
  mask.forEach((value, start) => {
    if (value === 0 || seen.has(start)) return;
    const [pixels, queue] = [[] as number[], [start]];
    seen.add(start);
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      pixels.push(at);
      const [x, y] = [at % width, Math.floor(at / width)];
      for (const [dx, dy] of [
        [-1, -1],
        [0, -1],
        [1, -1],
        [-1, 0],
        [1, 0],
        [-1, 1],
        [0, 1],
        [1, 1],
      ] as const) {
        const next = (y + dy) * width + x + dx;
        const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        if (!inside || mask[next] !== value || seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    const [xs, ys] = [pixels.map((p) => p % width), pixels.map((p) => Math.floor(p / width))];
    found.push(
      [
        value,
        pixels.length,
        Math.min(...xs),
        Math.min(...ys),
        Math.max(...xs) + 1,
        Math.max(...ys) + 1,
      ].join(),
    );
  });
  return found;
};

describe("connected components", () => {
  test("are those that flooding finds, in the order of their first pixels", () => {
    const masks = fc.integer({ min: 1, max: 13 }).chain((width) =>
      fc.tuple(
        fc.constant(width),
        fc
          .integer({ min: 1, max: 11 })
          .chain((height) =>
            fc.uint8Array({ min: 0, max: 2, minLength: width * height, maxLength: width * height }),
          ),
      ),
    );
    fc.assert(
      fc.property(masks, ([width, mask]) => {
        const weights = Float32Array.from(mask, (value) => value * 2);
        const found = connectedComponents(mask, weights, width);
        const rows = found.map(({ value, pixels, x0, y0, x1, y1 }) => [value, pixels, x0, y0, x1, y1].join());
        expect(rows).toEqual(flooded(mask, width));
        for (const { value, pixels, sum } of found) expect(sum).toBe(pixels * value * 2);
      }),
      { numRuns: 400 },
    );
  });

  test("a spiral is one object", () => {
    const rows = ["1111111", "0000001", "1111101", "1000101", "1011101", "1000001", "1111111"];
    const mask = Uint8Array.from(rows.join(""), Number);
    expect(connectedComponents(mask, new Float32Array(49), 7)).toMatchObject([{ pixels: 31, x1: 7, y1: 7 }]);
  });
});
