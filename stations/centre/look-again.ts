import type { PlacedLook } from "../../pipeline/mission/cue-planner.ts";
import type { PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { acquisitionAt, type Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { byUrgency, type OrderNamed } from "../../pipeline/orders/order.ts";
import { acquisitionAsSent } from "../../pipeline/orders/order-wire.ts";
import type { Instant } from "../../pipeline/units.ts";
import type { OrderDesk } from "./order-desk.ts";

/** Plans a look once more, with what is known by `now`; `null`: nobody can take it by its deadline. */
export type LookPlanner = (
  order: OrderNamed<"look">,
  now: Instant,
  known: readonly Acquisition[],
) => { readonly satellite: string; readonly look: PlacedLook } | null;

/** What planning again needs. */
export interface LookAgainPorts {
  readonly plan: LookPlanner;
  readonly desk: OrderDesk;
  /** The schedule as it is known by now. */
  readonly schedule: () => readonly Acquisition[];
  /** Adds an acquisition, and gives it its place in the schedule. */
  readonly add: (acquisition: Omit<Acquisition, "index">) => Acquisition;
}

interface Look {
  readonly order: OrderNamed<"look">;
  readonly satellite: string;
  readonly at: Instant;
}

/**
 * Looks whose orders were lost in all contacts before the overflight: at the moment at which such a look was to be taken, and its satellite has acknowledged nothing, it is planned
 * anew, on whichever satellite and pass the deadline allows. One whose acknowledgement alone was lost is taken twice rather than never.
 */
export class LookAgain {
  readonly #ports: LookAgainPorts;
  readonly #planned: PlannedOrder[] = [];
  #looks: readonly Look[];

  constructor({ orders, acquisitions }: Pick<RunPlan, "orders" | "acquisitions">, ports: LookAgainPorts) {
    this.#ports = ports;
    this.#looks = (orders?.planned ?? []).flatMap(({ order, satellite, acquisition }): readonly Look[] => {
      const at = acquisition === null ? undefined : acquisitionAt(acquisitions, acquisition)?.at;
      return order.kind === "look" && at !== undefined ? [{ order, satellite, at }] : [];
    });
  }

  /** When the next look is to be taken; infinite where there is none. */
  get nextAt(): number {
    return this.#looks.reduce((least, { at }) => Math.min(least, at), Infinity);
  }

  /** Looks through all that were to be taken by `t`; everything until then is known. */
  decide(t: Instant): void {
    const due = this.#looks.filter(({ at }) => at <= t);
    this.#looks = this.#looks.filter(({ at }) => at > t);
    for (const look of due.toSorted((a, b) => a.at - b.at || byUrgency(a.order, b.order)))
      this.#planAgain(look);
  }

  /** What was planned anew, in the order of its decisions. */
  get planned(): readonly PlannedOrder[] {
    return this.#planned;
  }

  #planAgain({ order, satellite: first, at }: Look): void {
    const { plan, desk, schedule, add } = this.#ports;
    if (order.deadline <= at || desk.isAnswered(first, order.id, at)) return;
    const found = plan(order, at, schedule());
    if (found === null) return;
    const { satellite, look } = found;
    const acquisition = add(acquisitionAsSent({ index: 0, satellite, ...look, order: order.id }));
    const planned = { order, satellite, acquisition: acquisition.index };
    desk.add(planned, acquisition, at);
    this.#planned.push(planned);
    this.#looks = [...this.#looks, { order, satellite, at: acquisition.at }];
  }
}
