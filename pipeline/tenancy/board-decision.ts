import type { Instant } from "../units.ts";
import type { MicroAmount } from "./amount.ts";

/** A reservation or a refusal, as the satellite made it. */
export interface BoardDecision {
  readonly at: Instant;
  readonly satellite: string;
  readonly tenant: string;
  readonly acquisition: number;
  /** What was quoted. */
  readonly amount: MicroAmount;
  /** What the tenant had left on board; `null`: it was enough, and the amount is held. */
  readonly free: MicroAmount | null;
}
