import type { WorkloadEntry } from "../../pipeline/mission/workload.ts";
import { bytes, seconds } from "../../pipeline/units.ts";

/** One acquisition's work, made up: 25 tiles that a model looks at, and nineteen detections in one product. */
export const madeEntry: WorkloadEntry = {
  scene: "made",
  failure: null,
  samples: 16e6,
  sensorBytes: bytes(32e6),
  losslessBytes: bytes(12e6),
  tiles: 25,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: bytes(0),
  cloudyBytes: bytes(0),
  modelTiles: 25,
  detections: 19,
  operations: 1.6e11,
  encodedSamples: 0,
  computeSeconds: seconds(1.2),
  products: [{ kind: "detections", tile: null, size: 450, workAt: seconds(1.2) }],
  taken: null,
};
