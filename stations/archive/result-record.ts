import type { Scene } from "../../pipeline/raster/scene.ts";
import type { Instant } from "../../pipeline/units.ts";
import { type NamedDetection, namedDetection } from "../../pipeline/detection/named-detection.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import { type OutlinePx, outlineArea } from "../../pipeline/detection/outline.ts";
import { pixelToLonLat } from "../../pipeline/raster/georeference.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";

/** A detection as it reached the ground, with where and when. */
export interface ResultRecord {
  /** Box in pixels of the scene. */
  readonly detection: NamedDetection;
  readonly scene: Scene;
  /** Index in the run's schedule. */
  readonly acquisition: number;
  readonly satellite: string;
  readonly station: string;
  readonly capturedAt: Instant;
  /** When subscribers could have it. */
  readonly receivedAt: Instant;
  /** Beginning of the digest of the model that found it, where satellites may have several. */
  readonly model?: string;
  /**
   * The outline where the model saw one, else the box's corners, in degrees, WGS 84, longitude first, counter-clockwise, not
   * closed; `null` where the scene has no georeference.
   */
  readonly polygonLonLat: readonly (readonly [longitude: number, latitude: number])[] | null;
}

const cornersOf = ({ x0, y0, x1, y1 }: Detection["boxPx"]): OutlinePx => [
  [x0, y1],
  [x1, y1],
  [x1, y0],
  [x0, y0],
];

/** Counter-clockwise on the ground: rows run south as a rule, but not in every image. */
const ringOf = (
  { georeference }: Scene,
  { boxPx, outlinePx }: Pick<Detection, "boxPx" | "outlinePx">,
): ResultRecord["polygonLonLat"] => {
  if (georeference === null) return null;
  const ring = outlinePx ?? cornersOf(boxPx);
  const [a, b, , d, e] = georeference.transform;
  const isMirrored = a * e - b * d > 0;
  const isClockwise = outlineArea(ring) > 0 !== isMirrored;
  return (isClockwise ? ring.toReversed() : ring).map(([x, y]) => pixelToLonLat(georeference, x, y));
};

/** The detections of an acquisition with everything that the archive and subscribers want to know of them. */
export const resultRecords = (
  { acquisition, scene, detections, model }: LandedAcquisition,
  classes: readonly string[],
): readonly ResultRecord[] =>
  detections.map(({ detection, arrival, publishedAt }) => ({
    detection: namedDetection(detection, classes),
    scene,
    acquisition: acquisition.index,
    satellite: acquisition.satellite,
    station: arrival.station,
    capturedAt: acquisition.at,
    receivedAt: publishedAt,
    ...(model === undefined ? {} : { model }),
    polygonLonLat: ringOf(scene, detection),
  }));
