import { detectsOnBoard, type Policy } from "./policy.ts";

/**
 * Which tiles the ground requests, once it has a scene's detections: those that hold a detection of such a score, the ones with
 * most of them first. A rule instead of a person, so that results follow from the configuration.
 */
export interface AskPlan {
  /** Scores from … to, both included. */
  readonly from: number;
  readonly to: number;
  readonly tilesPerScene: number;
}

/** The request rule under a policy; `null` where nothing is requested, or tiles come down anyway. */
export const askOf = ({
  policy,
  ask,
}: {
  readonly policy: Policy;
  readonly ask: AskPlan | null;
}): AskPlan | null => (detectsOnBoard(policy) ? ask : null);
