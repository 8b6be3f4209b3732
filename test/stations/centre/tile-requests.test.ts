import { describe, expect, it } from "vitest";
import type { AskPlan } from "../../../pipeline/mission/ask-plan.ts";
import type { Detection } from "../../../pipeline/detection/detection.ts";
import { planTiles } from "../../../pipeline/raster/tile-plan.ts";
import { instant } from "../../../pipeline/units.ts";
import { tilesWorthAsking } from "../../../stations/centre/tile-requests.ts";

/** Two by two tiles of 32 pixels that meet at 28. */
const plan = planTiles({ x: 0, y: 0, width: 56, height: 56 }, { sizePx: 32, overlapPx: 8 });

const at = (x: number, y: number, score: number): Detection => ({
  classId: 0,
  score,
  boxPx: { x0: x - 1, y0: y - 1, x1: x + 1, y1: y + 1 },
});

const asked = (detections: readonly Detection[], rule: AskPlan): readonly number[] => {
  const arrival = {
    kind: "detections",
    number: 0,
    station: "gs",
    readyAt: instant(0),
    firstSentAt: instant(1),
    completedAt: instant(2),
    atCentre: instant(2),
  } as const;
  return tilesWorthAsking({ batch: { detections, arrival }, plan }, rule);
};

const detections = [at(5, 5, 0.9), at(40, 5, 0.5), at(41, 8, 0.3), at(5, 40, 0.3), at(28, 28, 0.6)];

describe("tilesWorthAsking", () => {
  it("are those whose cores hold detections in the band, ends included, most first, then in order of the plan", () => {
    expect(asked(detections, { from: 0.3, to: 0.6, tilesPerScene: 9 })).toEqual([1, 2, 3]);
    expect(asked(detections, { from: 0, to: 1, tilesPerScene: 9 })).toEqual([1, 0, 2, 3]);
  });
  it("are no more than asked for", () => {
    expect(asked(detections, { from: 0, to: 1, tilesPerScene: 2 })).toEqual([1, 0]);
  });
  it("are none where nothing was found, or nothing in the band", () => {
    expect(asked([], { from: 0, to: 1, tilesPerScene: 9 })).toEqual([]);
    expect(asked(detections, { from: 0.65, to: 0.8, tilesPerScene: 9 })).toEqual([]);
  });
});
