import { policies as known } from "../../operators/policies/registry.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { AskPlan } from "../../pipeline/mission/ask-plan.ts";
import { detectsOnBoard, type Policy } from "../../pipeline/mission/policy.ts";

/**
 * Refuses requests that cannot be served: tiles of policies that send all of them anyway, and tiles of satellites that hand their
 * products to others, since a request reaches only the satellite in contact. Throws `SwathError("config")`.
 */
export const requireAskable = (
  ask: AskPlan | null,
  policies: readonly Policy[],
  crosslinks: string,
): void => {
  if (ask === null) return;
  const fail = (wanted: string, got: string): never => {
    throw new SwathError("config", { what: "--ask", wanted, got });
  };
  if (!policies.some(detectsOnBoard)) {
    const onBoard = known.filter(detectsOnBoard).map(({ name }) => name);
    fail(
      `a policy that detects on board: ${onBoard.join(", ")}`,
      policies.map(({ label }) => label).join(", "),
    );
  }
  if (crosslinks !== "none") fail("--crosslinks none beside it", crosslinks);
};
