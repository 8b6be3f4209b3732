import type { OrderAnswer } from "../../pipeline/orders/order-answer.ts";
import type { Order, OrderKindName } from "../../pipeline/orders/order.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { Instant } from "../../pipeline/units.ts";

/** Where an order is obeyed. */
export interface OrderBench {
  /** When the order was on board. */
  readonly at: Instant;
  /** The acquisition that came up with it; `null`: none, or the schedule has it. */
  readonly acquisition: Acquisition | null;
  /** Puts an acquisition into the satellite's timeline; its order is done once it has been worked on. */
  readonly take: (acquisition: Acquisition) => void;
  /** Says more of the order later; `done` and `expired` are its end. */
  readonly say: (answer: OrderAnswer) => void;
}

/**
 * Obeys orders of one kind, and gives the first answer: `accepted`, `refused`, or `done` where it is done at once. Called once for each order, in the
 * order in which they are on board; it must not throw for what an order says.
 */
export type OrderHandler = (order: Order, bench: OrderBench) => OrderAnswer;

/** Who obeys which kind; orders of other kinds are refused. */
export type OrderHandlers = Readonly<Partial<Record<OrderKindName, OrderHandler>>>;
