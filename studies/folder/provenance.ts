import type { ProvenanceSummary } from "../../measure/summary/provenance-summary.ts";
import type { ScheduleSummary } from "../../measure/summary/schedule-summary.ts";
import { commit, version } from "../../pipeline/package.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import type { Stage } from "../engine/prepared-run.ts";
import { publishedFigures } from "../inputs/spacecraft-file.ts";
import type { Scenario } from "../scenario.ts";

/** What an answer rests on, as far as it is the same for runs and simulations. */
export const provenanceOf = (
  spacecraft: string,
  training: ProvenanceSummary["training"],
  assumptions: readonly string[],
): ProvenanceSummary => {
  const known = publishedFigures(spacecraft);
  return {
    swath: { version, commit },
    spacecraft: { name: spacecraft, published: known?.published ?? null, figures: known?.figures ?? null },
    training,
    assumptions: [...assumptions],
  };
};

const cameraOf = ({ schedule, spacecraft }: Scenario): ScheduleSummary["camera"] => {
  if (schedule !== "overflight") return null;
  const { reach, assumed } = cameraReach(spacecraft.camera);
  return {
    swathMetres: 2 * reach.halfSwath,
    offNadirDegrees: reach.offNadir,
    sunAboveDegrees: reach.sunAbove,
    assumed: [...assumed],
  };
};

/** Who saw what by which rule, and what nobody saw. */
export const scheduleOf = ({ scenario, unseen }: Stage): ScheduleSummary => ({
  rule: scenario.schedule,
  flownOver: scenario.schedule === "overflight",
  camera: cameraOf(scenario),
  unseen: [...unseen],
});
