import { instant, type Instant } from "../../pipeline/units.ts";

/** A stretch of mission time laid over pixels. */
export interface TimeScale {
  readonly from: Instant;
  readonly to: Instant;
  readonly x: number;
  readonly width: number;
}

/** Where a moment lies, in pixels. */
export const xOf = ({ from, to, x, width }: TimeScale, t: number): number =>
  x + ((t - from) / (to - from)) * width;

/** The moment at a pixel. */
export const timeAt = ({ from, to, x, width }: TimeScale, px: number): Instant =>
  instant(from + ((px - x) / width) * (to - from));

/** A mark on the axis. The first of a day is named by its date. */
export interface Tick {
  readonly t: Instant;
  readonly label: string;
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `2 Jan`: the date of a moment, UTC. */
export const dayText = (t: number): string => {
  const date = new Date(t * 1000);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}`;
};

/** Even ticks at least `apart` pixels from each other, on whole minutes, hours or days. */
export const ticksOf = (scale: TimeScale, apart: number): readonly Tick[] => {
  const least = ((scale.to - scale.from) * apart) / scale.width;
  const step = steps.find((candidate) => candidate >= least) ?? 604_800 * Math.ceil(least / 604_800);
  const first = Math.ceil(scale.from / step) * step;
  const count = Math.max(0, Math.floor((scale.to - first) / step) + 1);
  return Array.from({ length: count }, (_, i) => {
    const t = first + i * step;
    return { t: instant(t), label: t % 86_400 === 0 ? dayText(t) : clockText(t, step < 60) };
  });
};

/** `02:14`, or `02:14:06` with seconds; UTC. */
export const clockText = (t: number, withSeconds = true): string =>
  new Date(Math.floor(t) * 1000).toISOString().slice(11, withSeconds ? 19 : 16);

/** `02:14:06.123`: to the millisecond; UTC. */
export const exactClock = (t: number): string => new Date(Math.round(t * 1000)).toISOString().slice(11, 23);

/** A window of `span` seconds with `t` at 58 % of it, held inside the run. */
export const windowAround = (
  t: number,
  span: number,
  from: number,
  to: number,
): { readonly from: Instant; readonly to: Instant } => {
  const length = Math.min(span, to - from);
  const start = Math.max(from, Math.min(to - length, t - 0.58 * length));
  return { from: instant(start), to: instant(start + length) };
};
