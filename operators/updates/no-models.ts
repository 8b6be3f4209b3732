import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import type { OrderHandler, OrderHandlers } from "../orders/order-handler.ts";

/** Refuses orders about models where none is of use on board, and says why. */
export const noModels = ({ policy, upsets }: Pick<RunPlan, "policy" | "upsets">): OrderHandlers => {
  const refuse: OrderHandler = (_, { at }) => ({
    answer: "refused",
    at,
    field: "model",
    // What radiation turns over is counted in the weights of one model.
    wanted: upsets === null ? "a policy that detects on board" : "a mission without radiation",
    got: detectsOnBoard(policy) ? "bits that turn over in weights" : policy.label,
  });
  return { "model-install": refuse, "model-piece": refuse, "model-activate": refuse };
};
