import { instant, type Instant } from "../../pipeline/units.ts";

/** Mission seconds a second. */
export const speeds = [1, 10, 60, 600, 10_000] as const;

/** The one clock of the page: everything that is drawn follows from its `t`. */
export interface Clock {
  readonly t: Instant;
  readonly playing: boolean;
  /** Mission seconds a second. */
  readonly speed: number;
  /** At the head of a run at work: the clock goes with it. */
  readonly live: boolean;
}

/** What the clock may show. `head` moves while the run is at work; it is `to` once it has finished. */
export interface Extent {
  readonly from: Instant;
  readonly to: Instant;
  readonly head: Instant;
}

const within = ({ from, head }: Extent, t: number): Instant => instant(Math.max(from, Math.min(head, t)));

/** The clock once this number of wall seconds has passed. It never runs past the head; a clock that comes up to the head of a run at work is live. */
export const advance = (clock: Clock, extent: Extent, wallSeconds: number): Clock => {
  if (clock.live) return { ...clock, t: extent.head };
  if (!clock.playing) return clock;
  const t = within(extent, clock.t + wallSeconds * clock.speed);
  if (t < extent.head) return { ...clock, t };
  const atWork = extent.head < extent.to;
  return { ...clock, t, live: atWork, playing: atWork };
};

/** The clock set to a moment: no longer live, unless that is the head. Held inside the run. */
export const moveTo = (clock: Clock, extent: Extent, t: number): Clock => ({
  ...clock,
  t: within(extent, t),
  live: false,
});

/** Goes on or stands still; at the end of a finished run it begins again. */
export const togglePlay = (clock: Clock, extent: Extent): Clock => {
  if (clock.playing) return { ...clock, playing: false, live: false };
  const again = clock.t >= extent.head && extent.head >= extent.to;
  return { ...clock, playing: true, t: again ? extent.from : clock.t };
};

/** To the head: with it, while the run is at work. */
export const goLive = (clock: Clock, extent: Extent): Clock => {
  const atWork = extent.head < extent.to;
  return { ...clock, t: extent.head, live: atWork, playing: atWork };
};

/** The next speed of the list, faster (1) or slower (−1). */
export const stepSpeed = (clock: Clock, by: 1 | -1): Clock => {
  const at = speeds.findIndex((speed) => speed >= clock.speed);
  const next = speeds[Math.max(0, Math.min(speeds.length - 1, (at < 0 ? speeds.length - 1 : at) + by))];
  return { ...clock, speed: next ?? clock.speed };
};

/** Seconds behind the head. */
export const behindHead = (clock: Clock, extent: Extent): number => extent.head - clock.t;
