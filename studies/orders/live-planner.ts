import type { LivePlanner } from "../../stations/centre/live-orders.ts";
import { readOrders } from "../../pipeline/orders/order-reading.ts";
import { planOrders, type OrderMission } from "./order-planning.ts";

/** How the mission centre plans an order that is given while the mission flies: as one of the mission's own, from that moment on. */
export const livePlanner =
  (mission: Omit<OrderMission, "schedule" | "scheduled">): LivePlanner =>
  (entry, { now, schedule, isTaken }) => {
    const read = readOrders([entry], now);
    const [order] = read.orders;
    if (order !== undefined && isTaken(order.id)) {
      const refused = {
        id: order.id,
        field: "id",
        wanted: "one that no other order has",
        got: `"${order.id}" twice`,
      };
      return { planned: null, acquisition: null, refused };
    }
    const { plan, acquisitions } = planOrders(read, { ...mission, schedule, scheduled: schedule.length });
    return {
      planned: plan.planned[0] ?? null,
      acquisition: acquisitions[0] ?? null,
      refused: plan.refused[0] ?? null,
    };
  };
