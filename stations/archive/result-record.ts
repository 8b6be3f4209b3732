import type { Scene } from "../../pipeline/raster/scene.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";

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
  /**
   * The outline where the model saw one, else the box's corners, in degrees, WGS 84, longitude first, counter-clockwise, not
   * closed; `null` where the scene has no georeference.
   */
  readonly polygonLonLat: readonly (readonly [longitude: number, latitude: number])[] | null;
}
