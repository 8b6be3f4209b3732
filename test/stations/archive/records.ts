import type { ResultRecord } from "../../../stations/archive/result-record.ts";
import { resultMessage } from "../../../stations/archive/record-message.ts";
import { instant } from "../../../pipeline/units.ts";

const scene = (id: string) => ({
  id,
  width: 1000,
  height: 1000,
  bands: [],
  georeference: null,
  acquiredAt: null,
  platform: null,
});

const record = (over: Partial<ResultRecord>): ResultRecord => ({
  detection: { className: "ship", score: 0.8125, boxPx: { x0: 10, y0: 20.5, x1: 18, y1: 31 } },
  scene: scene("genoa"),
  acquisition: 0,
  satellite: "SENTINEL-2A",
  station: "svalbard",
  capturedAt: instant(1_786_615_200.25),
  receivedAt: instant(1_786_618_800.75),
  polygonLonLat: [
    [8.9, 44.39],
    [8.91, 44.39],
    [8.91, 44.4],
    [8.9, 44.4],
  ],
  ...over,
});

/** A plain one, one across the antimeridian listed clockwise, one without a place on Earth. */
export const records: readonly ResultRecord[] = [
  record({}),
  record({
    scene: scene("taveuni"),
    acquisition: 1,
    detection: { className: "ferry “Süd”", score: 1 / 3, boxPx: { x0: 0, y0: 0, x1: 4, y1: 4 } },
    polygonLonLat: [
      [179.75, -16],
      [-179.75, -16],
      [-179.75, -16.5],
      [179.75, -16.5],
    ],
  }),
  record({ scene: scene("chip-7"), acquisition: 2, satellite: "SCS-01 A", polygonLonLat: null }),
];

export const origin = { run: "run-7-detect", policy: "detect" };

/** The same as subscribers get them. */
export const results = records.map((record) => resultMessage(origin, record));
