import type { FlightPlan, FlightPorts } from "./flight-plan.ts";
import { Inventory } from "./inventory.ts";

/** The inventory of a flight, which tells of what its store gives up. */
export const toldInventory = (
  { spacecraft, tenancy }: FlightPlan,
  { notify, log }: Pick<FlightPorts, "notify" | "log">,
): Inventory => {
  const inventory: Inventory = new Inventory(
    spacecraft.store,
    ({ product, at, reason }) => {
      notify({ type: "Product:Evicted", bytes: product.size, reason });
      const name = inventory.nameOf(product.number);
      log?.tell({ type: "evicted", at, product: name, bytes: product.size, reason });
    },
    ({ acquisition, size }, at) => log?.tell({ type: "given up", at, acquisition, bytes: size }),
    tenancy === undefined ? null : { ownersOf: (index) => tenancy.ownersOf(index), weights: tenancy.weights },
  );
  return inventory;
};
