import { SwathError } from "../pipeline/errors.ts";
import {
  degrees,
  formatInstant,
  instant,
  metres,
  type Degrees,
  type Instant,
  type Metres,
  type Seconds,
} from "../pipeline/units.ts";
import type { GroundStation } from "../pipeline/orbit/contact.ts";
import { ephemerisOf, stateInto } from "../pipeline/orbit/ephemeris.ts";
import { earthRadius, ecefToGeodetic, type Geodetic } from "../pipeline/orbit/reference-frame.ts";
import { passesIn } from "./contacts/pass.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { sunElevation } from "../pipeline/orbit/sun.ts";
import { watchFrom } from "./contacts/visibility.ts";
import type { Acquisition } from "../pipeline/orbit/acquisition.ts";

/** What the schedule has to know of a scene. */
export interface SceneTarget {
  readonly scene: string;
  /** When the imagery was recorded; `null` where that is not known. */
  readonly acquiredAt: Instant | null;
  /** The middle of the scene; `null` for imagery without georeference. */
  readonly centre: { readonly longitude: Degrees; readonly latitude: Degrees } | null;
}

/**
 * Which satellite sees which scene when:
 * - `recorded`: each scene at its own time, satellites taking turns;
 * - `overflight`: each scene once, at the first pass of any satellite whose ground track comes within half a swath of the
 *   scene's centre, at its closest, in daylight if so wished;
 * - `cadence`: scene after scene from the start of the horizon, satellites taking turns.
 */
export type AcquisitionRule =
  | { readonly kind: "recorded" }
  | { readonly kind: "overflight"; readonly halfSwath: Metres; readonly daylight: boolean }
  | { readonly kind: "cadence"; readonly every: Seconds };

export interface AcquisitionRequest {
  readonly rule: AcquisitionRule;
  readonly scenes: readonly SceneTarget[];
  readonly satellites: readonly Satellite[];
  readonly from: Instant;
  readonly to: Instant;
}

type Seen = Omit<Acquisition, "index">;

/** "In daylight": the Sun at least this high, below which optical imagery is rarely taken. */
const lowestSun = degrees(10);

const refuse = (what: string, scenes: readonly string[], wanted: string, hint: string): SwathError =>
  new SwathError("orbit", {
    what,
    wanted,
    got: `${scenes.length} without: ${scenes.slice(0, 10).join(", ")}${scenes.length > 10 ? ", …" : ""}`,
    hint,
  });

const inTurn = (satellites: readonly Satellite[], n: number): string =>
  (satellites[n % satellites.length] as Satellite).id;

const recorded = ({ scenes, satellites, from, to }: AcquisitionRequest): readonly Seen[] => {
  const outside = scenes.filter(({ acquiredAt: at }) => at === null || at < from || at > to);
  if (outside.length > 0) {
    throw refuse(
      "scenes cannot be replayed as recorded",
      outside.map(({ scene }) => scene),
      `a time of recording in ${formatInstant(from)} … ${formatInstant(to)} for every scene`,
      "move the horizon, or schedule by overflight or cadence",
    );
  }
  return scenes
    .toSorted((a, b) => (a.acquiredAt as number) - (b.acquiredAt as number))
    .map(({ scene, acquiredAt }, n) => ({
      scene,
      satellite: inTurn(satellites, n),
      at: acquiredAt as Instant,
    }));
};

const cadence = (
  { scenes, satellites, from, to }: AcquisitionRequest,
  { every }: { readonly every: Seconds },
): readonly Seen[] => {
  const seen = scenes.map(({ scene }, n) => ({
    scene,
    satellite: inTurn(satellites, n),
    at: instant(from + n * every),
  }));
  const late = seen.filter(({ at }) => at > to);
  if (late.length === 0) return seen;
  throw refuse(
    `a scene every ${every} s does not end before ${formatInstant(to)}`,
    late.map(({ scene }) => scene),
    "a time in the horizon for every scene",
    "take a shorter cadence or a longer horizon",
  );
};

/** Great-circle distance on the mean sphere: half a per cent off the ellipsoid, and no swath is known that well. */
const groundDistance = (
  a: Geodetic,
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

/** The elevation at which a satellite of this height stands over a point half a swath beside its track. */
const edgeElevation = (halfSwath: Metres, radius: Metres): Degrees => {
  const angle = halfSwath / earthRadius;
  const sine = Math.cos(angle) - earthRadius / radius;
  return degrees((Math.atan2(sine, Math.sin(angle)) * 180) / Math.PI);
};

const overflight = (
  { scenes, satellites, from, to }: AcquisitionRequest,
  { halfSwath, daylight }: { readonly halfSwath: Metres; readonly daylight: boolean },
): readonly Seen[] => {
  const first = new Map<string, Seen>();
  const state = new Float64Array(6);
  for (const satellite of satellites) {
    const ephemeris = ephemerisOf(satellite, from, to);
    // The lowest the orbit comes asks for the lowest elevation. A wider search than asked for, since the ellipsoid
    // varies; the distance decides.
    const lowest = metres(ephemeris.radii.reduce((least, radius) => Math.min(least, radius)));
    const mask = degrees(Math.max(0, edgeElevation(metres(halfSwath * 1.1 + 5000), lowest) - 1));
    for (const { scene, centre } of scenes) {
      if (centre === null) continue;
      const target: GroundStation = {
        ...centre,
        id: scene,
        name: scene,
        altitude: metres(0),
        minElevation: mask,
        antennas: 0,
      };
      const at = passesIn(satellite.id, ephemeris, watchFrom(target))
        .map(({ culmination }) => culmination)
        .find((t) => {
          stateInto(ephemeris, t - from, state);
          const [x = 0, y = 0, z = 0] = state;
          return (
            groundDistance(ecefToGeodetic([x, y, z]), centre) <= halfSwath &&
            (!daylight || sunElevation(centre.longitude, centre.latitude, t) >= lowestSun)
          );
        });
      const known = first.get(scene);
      if (at !== undefined && (known === undefined || at < known.at)) {
        first.set(scene, { scene, satellite: satellite.id, at });
      }
    }
  }
  const unseen = scenes.filter(({ scene }) => !first.has(scene));
  if (unseen.length === 0) return [...first.values()];
  throw refuse(
    `scenes are not flown over between ${formatInstant(from)} and ${formatInstant(to)}`,
    unseen.map(({ scene }) => scene),
    `a ground track within ${halfSwath / 1000} km${daylight ? " in daylight" : ""} of every scene's centre`,
    "take a longer horizon, more satellites or a wider swath, or schedule by cadence",
  );
};

/**
 * The schedule of a run, sorted by time, then satellite, then scene.
 *
 * @throws SwathError("config") without satellites or scenes
 * @throws SwathError("orbit") listing the scenes that nothing sees, or when a satellite cannot be propagated
 */
export const planAcquisitions = (request: AcquisitionRequest): readonly Acquisition[] => {
  const { rule, scenes, satellites } = request;
  if (scenes.length === 0 || satellites.length === 0) {
    throw new SwathError("config", {
      what: "nothing to schedule",
      wanted: "at least one scene and one satellite",
      got: `${scenes.length} scenes and ${satellites.length} satellites`,
    });
  }
  const seen =
    rule.kind === "recorded"
      ? recorded(request)
      : rule.kind === "cadence"
        ? cadence(request, rule)
        : overflight(request, rule);
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return seen
    .toSorted((a, b) => a.at - b.at || order(a.satellite, b.satellite) || order(a.scene, b.scene))
    .map((one, index) => ({ index, ...one }));
};

/** Half the swath of Sentinel-2 (290 km), the default of `overflight`. */
export const defaultHalfSwath = metres(145_000);
