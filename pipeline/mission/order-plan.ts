import type { Order } from "../orders/order.ts";
import type { RefusedOrder } from "../orders/order-answer.ts";

/** An order with what the mission centre made of it before the mission: who it goes to, and what it becomes there. */
export interface PlannedOrder {
  readonly order: Order;
  readonly satellite: string;
  /** The acquisition that it becomes, by its place in the schedule; `null` for an order that is none. */
  readonly acquisition: number | null;
}

/** The orders of a mission. */
export interface OrderPlan {
  /** Most urgent first. */
  readonly planned: readonly PlannedOrder[];
  /** Refused before anything went up: on reading, or since nobody can do it. */
  readonly refused: readonly RefusedOrder[];
  /** More may be given while the mission flies. */
  readonly open?: true;
}
