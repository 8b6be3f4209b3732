import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Detector } from "../../pipeline/detection/detector.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { exposureOf } from "./exposure.ts";
import type { Instant } from "../../pipeline/units.ts";
import { ExposedAcquisition } from "./exposed-acquisition.ts";
import { ExposedWeights } from "./exposed-weights.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";

/** Radiation on board of one satellite over a run. */
export interface Radiation {
  /** Called once for each acquisition, in the order in which the computer takes them. */
  begin(acquisition: Acquisition, startedAt: Instant): ExposedAcquisition;
}

/**
 * The radiation that a plan asks for; `null` where it asks for none. Weights lie in memory from the start of the horizon on,
 * tiles from their capture; after the horizon no particle comes any more. `detector`: the one on board, if any; models that
 * screen are left alone. Throws `SwathError("config")` when the plan does not know the satellite's orbit.
 */
export const openRadiation = (
  plan: Pick<RunPlan, "upsets" | "orbits" | "contacts" | "spacecraft" | "seed">,
  satellite: string,
  detector: Detector | null,
): Radiation | null => {
  const { upsets, orbits, contacts, spacecraft, seed } = plan;
  if (upsets === null || upsets.factor === 0) return null;
  const orbit = orbits.find(({ id }) => id === satellite);
  if (orbit === undefined) {
    const wanted = "an orbit, which the upset rate follows from";
    throw new SwathError("config", { what: `upsets on board of ${satellite}`, wanted, got: "none" });
  }
  const exposure = exposureOf(orbit, contacts.from, contacts.to, spacecraft.shielding);
  const bits = detector?.weightBits ?? 0;
  const memory = { bits, key: [seed, "weights", satellite], loadedAt: contacts.from };
  const weights = bits === 0 ? null : new ExposedWeights(exposure, upsets, memory);
  return {
    begin: (acquisition, startedAt) =>
      new ExposedAcquisition({
        exposure,
        upsets,
        seed,
        weights: weights?.use(startedAt) ?? null,
        acquisition,
        startedAt,
      }),
  };
};
