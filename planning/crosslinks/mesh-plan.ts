import type { OffloadRule } from "../../pipeline/mission/offload.ts";
import type { MeshPlan } from "../../pipeline/mission/run-plan.ts";
import type { CrosslinkTerminals } from "../../pipeline/mission/spacecraft.ts";
import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import { seconds, type Instant } from "../../pipeline/units.ts";
import { type CrosslinkEquipment, planCrosslinks } from "./crosslink-plan.ts";
import { ratedByRange } from "./crosslink-rates.ts";
import type { CrosslinkTopology } from "./crosslink-topology.ts";

/** What no route brings to the ground within this time is left to its satellite. */
const lookAhead = seconds(12 * 3600);

/** Satellites that may have terminals, and who may point at whom. */
export interface MeshRequest {
  readonly topology: CrosslinkTopology | "none";
  /** `null`: the spacecraft has no terminals. */
  readonly terminals: (CrosslinkEquipment & Pick<CrosslinkTerminals, "lockShare" | "optical">) | null;
  /** Decides which tries to set a link up succeed. */
  readonly seed: number;
  /** Routes are planned afresh once an epoch. */
  readonly epoch: MeshPlan["epoch"];
  /** Absent or `null`: each satellite computes its own tiles. */
  readonly offload?: OffloadRule | null;
  readonly satellites: readonly Satellite[];
  readonly from: Instant;
  readonly to: Instant;
}

/** Links between the satellites, where the user wants them. Throws as `planCrosslinks` does. */
export const planMesh = ({
  topology,
  terminals,
  seed,
  epoch,
  offload = null,
  satellites,
  from,
  to,
}: MeshRequest): MeshPlan | null => {
  if (topology === "none" || terminals === null) return null;
  const lock = { share: terminals.lockShare ?? 1, seed };
  const planned = planCrosslinks({ satellites, terminals, from, to, topology, lock });
  const { optical } = terminals;
  const crosslinks = optical === undefined ? planned : ratedByRange(planned, satellites, optical);
  return { crosslinks, epoch, lookAhead, ...(offload === null ? {} : { offload }) };
};
