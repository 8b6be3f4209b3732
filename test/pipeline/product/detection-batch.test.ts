import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSwathError } from "../../../pipeline/errors.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import { detectionsToArrow } from "../../../pipeline/product/detection-arrow.ts";
import {
  columnsOf,
  decodeDetections,
  type DetectionBatch,
  encodeDetections,
  quantiseDetections,
} from "../../../pipeline/product/detection-batch.ts";
import { writeBody } from "../../../pipeline/product/detection-columns.ts";
import { sampleOutlines } from "./payload-samples.ts";
import { sequence } from "./rasters.ts";

const side = fc.oneof(fc.integer({ min: 1, max: 20_480 }), fc.integer({ min: 20_481, max: 1_000_000 }));
const real = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true });

/** Outlines may lie outside of the scene, and their points may fall together. */
const anyOutline = (width: number, height: number): fc.Arbitrary<Pick<Detection, "outlinePx">> =>
  fc
    .option(
      fc.array(fc.tuple(real(-90, width + 90), real(-90, height + 90)), { minLength: 3, maxLength: 9 }),
      { freq: 2 },
    )
    .map((outlinePx) => (outlinePx === null ? {} : { outlinePx }));

const anyBox = (width: number, height: number): fc.Arbitrary<Detection> =>
  fc
    .tuple(fc.nat(255), real(0, 1), real(-50, width + 50), real(-50, height + 50), real(0, 300), real(0, 300))
    .map(([classId, score, x0, y0, w, h]) => ({ classId, score, boxPx: { x0, y0, x1: x0 + w, y1: y0 + h } }));

const anyDetection = (width: number, height: number): fc.Arbitrary<Detection> =>
  fc
    .tuple(anyBox(width, height), anyOutline(width, height))
    .map(([box, outline]) => ({ ...box, ...outline }));

const anyScene = fc.tuple(side, side).chain(([width, height]) =>
  fc.record({
    width: fc.constant(width),
    height: fc.constant(height),
    found: fc.array(anyDetection(width, height)),
  }),
);

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const anyGeoreference = fc.option(
  fc.record({
    crs: fc.option(fc.string()),
    proj4: fc.string(),
    transform: fc.tuple(finite, finite, finite, finite, finite, finite),
  }),
);

const ships = (count: number): DetectionBatch => {
  const random = sequence(11);
  const detections = Array.from({ length: count }, () => {
    const [x0, y0] = [random() * 10_900, random() * 10_900];
    const box = { x0, y0, x1: x0 + 4 + 30 * random(), y1: y0 + 4 + 30 * random() };
    return { classId: 0, score: 0.25 + 0.75 * random(), boxPx: box };
  }).toSorted((a, b) => b.score - a.score);
  return {
    scene: "S2A_MSIL2A_20230710T101611_N0509_R065_T32TMP",
    georeference: {
      crs: "EPSG:32632",
      proj4: "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs",
      transform: [10, 0, 399_960, 0, -10, 4_900_020],
    },
    detections: quantiseDetections(detections, { width: 10_980, height: 10_980 }),
  };
};

describe("quantised detections", () => {
  it("stay as they are when quantised again", () => {
    fc.assert(
      fc.property(anyScene, ({ found, ...scene }) => {
        const once = quantiseDetections(found, scene);
        expect(quantiseDetections(once, scene)).toEqual(once);
      }),
    );
  });

  it("are within 1/510 of the score and half a step of the box, inside the scene", () => {
    const half = ({ width, height }: { width: number; height: number }) =>
      Math.max(1 / 32, Math.max(width, height) / 65_535);
    fc.assert(
      fc.property(anyScene, ({ found, ...scene }) => {
        quantiseDetections(found, scene).forEach(({ score, boxPx }, i) => {
          const was = found[i]!;
          expect(Math.abs(score - was.score)).toBeLessThanOrEqual(1 / 510 + 1e-12);
          const inside = Math.max(0, Math.min(was.boxPx.x0, scene.width));
          expect(Math.abs(boxPx.x0 - inside)).toBeLessThanOrEqual(2 * half(scene));
          expect(boxPx.x0).toBeGreaterThanOrEqual(0);
          expect(boxPx.x1).toBeLessThanOrEqual(scene.width);
          expect(boxPx.x1).toBeGreaterThanOrEqual(boxPx.x0);
          expect(boxPx.y1).toBeGreaterThanOrEqual(boxPx.y0);
        });
      }),
    );
  });

  it("keep the points of outlines within half a step, wherever they lie", () => {
    fc.assert(
      fc.property(anyScene, ({ found, ...scene }) => {
        const half = Math.max(1 / 32, Math.max(scene.width, scene.height) / 65_535);
        quantiseDetections(found, scene).forEach(({ outlinePx = [] }, i) => {
          for (const [x, y] of outlinePx) {
            const apart = (found[i]!.outlinePx ?? []).map(([px, py]) =>
              Math.max(Math.abs(px - x), Math.abs(py - y)),
            );
            expect(Math.min(...apart)).toBeLessThanOrEqual(half + 1e-9);
          }
        });
      }),
    );
  });

  it("lose an outline that falls into a line on the grid, not the box", () => {
    const boxPx = { x0: 0, y0: 0, x1: 9, y1: 9 };
    const speck = {
      classId: 0,
      score: 1,
      boxPx,
      outlinePx: [
        [1, 1],
        [1.001, 1],
        [1, 1.001],
      ],
    } as const;
    expect(quantiseDetections([speck], { width: 99, height: 99 })).toEqual([{ classId: 0, score: 1, boxPx }]);
  });

  it("keep quarter pixels on a whole Sentinel-2 tile", () => {
    const box = { x0: 10_000.26, y0: 0.1, x1: 10_020.74, y1: 9.9 };
    const [snapped] = quantiseDetections([{ classId: 1, score: 0.5, boxPx: box }], {
      width: 10_980,
      height: 10_980,
    });
    expect(snapped).toEqual({
      classId: 1,
      score: 128 / 255,
      boxPx: { x0: 10_000.25, y0: 0, x1: 10_020.75, y1: 10 },
    });
  });
});

describe("detections on the wire", () => {
  it("come back exactly, with scene and georeference", () => {
    fc.assert(
      fc.property(anyScene, fc.string(), anyGeoreference, ({ found, ...size }, scene, georeference) => {
        const batch = { scene, georeference, detections: quantiseDetections(found, size) };
        expect(decodeDetections(encodeDetections(batch))).toEqual(batch);
      }),
    );
  });

  it("take at most 16 bytes each from 1,000 on, and few where there are few", () => {
    const size = (count: number) => encodeDetections(ships(count)).length;
    expect(size(1000) / 1000).toBeLessThan(7);
    expect(size(0)).toBeLessThan(100);
    expect(size(10)).toBeLessThan(220);
  });

  it("cost nothing for outlines that are not there, and few bytes where they are", () => {
    const bare = ships(1000);
    const turned = bare.detections.map((one): Detection => {
      const { x0, y0, x1, y1 } = one.boxPx;
      const [dx, dy] = [(x1 - x0) / 4, (y1 - y0) / 4];
      return {
        ...one,
        outlinePx: [
          [x0 + dx, y0],
          [x1, y1 - dy],
          [x1 - dx, y1],
          [x0, y0 + dy],
        ],
      };
    });
    const scene = { width: 10_980, height: 10_980 };
    const size = (detections: readonly Detection[]): number =>
      encodeDetections({ ...bare, detections: quantiseDetections(detections, scene) }).length;
    expect(encodeDetections(bare)[0]).toBe(1);
    expect((size(turned) - size(bare.detections)) / 1000).toBeLessThan(7);
    // One outline among many boxes: a byte a box at most before compression, next to nothing after it.
    expect(size([turned[0]!, ...bare.detections.slice(1)]) - size(bare.detections)).toBeLessThan(40);
  });

  it("are the body of an Arrow stream that Arrow itself reads", () => {
    const batch = ships(21);
    const stream = detectionsToArrow(batch);
    const table = tableFromIPC(stream);
    expect(table.schema.metadata.get("scene")).toBe(batch.scene);
    expect(table.schema.metadata.get("transform")).toBe("10 0 399960 0 -10 4900020");
    expect(
      table.toArray().map((row) => [row.class, row.score / 255, row.x / 4, (row.x + row.width) / 4]),
    ).toEqual(batch.detections.map((d) => [d.classId, d.score, d.boxPx.x0, d.boxPx.x1]));
    const body = Buffer.from(writeBody(columnsOf(batch.detections).columns));
    expect(Buffer.from(stream).indexOf(body)).toBe(stream.length - 8 - body.length);
  });

  it("are refused when nobody quantised them", () => {
    const detection = { classId: 0, score: 0.3333, boxPx: { x0: 0.1, y0: 0, x1: 3, y1: 4 } };
    const batch = { scene: "s", georeference: null };
    expect(() => encodeDetections({ ...batch, detections: [detection] })).toThrow(/wanted quantised boxes/);
    const many = { classId: 256, score: 1, boxPx: { x0: 0, y0: 0, x1: 3, y1: 4 } };
    expect(() => encodeDetections({ ...batch, detections: [many] })).toThrow(/classes from 0 to 255/);
  });

  it.each([
    ["boxes", ships(30)],
    ["outlines", sampleOutlines],
  ])("refuse damaged and hostile bytes with a link error: %s", (_, batch) => {
    const good = encodeDetections(batch);
    const rejects = (bad: Uint8Array): void => {
      try {
        decodeDetections(bad);
      } catch (error) {
        expect(isSwathError(error, "link"), String(error)).toBe(true);
      }
    };
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, value, cut) => {
        const bad = good.slice(0, cut % 3 === 0 ? cut : undefined);
        if (at < bad.length) bad[at] = value;
        rejects(bad);
      }),
      { numRuns: 1000 },
    );
    expect(() => decodeDetections(good.slice(0, 40))).toThrow(/corrupt detections payload/);
    expect(() => decodeDetections(Uint8Array.of())).toThrow(/corrupt detections payload/);
    expect(() => decodeDetections(Uint8Array.of(3, ...good.slice(1)))).toThrow(/unknown format version/);
  });
});
