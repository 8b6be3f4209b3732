import type { BusPlace } from "../engine/bus-session.ts";

/** What a check found out. */
export interface Outcome {
  /** `fails`: a run would fail; `doubtful`: it works, with something to know. */
  readonly state: "works" | "doubtful" | "fails";
  /** What was found, with figures. */
  readonly says: string;
  /** How to mend it. */
  readonly hint?: string;
}

/** What is looked at. */
export interface DoctorRequest extends Omit<BusPlace, "announceIn"> {
  /** Where run folders would go. */
  readonly out: string;
  /** The model that is opened. */
  readonly model: string;
}

/** One thing that a run needs. A check that throws has failed; its message says why. */
export interface Check {
  readonly name: string;
  /** Another check, without which this one has nothing to look at. */
  readonly needs?: string;
  readonly look: (request: DoctorRequest, signal: AbortSignal) => Promise<Outcome>;
}
