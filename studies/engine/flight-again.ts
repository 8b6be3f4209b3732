import type { Bus } from "../../pipeline/bus/connection.ts";
import { openRun } from "../../pipeline/bus/run-bus.ts";
import type { RunClaim } from "../../pipeline/bus/run-lease.ts";
import { deleteRun } from "../../pipeline/bus/run-streams.ts";
import { centreName } from "../../pipeline/link/security/link-security.ts";
import type { PolicyRun } from "../../measure/run/policy-run.ts";
import { resultRecords } from "../../stations/archive/result-record.ts";
import { publishResults } from "../../stations/subscribers/publish.ts";
import type { NodeBuses } from "../keys/node-buses.ts";

/**
 * Publishes the results of a policy that an earlier start flew: whoever subscribes to this start wants them too. A start that goes on with the earlier
 * one's streams has them there.
 */
export const publishAgain = async (
  bus: Bus,
  claim: RunClaim,
  nodes: NodeBuses,
  { plan, landed }: PolicyRun,
  classes: readonly string[],
): Promise<void> => {
  if (claim.isResumed) return;
  const busRun = claim.busRun(plan.runId);
  {
    await using run = await openRun(bus, busRun, ["result"]);
    await using own = await nodes.join("centre", centreName, run, () => undefined);
    for (const one of landed) await publishResults(own, plan, resultRecords(one, classes));
    await own.flush();
  }
  await deleteRun(bus, busRun, ["result"]);
};
