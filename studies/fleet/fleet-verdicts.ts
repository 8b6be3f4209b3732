import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { FlightName } from "../../measure/fleet/fleet-record.ts";
import type { Verdicts } from "../../measure/summary/verdict-summary.ts";
import { formatNumber } from "../../pipeline/format.ts";
import { toRadians } from "../../pipeline/units.ts";
import { lowestSun } from "../../planning/overflight.ts";
import { computerBoundOf } from "../engine/computer-bound.ts";
import { dayCamera } from "../engine/day-imaging.ts";
import { flightVerdicts } from "../engine/flight-verdicts.ts";
import type { FleetVerdicts, FlownFleet } from "../folder/fleet-files.ts";
import type { SimulationScenario } from "../scenario.ts";

/** Memory traffic where the computer writes tokens most of the time; else what takes most of it. */
const boundOf = ({ workload, entries }: SimulationScenario, plan: SimulationPlan): string => {
  const { tokens, precision } = workload;
  return tokens === undefined || tokens.share < 0.5
    ? computerBoundOf(entries, plan.spacecraft.computer, precision)
    : `${tokens.boundBy}, ${formatNumber(tokens.perSecond)} tokens/s`;
};

/** The camera's duty that a schedule comes to, and how many times as much there would be; where pictures have a length. */
const dutyOf = ({ workload, cadence }: SimulationScenario, plan: SimulationPlan) => {
  const { imageLength } = workload;
  if (imageLength === undefined) return { duty: null, mostImaging: Infinity };
  const { spacecraft, satellites, acquisitions, contacts } = plan;
  const pictureSeconds = imageLength / dayCamera(spacecraft.camera, satellites).groundSpeed;
  const flown = (contacts.to - contacts.from) * satellites.length;
  return {
    duty: (acquisitions.length * pictureSeconds) / flown,
    // Pictures one after the other fill the time between two: there is no more light than that.
    mostImaging: cadence === null ? Infinity : Math.max(1, cadence / pictureSeconds),
  };
};

/** The verdicts on each flight of a simulation. */
export const fleetVerdicts = async (
  scenario: SimulationScenario,
  plan: SimulationPlan,
  fleet: FlownFleet,
  signal: AbortSignal,
): Promise<FleetVerdicts> => {
  const verdicts = new Map<FlightName, Verdicts>();
  for (const [flight, records] of fleet) {
    const isShared = flight === "mesh";
    const judged = {
      plan: isShared ? plan : { ...plan, mesh: null },
      records,
      isShared,
      lowestSun: scenario.schedule === "daylight" ? Math.sin(toRadians(lowestSun)) : null,
      ...dutyOf(scenario, plan),
      computerBound: boundOf(scenario, plan),
    };
    verdicts.set(flight, await flightVerdicts(judged, signal));
  }
  return verdicts;
};
