import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import { bytes, seconds, type Instant } from "../../pipeline/units.ts";

/** The record of an acquisition of which nothing came: not readable, or never taken. */
export const failedRecord = (index: number, at: Instant, reason: string): AcquisitionRecord => ({
  index,
  failure: reason,
  startedAt: at,
  readyAt: at,
  samples: 0,
  sensorBytes: bytes(0),
  losslessBytes: bytes(0),
  tiles: 0,
  emptyTiles: 0,
  cloudyTiles: 0,
  emptyBytes: bytes(0),
  cloudyBytes: bytes(0),
  modelTiles: 0,
  detections: 0,
  operations: 0,
  encodedSamples: 0,
  computeSeconds: seconds(0),
});
