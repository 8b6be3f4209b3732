import type { Detector } from "../../pipeline/detection/detector.ts";
import type { ComputedWork } from "../../operators/onboard/computed-work.ts";

/** What was worked out of scenes before anybody flies: by the parts of an array. */
export interface ComputedWorks {
  /** The work on board of a scene under a policy. Throws `SwathError("storage")` for a file that is gone or is not as it was written. */
  readonly work: (policy: string, scene: string) => Promise<ComputedWork>;
  /** A detector that looks only at what the ground's model has not seen before. */
  readonly recalling: (detector: Detector) => Detector;
}
