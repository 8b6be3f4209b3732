import { SwathError } from "../pipeline/errors.ts";
import { formatCountOf, someOf } from "../pipeline/format.ts";
import type { Acquisition } from "../pipeline/orbit/acquisition.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { formatInstant, instant, type Instant, type Seconds } from "../pipeline/units.ts";
import { planOverflights, type CameraReach, type SceneTarget, type Unseen } from "./overflight.ts";

/**
 * Which satellite sees which scene when:
 * - `recorded`: each scene at its own time, satellites taking turns;
 * - `overflight`: each scene once, the first time that a satellite's camera covers it (`planOverflights`);
 * - `cadence`: scene after scene from the start of the horizon, satellites taking turns, wherever they are: a load test.
 */
export type AcquisitionRule =
  | { readonly kind: "recorded" }
  | { readonly kind: "overflight"; readonly camera: CameraReach; readonly until: Instant }
  | { readonly kind: "cadence"; readonly every: Seconds };

/** What an acquisition plan is made for. */
export interface AcquisitionRequest {
  readonly rule: AcquisitionRule;
  readonly scenes: readonly SceneTarget[];
  readonly satellites: readonly Satellite[];
  readonly from: Instant;
  readonly to: Instant;
}

type Seen = Omit<Acquisition, "index">;

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

/** The schedule of a run, and the scenes that it leaves out. */
export interface AcquisitionPlan {
  readonly acquisitions: readonly Acquisition[];
  /** Under `overflight`: scenes that no camera covers, or that have no place. */
  readonly unseen: readonly Unseen[];
}

/** Each reason once, with the scenes that it holds for. */
const reasonsOf = (unseen: readonly Unseen[]): string => {
  const scenes = new Map<string, string[]>();
  for (const { scene, reason } of unseen) scenes.set(reason, [...(scenes.get(reason) ?? []), scene]);
  return [...scenes].map(([reason, names]) => `${someOf(names)}: ${reason}`).join("; ");
};

/**
 * The schedule of a run, sorted by time, then satellite, then scene.
 *
 * @throws SwathError("config") without satellites or scenes
 * @throws SwathError("orbit") when no scene is seen, listing those that a horizon does not hold, or when a satellite cannot be propagated
 */
export const planAcquisitions = (request: AcquisitionRequest): AcquisitionPlan => {
  const { rule, scenes, satellites, from } = request;
  if (scenes.length === 0 || satellites.length === 0) {
    throw new SwathError("config", {
      what: "nothing to schedule",
      wanted: "at least one scene and one satellite",
      got: `${formatCountOf(scenes.length, "scene")} and ${formatCountOf(satellites.length, "satellite")}`,
    });
  }
  const { seen, unseen } =
    rule.kind === "overflight"
      ? planOverflights({ ...rule, scenes, satellites, from })
      : { seen: rule.kind === "recorded" ? recorded(request) : cadence(request, rule), unseen: [] };
  if (seen.length === 0) {
    throw new SwathError("orbit", {
      what: "no scene is flown over",
      got: reasonsOf(unseen),
      hint: "take more satellites or another --start, or fly them as a load test: --schedule cadence",
    });
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const acquisitions = seen
    .toSorted((a, b) => a.at - b.at || order(a.satellite, b.satellite) || order(a.scene, b.scene))
    .map((one, index) => ({ index, ...one }));
  return { acquisitions, unseen };
};
