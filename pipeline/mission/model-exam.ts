import type { BoxPx } from "../detection/box.ts";

/** An object that the ground knows to be in a scene. */
export interface KnownObject {
  /** Index into the classes of the mission's models. */
  readonly classId: number;
  /** In pixels of the scene. */
  readonly boxPx: BoxPx;
  /** Neither a hit nor a miss when found. */
  readonly ignore: boolean;
}

/** What the ground knows of scenes that a satellite is going to take: by the scene's name. It goes up with a model, to try it on. */
export type ModelExam = ReadonlyMap<string, readonly KnownObject[]>;
