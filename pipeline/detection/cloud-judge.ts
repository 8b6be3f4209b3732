import type { PixelWindow, Raster } from "../raster/raster.ts";
import type { DetectorInfo } from "./detector.ts";

/** What the rest of the pipeline must know of a model that tells cloud from ground. */
export type CloudJudgeInfo = Pick<
  DetectorInfo,
  "name" | "version" | "sha256" | "bands" | "opsPerPixel" | "precision" | "units"
>;

/** What a tile is judged by. */
export interface CloudQuestion {
  /** Planes in the order of the judge's `bands`. */
  readonly raster: Raster;
  /** The part of the raster that is judged; what lies around it is context. */
  readonly core: PixelWindow;
  /** Pixels to a side that are averaged into one before the model looks: brings fine imagery to what it was trained on. */
  readonly step: number;
}

/** A model that tells cloud from ground, ready to run. */
export interface CloudJudge extends AsyncDisposable {
  readonly info: CloudJudgeInfo;
  /**
   * Share of the measured pixels of the core that are cloud beyond doubt, 0…1; 0 when nothing is measured. Depends on the tile alone.
   * Throws `SwathError("model")` when bands or units do not fit, or the outputs are not numbers.
   */
  cloudShare(question: CloudQuestion, signal?: AbortSignal): Promise<number>;
}
