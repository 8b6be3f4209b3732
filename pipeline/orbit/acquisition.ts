import type { Instant, Joules, Seconds } from "../units.ts";

/** One scene taken by one satellite. */
export interface Acquisition {
  /** Counts from 0 in the order of the schedule; those that satellites give themselves are numbered apart from it. */
  readonly index: number;
  /** `Satellite.id`. */
  readonly satellite: string;
  readonly scene: string;
  readonly at: Instant;
  /** The order that it is taken for, by its id: only once that is on board. Absent: it is part of the schedule. */
  readonly order?: string;
  /** The turn of the camera to it, which ends when it is taken. Absent: it is taken as the camera stands. */
  readonly slew?: { readonly seconds: Seconds; readonly energy: Joules };
}

/** The acquisition of that number; `undefined`: there is none. Those of the schedule stand at their numbers. */
export const acquisitionAt = (
  acquisitions: readonly Acquisition[],
  index: number,
): Acquisition | undefined => {
  const there = acquisitions[index];
  return there?.index === index ? there : acquisitions.find((one) => one.index === index);
};
