import type { MissionRecorder } from "../record/mission-recorder.ts";
import type { Yardstick } from "../../measure/run/policy-figures.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import type { RunSummary } from "../../measure/summary/run-summary.ts";
import type { RunIdentity } from "../engine/run-name.ts";
import type { Stage } from "../engine/prepared-run.ts";
import type { RunCommand } from "../scenario.ts";

/** A run that was flown and summed up, ready to be written. */
export interface FinishedRun {
  readonly stage: Stage;
  readonly runs: readonly PolicyRun[];
  readonly summary: RunSummary;
  /** What its name follows from. */
  readonly identity: RunIdentity;
  readonly yardstick: Yardstick;
  readonly command: RunCommand;
  /** YAML. */
  readonly configuration: string;
  /** `ledger.jsonl`; absent in a mission without tenants. */
  readonly ledger?: string;
  /** The mission record. */
  readonly mission: MissionRecorder;
}
