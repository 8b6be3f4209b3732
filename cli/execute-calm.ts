import type { Bus } from "../pipeline/bus/connection.ts";
import { deleteRun } from "../pipeline/bus/run-bus.ts";
import type { PolicyRun } from "../measure/run/policy-run.ts";
import { executePolicy } from "./execute.ts";
import type { Stage } from "./plan-run.ts";

/** Runs a policy of a stage under radiation as if there were none, for comparison. It leaves nothing on the bus. */
export const executeCalm = async (
  stage: Stage,
  bus: Bus,
  options: Parameters<typeof executePolicy>[2],
): Promise<PolicyRun> => {
  const { upsets: _upsets, ...base } = stage.base;
  const runId = `${options.runId}-calm`;
  await deleteRun(bus, runId);
  try {
    return await executePolicy({ ...stage, base }, bus, { ...options, runId, measureLossless: false });
  } finally {
    await deleteRun(bus, runId);
  }
};
