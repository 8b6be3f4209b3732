import type { Acquisition } from "../pipeline/orbit/acquisition.ts";
import type { GroundStation } from "../pipeline/orbit/contact.ts";
import { ephemerisOf, stateInto, type Ephemeris } from "../pipeline/orbit/ephemeris.ts";
import { earthRadius, ecefToGeodetic, type Geodetic } from "../pipeline/orbit/reference-frame.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { sunElevation } from "../pipeline/orbit/sun.ts";
import {
  degrees,
  instant,
  later,
  metres,
  seconds,
  type Degrees,
  type Instant,
  type Metres,
} from "../pipeline/units.ts";
import { passesIn } from "./contacts/pass.ts";
import { watchFrom } from "./contacts/visibility.ts";
import { staleElements } from "./orbits/expiry.ts";

/** What the schedule has to know of a scene. */
export interface SceneTarget {
  readonly scene: string;
  /** When the imagery was recorded; `null` where that is not known. */
  readonly acquiredAt: Instant | null;
  /** The middle of the scene; `null` for imagery without georeference. */
  readonly centre: { readonly longitude: Degrees; readonly latitude: Degrees } | null;
}

/** What a camera can see, as far as an overflight depends on it. */
export interface CameraReach {
  /** Half of what it covers across the track, looking straight down. */
  readonly halfSwath: Metres;
  /** How far it can be turned off the vertical. */
  readonly offNadir: Degrees;
  /** The Sun must stand this high over the scene; `null`: it sees by night too. */
  readonly sunAbove: Degrees | null;
}

/** A scene that no satellite sees, and why. */
export interface Unseen {
  readonly scene: string;
  readonly reason: string;
}

/** Which overflights are searched for. */
export interface OverflightRequest {
  readonly camera: CameraReach;
  readonly scenes: readonly SceneTarget[];
  readonly satellites: readonly Satellite[];
  readonly from: Instant;
  /** The search goes on day by day until every scene is seen, and ends here. */
  readonly until: Instant;
}

/** "By day": the Sun at least this high, below which optical imagery is rarely taken. */
export const lowestSun = degrees(10);

/** Searched at once; a scene that is seen needs no look at the days after. */
const stretch = seconds(86_400);

/** A pass that has begun or not ended at the edge of a stretch is searched whole; no low orbit's takes longer. */
const margin = seconds(1800);

/** Great-circle distance on the mean sphere: half a per cent off the ellipsoid, and no swath is known that well. */
export const groundDistance = (
  a: Pick<Geodetic, "latitude" | "longitude">,
  b: { readonly longitude: Degrees; readonly latitude: Degrees },
): Metres => {
  const rad = Math.PI / 180;
  const haversine =
    Math.sin(((a.latitude - b.latitude) * rad) / 2) ** 2 +
    Math.cos(a.latitude * rad) *
      Math.cos(b.latitude * rad) *
      Math.sin(((a.longitude - b.longitude) * rad) / 2) ** 2;
  return metres(2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(haversine))));
};

/**
 * How far from its track a satellite covers the ground: the point that it sees at its largest off-nadir angle, and half a swath
 * more. On the sphere, sin(η)·r/R = sin(η + λ) for the central angle λ (SMAD, 3rd ed., §5.2); beyond the limb, the horizon.
 *
 * @param radius from the centre of the Earth
 */
export const groundReach = ({ halfSwath, offNadir }: CameraReach, radius: Metres): Metres => {
  const eta = (offNadir * Math.PI) / 180;
  const sine = (Math.sin(eta) * radius) / earthRadius;
  const lambda = sine >= 1 ? Math.acos(Math.min(1, earthRadius / radius)) : Math.asin(sine) - eta;
  return metres(earthRadius * lambda + halfSwath);
};

/** The elevation at which a satellite of this radius stands over a point that far beside its track. */
const edgeElevation = (distance: Metres, radius: Metres): Degrees => {
  const angle = distance / earthRadius;
  const sine = Math.cos(angle) - earthRadius / radius;
  return degrees((Math.atan2(sine, Math.sin(angle)) * 180) / Math.PI);
};

/** A mask under which no point within reach can lie, with room for the ellipsoid; the distance decides. */
const searchMask = (camera: CameraReach, { radii }: Ephemeris): Degrees => {
  const [lowest, highest] = radii.reduce(
    ([least, most], radius): [number, number] => [Math.min(least, radius), Math.max(most, radius)],
    [Infinity, 0] as [number, number],
  );
  const widest = metres(groundReach(camera, metres(highest)) * 1.1 + 5000);
  return degrees(Math.max(0, edgeElevation(widest, metres(lowest)) - 1));
};

/** When the satellite first covers the scene in [from, to), at the closest of that pass; `null`: it does not. */
const firstSight = (
  { camera, from, to }: { readonly camera: CameraReach; readonly from: Instant; readonly to: Instant },
  satellite: Satellite,
  ephemeris: Ephemeris,
  mask: Degrees,
  { scene, centre }: SceneTarget,
  start: Instant,
): Instant | null => {
  if (centre === null) return null;
  const state = new Float64Array(6);
  const target: GroundStation = {
    ...centre,
    id: scene,
    name: scene,
    altitude: metres(0),
    minElevation: mask,
    antennas: 0,
  };
  const covers = (t: Instant): boolean => {
    stateInto(ephemeris, t - start, state);
    const [x = 0, y = 0, z = 0] = state;
    const reach = groundReach(camera, metres(Math.hypot(x, y, z)));
    if (groundDistance(ecefToGeodetic([x, y, z]), centre) > reach) return false;
    return camera.sunAbove === null || sunElevation(centre.longitude, centre.latitude, t) >= camera.sunAbove;
  };
  const found = passesIn(satellite.id, ephemeris, watchFrom(target))
    .map(({ culmination }) => culmination)
    .find((t) => t >= from && t < to && covers(t));
  return found ?? null;
};

const whyUnseen = ({ camera, from, until }: OverflightRequest, { centre }: SceneTarget): string => {
  if (centre === null) return "it has no place, so nothing can fly over it";
  const { halfSwath, offNadir, sunAbove } = camera;
  const days = Math.round((until - from) / 8640) / 10;
  const by = sunAbove === null ? "" : ` with the Sun ${sunAbove}° high or more`;
  const side = offNadir === 0 ? "" : ` turned up to ${offNadir}° off the vertical`;
  return `no satellite's swath of ${(2 * halfSwath) / 1000} km${side} covers it in ${days} days${by}`;
};

/**
 * Each scene once: the first time that a satellite's camera covers its middle, at the closest of that pass, by day where the
 * camera needs it. What nobody sees is listed. Throws `SwathError("orbit")` when a satellite cannot be propagated, or its elements
 * have expired.
 */
export const planOverflights = (
  request: OverflightRequest,
): { readonly seen: readonly Omit<Acquisition, "index">[]; readonly unseen: readonly Unseen[] } => {
  const { camera, scenes, satellites, from, until } = request;
  // Elements that have long expired put satellites anywhere; the end of the search may lie far behind the horizon.
  staleElements(satellites, from, from);
  const first = new Map<string, Omit<Acquisition, "index">>();
  let missing = scenes.filter(({ centre }) => centre !== null);
  for (let at = from; at < until && missing.length > 0; at = later(at, stretch)) {
    const to = instant(Math.min(until, later(at, stretch)));
    const start = instant(Math.max(from, at - margin));
    for (const satellite of satellites) {
      const ephemeris = ephemerisOf(satellite, start, later(to, margin));
      const mask = searchMask(camera, ephemeris);
      for (const target of missing) {
        const sight = firstSight({ camera, from: at, to }, satellite, ephemeris, mask, target, start);
        const known = first.get(target.scene);
        if (sight !== null && (known === undefined || sight < known.at)) {
          first.set(target.scene, { scene: target.scene, satellite: satellite.id, at: sight });
        }
      }
    }
    missing = missing.filter(({ scene }) => !first.has(scene));
  }
  return {
    seen: [...first.values()],
    unseen: scenes
      .filter(({ scene }) => !first.has(scene))
      .map((target) => ({ scene: target.scene, reason: whyUnseen(request, target) })),
  };
};
