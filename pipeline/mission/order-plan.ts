import type { Order } from "../orders/order.ts";
import type { Bytes, Instant } from "../units.ts";
import type { OrderRefusal, RefusedOrder } from "../orders/order-answer.ts";
import type { CueTip } from "./cue-tips.ts";

/** An order to one satellite. */
export interface OrderPlace {
  readonly order: string;
  readonly satellite: string;
}

/** An order with what the mission centre made of it before the mission: who it goes to, and what it becomes there. */
export interface PlannedOrder {
  readonly order: Order;
  readonly satellite: string;
  /** The acquisition that it becomes, by its place in the schedule; `null` for an order that is none. */
  readonly acquisition: number | null;
  /** It goes up once the mission centre knows that all of these are done; absent: as soon as it can. */
  readonly after?: readonly OrderPlace[];
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

/** A tip that the mission centre had from the link, and what it made of it. */
export interface GroundCue {
  readonly tip: CueTip;
  readonly atCentre: Instant;
  /** The look that went up for it, by its place in the schedule; `null`: none, `refusal` says why. */
  readonly acquisition: number | null;
  readonly refusal: OrderRefusal | null;
  /** Of the look on the uplink, coding included; 0 for none. */
  readonly upBytes: Bytes;
}

const hasKind = (orders: OrderPlan | undefined, kind: Order["kind"]): boolean =>
  orders?.planned.some(({ order }) => order.kind === kind) ?? false;

/** Whether any cue stands in a mission. */
export const hasCues = ({ orders }: { readonly orders?: OrderPlan }): boolean => hasKind(orders, "cue");

/** Whether looks may be lost on the uplink, and planned again. */
export const mayLoseLooks = ({
  orders,
  errors,
}: {
  readonly orders?: OrderPlan;
  readonly errors: {
    readonly bitErrorRate: number;
    readonly segmentLossRate: number;
    readonly outages: readonly unknown[];
  };
}): boolean => {
  const { bitErrorRate, segmentLossRate, outages } = errors;
  return hasKind(orders, "look") && (bitErrorRate > 0 || segmentLossRate > 0 || outages.length > 0);
};

/** Whether what goes up to one satellite follows from what others brought down: such satellites fly side by side. */
export const isTogether = (plan: Parameters<typeof mayLoseLooks>[0]): boolean =>
  hasCues(plan) ||
  mayLoseLooks(plan) ||
  (plan.orders?.planned ?? []).some(({ after }) => after !== undefined);
