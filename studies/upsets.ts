import { policyText } from "../operators/policies/policy-choice.ts";
import type { Policy } from "../pipeline/mission/policy.ts";
import type { Protection, UpsetPlan } from "../pipeline/mission/upset-plan.ts";
import type { StudyPorts } from "./progress.ts";
import type { RunStudy } from "./engine/study-flights.ts";
import { runStudy, type ScenarioResult } from "./replay.ts";
import type { Execution, Scenario } from "./scenario.ts";

/** What `swath upsets` compares. */
export interface UpsetComparison {
  readonly policy: Policy;
  readonly upsets: UpsetPlan;
  readonly protections: readonly Protection[];
}

/** One policy under each protection; all are compared with the same flight without upsets. */
const upsetStudy = ({ policy, upsets, protections }: UpsetComparison): RunStudy => ({
  command: "upsets",
  flights: protections.map((protection) => ({
    policy: { ...policy, label: `${policy.label}-${protection}` },
    upsets: { ...upsets, protection },
    title: protection,
    quietTitle: "without upsets",
  })),
  chosen: { policy: policyText(policy), protections: protections.join() },
});

/**
 * Runs one policy without upsets and under each protection, over the same acquisitions, contacts, seed and particles: a memory is hit
 * at the same moments in the same bits, as far as protections have the same memory. It leaves a run folder with one policy a
 * protection, `detect-vote` for one.
 */
export const runUpsets = (
  scenario: Scenario,
  comparison: UpsetComparison,
  execution: Execution,
  ports: StudyPorts,
): Promise<ScenarioResult> => runStudy(upsetStudy(comparison), scenario, execution, ports);
