import { seeded } from "../pipeline/seeded.ts";
import { instant, type Degrees, type Instant, type Seconds } from "../pipeline/units.ts";
import { ephemerisOf, stateInto } from "../pipeline/orbit/ephemeris.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { sunDirectionEcef } from "../pipeline/orbit/sun.ts";

/** How a constellation takes acquisitions when no scenes are given. */
export interface ImagingRule {
  /** Between two acquisitions of one satellite. */
  readonly every: Seconds;
  /** The sun must stand so high over the point below; `null`: by night too. */
  readonly sunAbove: Degrees | null;
  readonly seed: number;
}

/** An acquisition without a scene: satellite and time. */
export interface Imaging {
  readonly satellite: string;
  readonly at: Instant;
}

/**
 * When each satellite takes acquisitions over [from, to): evenly, from an offset of its own within the first interval, where the
 * sun is high enough over the sphere below. In order of time, then of the constellation.
 */
export const planImaging = (
  satellites: readonly Satellite[],
  from: Instant,
  to: Instant,
  { every, sunAbove, seed }: ImagingRule,
): readonly Imaging[] => {
  const lowest = sunAbove === null ? null : Math.sin((sunAbove * Math.PI) / 180);
  const state = new Float64Array(6);
  const taken = satellites.flatMap((satellite, order) => {
    const phase = seeded(seed, "imaging", satellite.id).uniform() * every;
    const ephemeris = lowest === null ? null : ephemerisOf(satellite, from, to);
    const own: { readonly satellite: string; readonly at: Instant; readonly order: number }[] = [];
    for (let n = 0; from + phase + n * every < to; n++) {
      const at = instant(from + phase + n * every);
      if (ephemeris !== null && lowest !== null) {
        stateInto(ephemeris, at - from, state);
        const [x = 0, y = 0, z = 0] = state;
        const sun = sunDirectionEcef(at);
        if ((x * sun[0] + y * sun[1] + z * sun[2]) / Math.hypot(x, y, z) < lowest) continue;
      }
      own.push({ satellite: satellite.id, at, order });
    }
    return own;
  });
  return taken
    .toSorted((a, b) => a.at - b.at || a.order - b.order)
    .map(({ satellite, at }) => ({ satellite, at }));
};
