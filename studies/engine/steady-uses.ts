import type { SteadyUse } from "../../measure/verdicts/judgement.ts";
import { mostThatFits } from "../../measure/verdicts/most-that-fits.ts";
import type { SatelliteUse } from "../../measure/verdicts/satellite-use.ts";
import type { Spacecraft } from "../../pipeline/mission/spacecraft.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { Instant } from "../../pipeline/units.ts";
import { orbitLight, type OrbitLight } from "./orbit-light.ts";
import { type OrbitLoads, type SteadyOrbit, steadyOrbit } from "./steady-orbit.ts";

/** What steady states are flown from. */
export interface SteadyRequest {
  readonly spacecraft: Spacecraft;
  readonly satellites: readonly Satellite[];
  readonly uses: readonly (SatelliteUse & { readonly crosslinkJoules: number })[];
  readonly from: Instant;
  readonly horizonSeconds: number;
  /** Sine of the Sun's height from which pictures are taken; `null`: by night too. */
  readonly lowestSun: number | null;
  /** The largest factor by which the camera can image more. */
  readonly mostImaging: number;
  /** Margins by bisection, or only whether they are 1 or more: then 1 stands for fits, 0 for does not. */
  readonly margins: "bisected" | "checked";
}

type Use = SteadyRequest["uses"][number];

interface Candidate {
  readonly use: Use;
  readonly light: OrbitLight;
}

/** Satellites of one plane have the same light: of each plane the one with most to power is enough. */
const busiestOfPlanes = ({ satellites, uses, spacecraft }: SteadyRequest) => {
  const energyOf = ({ workSeconds, transmitSeconds, cameraJoules }: Use): number =>
    workSeconds * spacecraft.computer.power + transmitSeconds * spacecraft.radio.power + cameraJoules;
  const byId = new Map(uses.map((use) => [use.satellite, use]));
  const planes = new Map<string, { readonly satellite: Satellite; readonly use: Use }>();
  for (const satellite of satellites) {
    const use = byId.get(satellite.id);
    if (use === undefined) continue;
    const { inclination, rightAscension, meanMotion } = satellite.elements;
    const plane = `${inclination.toFixed(0)} ${(rightAscension / 2).toFixed(0)} ${meanMotion.toFixed(1)}`;
    const known = planes.get(plane);
    if (known === undefined || energyOf(use) > energyOf(known.use)) planes.set(plane, { satellite, use });
  }
  return [...planes.values()];
};

const loadsOf = (
  { horizonSeconds, lowestSun, mostImaging }: SteadyRequest,
  use: Use,
  work: number,
): OrbitLoads => ({
  work: (work * use.workSeconds) / horizonSeconds,
  cameraWatts: (Math.min(work, mostImaging) * use.cameraJoules) / horizonSeconds,
  transmit: Math.min(work * use.transmitSeconds, use.contactSeconds) / horizonSeconds,
  contact: use.contactSeconds / horizonSeconds,
  otherWatts: use.crosslinkJoules / horizonSeconds,
  lowestSun,
});

/** The more, the worse: what an orbit takes away for good, then how low the charge goes. */
const strain = ({ power }: SteadyOrbit): number =>
  power === null ? 0 : power.lossEachOrbit + (1 - power.lowestCharge);

const most = <T>(items: readonly T[], of: (item: T) => number): T | undefined =>
  items.reduce<T | undefined>(
    (best, one) => (best === undefined || of(one) > of(best) ? one : best),
    undefined,
  );

/**
 * The steady states that decide: of all planes those with the lowest charge and the highest temperature, as they work and with the
 * computer always at work, and for each how much its work may grow. Empty where power and heat are taken for granted.
 */
export const steadyUses = (request: SteadyRequest): readonly SteadyUse[] => {
  const { spacecraft, from, horizonSeconds } = request;
  const { power, heat } = spacecraft;
  if (power === null && heat === null) return [];
  const candidates = busiestOfPlanes(request).map(({ satellite, use }): Candidate => ({
    use,
    light: orbitLight(spacecraft, satellite, from),
  }));
  const fly = ({ use, light }: Candidate, work: number): SteadyOrbit =>
    steadyOrbit(spacecraft, light, loadsOf(request, use, work));
  const flown = candidates.map((one) => ({
    one,
    now: fly(one, 1),
    busy: fly(one, Math.max(2, (1.01 * horizonSeconds) / Math.max(1e-9, one.use.workSeconds))),
  }));
  const worst = new Set(
    [
      most(flown, ({ now }) => strain(now)),
      most(flown, ({ busy }) => strain(busy)),
      most(flown, ({ now }) => now.highestTemperature ?? 0),
      most(flown, ({ busy }) => busy.highestTemperature ?? 0),
    ].flatMap((found) => found ?? []),
  );
  const marginOf = (fits: (work: number) => boolean): number | null =>
    request.margins === "bisected" ? mostThatFits(fits) : fits(1) ? 1 : 0;
  return [...worst].map(({ one, now }) => ({
    satellite: one.use.satellite,
    power:
      power === null || now.power === null
        ? null
        : {
            lowestCharge: now.power.lowestCharge,
            floor: power.battery.floor,
            isAlwaysFull: now.power.lowestCharge > 1 - 1e-6,
            lossEachOrbit: now.power.lossEachOrbit,
            margin: marginOf((work) => (fly(one, work).power?.lowestCharge ?? 1) >= power.battery.floor),
          },
    heat:
      heat === null || now.highestTemperature === null
        ? null
        : {
            highest: now.highestTemperature,
            limit: heat.throttleFrom,
            margin: marginOf((work) => (fly(one, work).highestTemperature ?? 0) < heat.throttleFrom),
          },
  }));
};
