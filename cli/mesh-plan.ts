import type { MeshPlan } from "../pipeline/mission/run-plan.ts";
import { planCrosslinks } from "../pipeline/orbit/crosslink.ts";
import type { Satellite } from "../pipeline/orbit/satellite.ts";
import { seconds, type Instant } from "../pipeline/units.ts";
import type { Scenario } from "./scenario.ts";

/** What no route brings to the ground within so long is left to its satellite. */
const lookAhead = seconds(12 * 3600);

/** Links between the satellites, where the user wants them. Throws as `planCrosslinks` does. */
export const meshFor = (
  { crosslinks: topology, epoch, spacecraft }: Pick<Scenario, "crosslinks" | "epoch" | "spacecraft">,
  satellites: readonly Satellite[],
  from: Instant,
  to: Instant,
): MeshPlan | null => {
  const terminals = spacecraft.crosslink;
  if (topology === "none" || terminals === null) return null;
  const crosslinks = planCrosslinks({ satellites, terminals, from, to, topology });
  return { crosslinks, epoch, lookAhead };
};
