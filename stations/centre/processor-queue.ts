import { instant, type Instant, type Seconds } from "../../pipeline/units.ts";

/** A tile for the model on the ground. */
export interface GroundJob {
  readonly acquisition: number;
  readonly tile: number;
  /** All that it is put together from is at the mission centre. */
  readonly arrivesAt: Instant;
  /** What it takes on the ground's processors, all of them on it. */
  readonly work: Seconds;
}

/**
 * When each job is done, in the order of `jobs`: one after the other as they arrive, those of one moment by acquisition and tile.
 * Who asked first in a run's own time, and in which process, does not matter.
 */
export const queueJobs = (jobs: readonly GroundJob[]): readonly Instant[] => {
  const order = jobs
    .map((_, place) => place)
    .sort((x, y) => {
      const [a, b] = [jobs[x] as GroundJob, jobs[y] as GroundJob];
      return a.arrivesAt - b.arrivesAt || a.acquisition - b.acquisition || a.tile - b.tile;
    });
  const done = jobs.map(({ arrivesAt }) => arrivesAt);
  let free = -Infinity;
  for (const place of order) {
    const { arrivesAt, work } = jobs[place] as GroundJob;
    free = Math.max(free, arrivesAt) + work;
    done[place] = instant(free);
  }
  return done;
};
