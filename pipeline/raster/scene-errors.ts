import { isSwathError, messageOf } from "../errors.ts";

/** What becomes of a scene whose pixels cannot be read; made once for a run, and asked where scenes are read. */
export interface SceneErrors {
  /** Why the scene, or the tile of it, is left out. Throws `error` itself where that ends the run. */
  readonly leaveOut: (error: unknown) => string;
}

/** One bad scene costs itself. Everything else (disk full, NATS gone, a bug) ends the run. */
export const leaveOutBadScenes: SceneErrors = {
  leaveOut(error) {
    if (isSwathError(error, "raster") || isSwathError(error, "dataset")) return messageOf(error);
    throw error;
  },
};

/** The first bad scene ends the run. */
export const throwAtBadScenes: SceneErrors = {
  leaveOut(error) {
    throw error;
  },
};

/** As `--strict` has it. */
export const sceneErrorsOf = (strict: boolean): SceneErrors =>
  strict ? throwAtBadScenes : leaveOutBadScenes;
