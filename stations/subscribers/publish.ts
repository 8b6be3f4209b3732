import { latLngToCell } from "h3-js";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { RunBus } from "../../pipeline/bus/run-bus.ts";
import { resultSubject, classToken } from "../../pipeline/bus/subjects.ts";
import { resultMessage } from "../archive/record-message.ts";
import type { ResultRecord } from "../archive/result-record.ts";
import { encodeResultMessage } from "../../pipeline/mission/result-message.ts";

/** H3 resolution of a result's cell: about 12,400 km², a stretch of coast. */
const cellResolution = 3;

/** Where a scene has no georeference there is no cell either. */
const nowhere = "none";

/** Publishes each detection to subscribers under its class and cell; said twice, it is heard once. */
export const publishResults = async (
  bus: RunBus,
  plan: RunPlan,
  records: readonly ResultRecord[],
): Promise<void> => {
  const origin = { run: plan.runId, policy: plan.policy.label };
  for (const [index, record] of records.entries()) {
    const message = resultMessage(origin, record);
    const { longitude, latitude } = message;
    const cell =
      longitude === null || latitude === null ? nowhere : latLngToCell(latitude, longitude, cellResolution);
    const subject = resultSubject(bus.run, classToken(message.class), cell);
    await bus.publish(subject, encodeResultMessage(message), `result.${record.acquisition}.${index}`);
  }
};
