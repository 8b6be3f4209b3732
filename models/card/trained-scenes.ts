import { isSameScene } from "../../pipeline/raster/fingerprint.ts";
import type { AnyCard } from "./card.ts";

/** A scene that a model was trained on. */
export interface TrainedScene {
  readonly name: string;
  /** As `fingerprintOf` gives it for the card's first band. */
  readonly fingerprint: string;
}

/** The scenes that a card says its model was trained on; `null` where it does not say. A formula is trained on none. */
export const trainedScenes = ({ head, training }: AnyCard): readonly TrainedScene[] | null => {
  if (head.kind === "bandmaths") return [];
  return typeof training === "object" ? (training.scenes ?? null) : null;
};

/** Which of the scenes a model was trained on has this fingerprint; `null` for none. */
export const trainedOn = (scenes: readonly TrainedScene[], fingerprint: string): TrainedScene | null =>
  scenes.find((scene) => isSameScene(scene.fingerprint, fingerprint)) ?? null;
