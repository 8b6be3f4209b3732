import type { JudgedScene } from "../quality/matching.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { Seconds, Joules } from "../../pipeline/units.ts";

/** A scene with what the model found in it and what people marked, in the model's classes. */
export interface CheckedScene extends JudgedScene {
  readonly scene: Scene;
}

/** What looking at all scenes took. */
export interface CheckCost {
  /** Of the scenes, each pixel once. */
  readonly pixels: number;
  /** Seen by the model: tiles overlap. */
  readonly modelPixels: number;
  readonly tiles: number;
  /** By the clock of this machine, reading included. */
  readonly elapsed: Seconds;
  /** On board, by the computer given. */
  readonly onBoard: Seconds;
  readonly energy: Joules;
}

/** What a check of a model over a dataset found. */
export interface CheckRun {
  readonly scenes: readonly CheckedScene[];
  /** Classes that anybody labelled; detections of others are left out. */
  readonly judged: ReadonlySet<string>;
  readonly cost: CheckCost;
  /** What was left out, a sentence each. */
  readonly notes: readonly string[];
}
