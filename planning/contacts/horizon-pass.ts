import { stateInto, type Ephemeris } from "../../pipeline/orbit/ephemeris.ts";
import { horizonAt, type Horizon } from "../../pipeline/orbit/horizon.ts";
import { lookFrom } from "../../pipeline/orbit/look-angles.ts";
import { appendPass, field, passFields, type PassTable } from "./pass-table.ts";
import { rootBetween } from "../../pipeline/orbit/root.ts";
import type { Watch } from "./visibility.ts";

/** Looks along a pass lie at most this far apart: what a horizon does between two of them, its corners give away. */
const lookInterval = 2;
/** Rising and setting to a millisecond, as passes over a level mask. */
const tolerance = 1e-3;

const state = new Float64Array(6);

/** Degrees from `from` to `to` by the shorter way round. */
const turnBetween = (from: number, to: number): number => ((to - from + 540) % 360) - 180;

/** One look: seconds from the start of the ephemeris, azimuth and elevation in degrees, height over the horizon there. */
interface Look {
  readonly t: number;
  readonly azimuth: number;
  readonly elevation: number;
  readonly height: number;
}

const lookAt = (watch: Watch, horizon: Horizon, ephemeris: Ephemeris, t: number): Look => {
  stateInto(ephemeris, t, state);
  const { azimuth, elevation } = lookFrom(watch.site, [
    state[0] as number,
    state[1] as number,
    state[2] as number,
  ]);
  const mask = Math.max(watch.station.minElevation, horizonAt(horizon, azimuth));
  return { t, azimuth, elevation, height: elevation - mask };
};

/**
 * Looks wherever the satellite passes a corner of the horizon between two looks, and the second of them, in order of time: from one to
 * the next the horizon is a straight line, so that nothing narrower than the span is stepped over.
 */
const looksBetween = (
  a: Look,
  b: Look,
  horizon: Horizon,
  highest: number,
  look: (t: number) => Look,
): readonly Look[] => {
  if (a.elevation > highest && b.elevation > highest) return [b];
  const swing = turnBetween(a.azimuth, b.azimuth);
  const corners = horizon.flatMap(({ azimuth }): readonly Look[] => {
    const reach = turnBetween(a.azimuth, azimuth);
    const isPassed = swing > 0 ? reach > 0 && reach < swing : reach < 0 && reach > swing;
    if (!isPassed) return [];
    const ahead = (t: number): number => turnBetween(azimuth, look(t).azimuth);
    return [look(rootBetween(ahead, a.t, -reach, b.t, swing - reach, tolerance))];
  });
  return [...corners.sort((one, other) => one.t - other.t), b];
};

/**
 * Cuts the passes of the table from row `first` on, which were found over the lowest place of the station's horizon, to the times at
 * which the satellite stands above the horizon in its direction: one pass may become several, or none.
 */
export const cutAtHorizon = (
  table: PassTable,
  first: number,
  ephemeris: Ephemeris,
  watch: Watch,
  horizon: Horizon,
): void => {
  const highest = horizon.reduce((high, { elevation }) => Math.max(high, elevation), 0);
  const found = table.rows.slice(first * passFields, table.count * passFields);
  table.count = first;
  const look = (t: number): Look => lookAt(watch, horizon, ephemeris, t);
  const heightAt = (t: number): number => look(t).height;
  for (let i = 0; i < found.length; i += passFields) {
    const satellite = found[i + field.satellite] as number;
    const station = found[i + field.station] as number;
    const aos = (found[i + field.aos] as number) - ephemeris.from;
    const los = (found[i + field.los] as number) - ephemeris.from;
    const culmination = (found[i + field.culmination] as number) - ephemeris.from;
    // The highest point is a look of its own, so that each part knows its own.
    const times = new Set([aos, los, culmination]);
    const steps = Math.ceil((los - aos) / lookInterval);
    for (let step = 1; step < steps; step++) times.add(aos + ((los - aos) * step) / steps);
    let a: Look | null = null;
    let risen: number | null = null;
    let top: Look | null = null;
    const end = (t: number): void => {
      if (risen !== null && t > risen && top !== null)
        appendPass(
          table,
          satellite,
          station,
          ephemeris.from + risen,
          ephemeris.from + t,
          ephemeris.from + top.t,
          top.elevation,
        );
      [risen, top] = [null, null];
    };
    for (const t of [...times].sort((one, other) => one - other)) {
      const next = look(t);
      const looks: readonly Look[] = a === null ? [next] : looksBetween(a, next, horizon, highest, look);
      for (const b of looks) {
        if (a !== null && a.height < 0 !== b.height < 0) {
          const at = rootBetween(heightAt, a.t, a.height, b.t, b.height, tolerance);
          if (b.height >= 0) [risen, top] = [at, look(at)];
          else {
            const low = look(at);
            if (top !== null && low.elevation > top.elevation) top = low;
            end(at);
          }
        } else if (b.height >= 0 && risen === null) risen = b.t;
        if (b.height >= 0 && (top === null || b.elevation > top.elevation)) top = b;
        a = b;
      }
    }
    if (a !== null) end(a.t);
  }
};
