import { encodeDetections, quantiseDetections } from "../../pipeline/product/detection-batch.ts";

/** Bytes of batches of several sizes, georeference and scene name included: rows of count, bytes, bytes each. */
export const detectionSizes = (): string[][] => {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const scene = { width: 10_980, height: 10_980 };
  const georeference = {
    crs: "EPSG:32632",
    proj4: "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs",
    transform: [10, 0, 399_960, 0, -10, 4_900_020],
  } as const;
  return [0, 1, 10, 50, 100, 1_000, 10_000].map((count) => {
    const found = Array.from({ length: count }, () => {
      const [x0, y0] = [random() * 10_900, random() * 10_900];
      const boxPx = { x0, y0, x1: x0 + 4 + 36 * random(), y1: y0 + 4 + 36 * random() };
      return { classId: 0, score: 0.25 + 0.75 * random(), boxPx };
    }).toSorted((a, b) => b.score - a.score);
    const name = "S2A_MSIL2A_20230710T101611_N0509_R065_T32TMP";
    const batch = { scene: name, georeference, detections: quantiseDetections(found, scene) };
    const { length } = encodeDetections(batch);
    return [`${count}`, `${length}`, count === 0 ? "" : (length / count).toFixed(2)];
  });
};
