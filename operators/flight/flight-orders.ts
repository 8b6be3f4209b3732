import type { FlightLog } from "../../pipeline/mission/flight-log.ts";
import { OrderQueue } from "../orders/order-queue.ts";
import type { FlightPlan, FlightPorts } from "./flight-plan.ts";

/** How a satellite hears orders in its contacts; `null` in a mission without. */
export const orderQueueOf = (
  { contacts, rate, protection, from, tenancy }: FlightPlan,
  orders: FlightPorts["orders"],
  log: FlightLog | undefined,
): OrderQueue | null => {
  if (orders === undefined) return null;
  const { ports, errors, seed } = orders;
  const isMetered = tenancy !== undefined;
  const told = log === undefined ? {} : { tell: log.tell };
  return new OrderQueue(ports, { contacts, rate, protection, errors, seed, from, isMetered, ...told });
};
