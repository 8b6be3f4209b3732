import { type DetectionBatch, quantiseDetections } from "../../../pipeline/product/detection-batch.ts";
import type { Raster } from "../../../pipeline/raster/raster.ts";
import { band, scenery } from "./rasters.ts";

/** What the golden payloads of `test/golden/product/payloads.json` hold. */
export const sampleBatch: DetectionBatch = {
  scene: "genoa",
  georeference: {
    crs: "EPSG:32632",
    proj4: "+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs",
    transform: [10, 0, 399_960, 0, -10, 4_900_020],
  },
  detections: quantiseDetections(
    [
      { classId: 0, score: 0.91, boxPx: { x0: 1000.2, y0: 17, x1: 1021.7, y1: 30.4 } },
      { classId: 3, score: 0.4, boxPx: { x0: 10_970, y0: 5000, x1: 10_985, y1: 5004 } },
    ],
    { width: 10_980, height: 10_980 },
  ),
};

/** A turned box that reaches past the scene, a shape, a box alone: version 2 of the format. */
export const sampleOutlines: DetectionBatch = {
  ...sampleBatch,
  detections: quantiseDetections(
    [
      {
        classId: 0,
        score: 0.9,
        boxPx: { x0: 0, y0: 16.25, x1: 21.5, y1: 30.5 },
        outlinePx: [
          [-2.5, 22.25],
          [17, 16.25],
          [21.5, 24.5],
          [2, 30.5],
        ],
      },
      {
        classId: 2,
        score: 0.5,
        boxPx: { x0: 5000, y0: 6000, x1: 5006, y1: 6004 },
        outlinePx: [
          [5000, 6001.5],
          [5003.5, 6000],
          [5006, 6002.5],
          [5004.5, 6004],
          [5001, 6003],
        ],
      },
      { classId: 1, score: 0.4, boxPx: { x0: 10, y0: 20, x1: 30, y1: 40 } },
    ],
    { width: 10_980, height: 10_980 },
  ),
};

/** Stretched reflectance, a sparse histogram, even steps and floats, with a mask. */
export const sampleRaster: Raster = {
  width: 20,
  height: 12,
  bands: [band("a", "uint16"), band("b", "uint16"), band("c", "int16"), band("d", "float32")],
  planes: [
    Uint16Array.from(scenery(20, 12, 1), (value) =>
      Math.floor((Math.round(value) * 65_535 + 5_000) / 10_000),
    ),
    Uint16Array.from(scenery(20, 12, 2), (value) => (Math.round(value) % 13) ** 4),
    Int16Array.from(scenery(20, 12, 3), (value) => Math.round(value) * 5 - 3000),
    Float32Array.from(scenery(20, 12, 4)),
  ],
  valid: Uint8Array.from({ length: 240 }, (_, i) => (i % 7 === 0 ? 0 : 1)),
};
