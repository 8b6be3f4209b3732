import type { PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { acquisitionAsSent } from "../../pipeline/orders/order-wire.ts";
import type { RefusedOrder } from "../../pipeline/orders/order-answer.ts";
import { instant, type Instant } from "../../pipeline/units.ts";
import type { GrowingSchedule } from "./growing-schedule.ts";
import type { OrderDesk } from "./order-desk.ts";

/** What is known when an order is given while the mission flies. */
export interface LiveMoment {
  readonly now: Instant;
  /** The acquisitions so far. */
  readonly schedule: readonly Acquisition[];
  /** The number of the next. */
  readonly next: number;
  readonly isTaken: (id: string) => boolean;
}

/** Plans one order as a file has it; either it is planned, with the acquisition that it becomes, or refused. */
export type LivePlanner = (
  entry: unknown,
  moment: LiveMoment,
) => {
  readonly planned: PlannedOrder | null;
  readonly acquisition: Acquisition | null;
  readonly refused: RefusedOrder | null;
};

/** What orders that were given in flight add to a plan. */
export interface GivenOrders {
  readonly planned: readonly PlannedOrder[];
  readonly refused: readonly RefusedOrder[];
}

/**
 * Orders that are given while the mission flies. They stand in the stream of the ground between what stations hand over, so an order is given at the latest
 * mission time that is known by then: whoever reads the stream again comes to the same. The schedule grows.
 */
export class LiveOrders {
  readonly #schedule: GrowingSchedule;
  readonly #desk: OrderDesk;
  readonly #planner: LivePlanner;
  readonly #ids: Set<string>;
  readonly #planned: PlannedOrder[] = [];
  readonly #refused: RefusedOrder[] = [];
  #now: Instant;

  constructor(plan: RunPlan, schedule: GrowingSchedule, desk: OrderDesk, planner: LivePlanner) {
    this.#schedule = schedule;
    this.#desk = desk;
    this.#planner = planner;
    this.#ids = new Set(plan.orders?.planned.map(({ order }) => order.id));
    this.#now = plan.contacts.from;
  }

  /** Mission time has come to `t`. */
  through(t: Instant): void {
    this.#now = instant(Math.max(this.#now, t));
  }

  /** Takes an order in, as a file has it. */
  give(entry: unknown): void {
    const { planned, acquisition, refused } = this.#planner(entry, {
      now: this.#now,
      schedule: this.#schedule.ordered,
      next: this.#schedule.next,
      isTaken: (id) => this.#ids.has(id),
    });
    if (refused !== null) this.#refused.push(refused);
    if (planned === null) return;
    this.#ids.add(planned.order.id);
    this.#planned.push(planned);
    const sent = acquisition === null ? null : this.#schedule.add(acquisitionAsSent(acquisition));
    this.#desk.add(planned, sent);
  }

  /** What was given, in its order. */
  get given(): GivenOrders {
    return { planned: this.#planned, refused: this.#refused };
  }
}
