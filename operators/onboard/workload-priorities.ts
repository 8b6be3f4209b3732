import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { scenePriority } from "../../pipeline/mission/scene-workloads.ts";
import { usualPriority, usualTenant } from "../../pipeline/orders/order-bounds.ts";
import type { FlightPlan } from "../flight/flight-plan.ts";
import type { QueueRules } from "../flight/timeline.ts";

/** Workloads of unlike priority order the queue, in a mission without tenants as well. */
export const prioritiesOf = ({ workloads, orders }: RunPlan): Pick<FlightPlan, "priorities"> => {
  if (workloads === undefined || new Set(workloads.workloads.map(({ priority }) => priority)).size < 2)
    return {};
  const ordered = new Map((orders?.planned ?? []).map(({ order }) => [order.id, order.priority]));
  const priorities: QueueRules = {
    weights: new Map(),
    wantedBy: () => [usualTenant],
    ownersOf: () => [],
    priorityOf: ({ scene, order }) =>
      order === undefined ? scenePriority(workloads, scene) : (ordered.get(order) ?? usualPriority),
  };
  return { priorities };
};
