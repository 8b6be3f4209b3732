import type { SimulationPlan } from "../../operators/simulation/simulation.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import { readOrderFile } from "../orders/order-file.ts";
import { planOrders } from "../orders/order-planning.ts";
import { refusalNotes, unknownTenant } from "../orders/stage-orders.ts";
import { refuseModels } from "./fleet-models.ts";

/** What orders add to a simulation. */
export interface FleetOrders {
  readonly orders: NonNullable<SimulationPlan["orders"]>;
  /** Behind the schedule's. */
  readonly acquisitions: readonly Acquisition[];
}

/** What the acquisitions of a simulation are of: nothing, their work is drawn. */
export const drawnScene = "drawn";

/**
 * The orders of a simulation from their file, planned as those of a mission with pixels are: looks over all of the constellation, at any area, since
 * their work is drawn. Signatures are not looked at. `tenants`: who may order; `null`: anybody. Throws `SwathError("config")` for a file that is none.
 */
export const planFleetOrders = async (
  file: string,
  tenants: readonly string[] | null,
  plan: Pick<SimulationPlan, "satellites" | "spacecraft" | "contacts" | "protection" | "acquisitions">,
  onNote: (text: string) => void,
): Promise<FleetOrders> => {
  const { satellites, spacecraft, contacts, protection, acquisitions: schedule } = plan;
  const read = await readOrderFile(file, contacts.from, refuseModels);
  const { plan: orders, acquisitions } = planOrders(read, {
    satellites,
    spacecraft,
    contacts,
    protection,
    camera: cameraReach(spacecraft.camera).reach,
    scenes: [],
    drawn: drawnScene,
    schedule,
    scheduled: schedule.length,
    verify: ({ tenant }) => unknownTenant(tenant, tenants),
  });
  for (const note of refusalNotes(orders.refused)) onNote(note);
  return { orders, acquisitions };
};
