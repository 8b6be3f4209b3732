import { createHash } from "node:crypto";
import type { Detection } from "../detection/detection.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import type { OrderNamed } from "../orders/order.ts";
import { isInBox, type BoundingBox } from "../raster/area-geometry.ts";
import { pixelToLonLat } from "../raster/georeference.ts";
import type { Scene } from "../raster/scene.ts";
import { instant, later, type Instant } from "../units.ts";

/** What one satellite has seen that another one is to look at: one of a cue order's tips. */
export interface CueTip {
  /** Of the look that follows it, too: no order has it. */
  readonly id: string;
  /** The order that asks for it, by its id. */
  readonly cue: string;
  readonly satellite: string;
  readonly acquisition: number;
  readonly scene: string;
  readonly className: string;
  /** Of the best detection in the area. */
  readonly score: number;
  /** What is looked at: west, south, east, north in degrees. */
  readonly bbox: BoundingBox;
  readonly takenAt: Instant;
  /** When the detections stood on board. */
  readonly readyAt: Instant;
  /** An image that is taken later is worth nothing. */
  readonly until: Instant;
}

/** An image with what the model found in it, alike on board and on the ground. */
export interface SeenImage {
  readonly acquisition: Acquisition;
  readonly scene: Scene;
  /** Of the model. */
  readonly classes: readonly string[];
  /** In pixels of the scene, as they go down. */
  readonly detections: readonly Detection[];
  readonly readyAt: Instant;
}

/** Acquisitions that satellites add by themselves are numbered from here on, each satellite in steps of its own: nobody has to be asked. */
export const firstOwnAcquisition = 1_000_000;

/** The area around a detection, degrees to a side: some ten kilometres, which one look of most cameras covers. */
const areaSize = 0.1;
/** As boxes go up: about a metre. */
const perDegree = 100_000;

const rounded = (angle: number): number => Math.round(angle * perDegree) / perDegree + 0;
const wrapped = (longitude: number): number =>
  longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;

/** The area that is looked at for a detection in the middle of it. */
export const areaAround = (longitude: number, latitude: number): BoundingBox => {
  const half = areaSize / 2;
  return [
    rounded(wrapped(longitude - half)),
    rounded(Math.max(-90, latitude - half)),
    rounded(wrapped(longitude + half)),
    rounded(Math.min(90, latitude + half)),
  ];
};

/** Where the middle of a detection lies; `null` in a scene without a place. */
export const placeOf = ({ boxPx: { x0, y0, x1, y1 } }: Detection, { georeference }: Scene) =>
  georeference === null ? null : pixelToLonLat(georeference, (x0 + x1) / 2, (y0 + y1) / 2);

/** Longest id of a cue that stands in its tips' ids as it is: those have at most 64 characters. */
const longestCue = 44;

const tipId = (cue: string, acquisition: number, n: number): string => {
  const digest = (): string => createHash("sha256").update(cue).digest("hex").slice(0, 8);
  const name = cue.length <= longestCue ? cue : `${cue.slice(0, longestCue - 9)}-${digest()}`;
  return `${name}-${acquisition}-${n}`;
};

/**
 * The tips of an image for a cue: its detections of that class, score and area, the best first, each with the area around it; one that lies in the area of
 * a better one is part of that. An image that was ordered gives none: else those that follow tips would never end.
 */
export const tipsOf = (cue: OrderNamed<"cue">, image: SeenImage): readonly CueTip[] => {
  const { acquisition, scene, classes, detections, readyAt } = image;
  const { on, minScore, bbox, within } = cue.body;
  const isDue = acquisition.at >= cue.issuedAt && acquisition.at < cue.deadline;
  if (acquisition.order !== undefined || !isDue || scene.georeference === null) return [];
  const tips: CueTip[] = [];
  const best = detections
    .map((detection, place) => ({ detection, place }))
    .filter(({ detection }) => classes[detection.classId] === on && detection.score >= minScore)
    .toSorted((a, b) => b.detection.score - a.detection.score || a.place - b.place);
  for (const { detection } of best) {
    const place = placeOf(detection, scene);
    if (place === null || (bbox !== null && !isInBox(bbox, place))) continue;
    if (tips.some((tip) => isInBox(tip.bbox, place))) continue;
    tips.push({
      id: tipId(cue.id, acquisition.index, tips.length),
      cue: cue.id,
      satellite: acquisition.satellite,
      acquisition: acquisition.index,
      scene: acquisition.scene,
      className: on,
      score: detection.score,
      bbox: areaAround(...place),
      takenAt: acquisition.at,
      readyAt,
      until: instant(Math.min(later(acquisition.at, within), cue.deadline)),
    });
  }
  return tips;
};
