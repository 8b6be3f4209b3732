import { someOf } from "../../pipeline/format.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import type { OrderHandler, OrderHandlers } from "../orders/order-handler.ts";

const reasonOf = ({
  policy,
  upsets,
  workloads,
}: Pick<RunPlan, "policy" | "upsets" | "workloads">): { readonly wanted: string; readonly got: string } => {
  if (!detectsOnBoard(policy)) return { wanted: "a policy that detects on board", got: policy.label };
  // What radiation turns over is counted in the weights of one model.
  if (upsets !== null)
    return { wanted: "a mission without radiation", got: "bits that turn over in weights" };
  return workloads === undefined
    ? { wanted: "a satellite that takes models", got: "one that was launched without" }
    : {
        wanted: "a mission with one model",
        got: `workloads ${someOf(workloads.workloads.map(({ name }) => name))}`,
      };
};

/** Refuses orders about models where none is of use on board, and says why. */
export const noModels = (plan: Pick<RunPlan, "policy" | "upsets" | "workloads">): OrderHandlers => {
  const refuse: OrderHandler = (_, { at }) => ({ answer: "refused", at, field: "model", ...reasonOf(plan) });
  return { "model-install": refuse, "model-piece": refuse, "model-activate": refuse };
};
