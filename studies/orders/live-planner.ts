import type { LivePlanner } from "../../stations/centre/live-orders.ts";
import { readOrders } from "../../pipeline/orders/order-reading.ts";
import type { OrderDoor } from "./stage-orders.ts";
import { planOrders, type OrderMission } from "./order-planning.ts";

/** How the mission centre plans an order that is given while the mission flies: as one of the mission's own, from that moment on. */
export const livePlanner =
  ({
    forward,
    ...mission
  }: Omit<OrderMission, "schedule" | "scheduled"> & Pick<OrderDoor, "forward">): LivePlanner =>
  (entry, { now, schedule, next, isTaken }) => {
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
    const { plan, acquisitions } = planOrders(read, { ...mission, schedule, scheduled: next });
    const [planned] = plan.planned;
    return {
      planned: planned === undefined ? null : { ...planned, order: forward(planned.order) },
      acquisition: acquisitions[0] ?? null,
      refused: plan.refused[0] ?? null,
    };
  };
