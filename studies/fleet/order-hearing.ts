import type { OrderPorts } from "../../operators/orders/order-queue.ts";
import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import { OrderDesk } from "../../stations/centre/order-desk.ts";

/** How the satellites of one flight hear the ground, which decides for each by what that one brought down; nothing in a mission without orders. */
export const hearingOf = (plan: SimulationPlan): { readonly hear?: OrderPorts["hear"] } => {
  if (plan.orders === undefined) return {};
  const desk = new OrderDesk(plan);
  return {
    async hear(contact, told) {
      if (told !== null) desk.answered(told);
      const { orders, acquisitions } = desk.ordersAt(contact.id);
      return { orders, acquisitions };
    },
  };
};
