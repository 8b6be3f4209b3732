import type { Detection } from "../../pipeline/detection/detection.ts";
import type { OutlinePx, PointPx } from "../../pipeline/detection/outline.ts";
import { encodeDetections, quantiseDetections } from "../../pipeline/product/detection-batch.ts";

type Shape = (box: Detection["boxPx"], random: () => number) => OutlinePx | undefined;

/** None; corners of a turned box; a blob of as many points as a mask's outline of that size has. */
const shapes: Readonly<Record<string, Shape>> = {
  boxes: () => undefined,
  "turned boxes": ({ x0, y0, x1, y1 }, random) => {
    const share = random();
    const [dx, dy] = [(x1 - x0) * share, (y1 - y0) * share];
    return [
      [x0 + dx, y0],
      [x1, y1 - dy],
      [x1 - dx, y1],
      [x0, y0 + dy],
    ];
  },
  "outlines of 12 points": ({ x0, y0, x1, y1 }, random) =>
    Array.from({ length: 12 }, (_, i): PointPx => {
      const radius = 0.4 + 0.1 * random();
      const angle = (i / 12) * 2 * Math.PI;
      // Outlines of masks lie on half pixels.
      const half = (value: number): number => Math.round(2 * value) / 2;
      return [
        half(x0 + (x1 - x0) * (0.5 + radius * Math.cos(angle))),
        half(y0 + (y1 - y0) * (0.5 + radius * Math.sin(angle))),
      ];
    }),
};

/** What outlines add to 1,000 detections: rows of shape, bytes, bytes a detection. */
export const outlineSizes = (): string[][] =>
  Object.entries(shapes).map(([name, shape]) => {
    const length = batchBytes(1000, shape);
    return [name, `${length}`, (length / 1000).toFixed(2)];
  });

/** Bytes of batches of several sizes, georeference and scene name included: rows of count, bytes, bytes each. */
export const detectionSizes = (): string[][] =>
  [0, 1, 10, 50, 100, 1_000, 10_000].map((count) => {
    const length = batchBytes(count, () => undefined);
    return [`${count}`, `${length}`, count === 0 ? "" : (length / count).toFixed(2)];
  });

const batchBytes = (count: number, shape: Shape): number => {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const scene = { width: 10_980, height: 10_980 };
  const georeference = {
    crs: "EPSG:32632",
    proj4: "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs",
    transform: [10, 0, 399_960, 0, -10, 4_900_020],
  } as const;
  const found = Array.from({ length: count }, (): Detection => {
    const [x0, y0] = [random() * 10_900, random() * 10_900];
    const boxPx = { x0, y0, x1: x0 + 4 + 36 * random(), y1: y0 + 4 + 36 * random() };
    const score = 0.25 + 0.75 * random();
    const outlinePx = shape(boxPx, random);
    return { classId: 0, score, boxPx, ...(outlinePx === undefined ? {} : { outlinePx }) };
  }).toSorted((a, b) => b.score - a.score);
  const name = "S2A_MSIL2A_20230710T101611_N0509_R065_T32TMP";
  const batch = { scene: name, georeference, detections: quantiseDetections(found, scene) };
  return encodeDetections(batch).length;
};
