import type { GroundCue } from "../../pipeline/mission/order-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { SatelliteLedger, StationLedger } from "../../pipeline/mission/ledger.ts";
import type { RunFile } from "../../pipeline/atomic-folder.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";

/** What a run of one policy left behind. */
export interface PolicyRun {
  readonly plan: RunPlan;
  readonly satellites: readonly SatelliteLedger[];
  readonly stations: readonly StationLedger[];
  /** One for each acquisition of the plan, in its order. */
  readonly landed: readonly LandedAcquisition[];
  /** The chips that came down, as files for the archive. */
  readonly chips: readonly RunFile[];
  /** The requested tiles that came down, in the same way. */
  readonly tiles: readonly RunFile[];
  /** What the mission centre made of tips, in the order of its decisions; absent in a mission without cues. */
  readonly cues?: readonly GroundCue[];
}

/**
 * Of a list with an entry for each acquisition of a run's plan, those of the schedule, in its order. Runs over one schedule have those in common;
 * which looks come besides, and where they stand, differs with what each run saw, heard and lost.
 */
export const ofSchedule = <Entry>({ plan }: Pick<PolicyRun, "plan">, entries: readonly Entry[]) =>
  entries.filter((_, place) => plan.acquisitions[place]?.order === undefined);
