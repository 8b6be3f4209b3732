import { orderVerifier, requestVerifier, signOrder } from "../../pipeline/keys/order-signature.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { refusalText, type OrderRefusal, type RefusedOrder } from "../../pipeline/orders/order-answer.ts";
import { usualTenant } from "../../pipeline/orders/order-bounds.ts";
import { formatCount, someOf } from "../../pipeline/format.ts";
import type { Scenario } from "../scenario.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import { readUpdateModel } from "../updates/model-update.ts";
import { expandUpdates, namesModels, type UpdateMission } from "../updates/order-updates.ts";
import { readOrderFile } from "./order-file.ts";
import { planOrders, type OrderMission } from "./order-planning.ts";

/** What orders add to a stage; nothing where there are none. */
export interface StageOrders {
  readonly plan: OrderPlan | null;
  readonly acquisitions: readonly Acquisition[];
  readonly notes: readonly string[];
}

/** Refusals that are told one by one. */
const mostNotes = 20;

/** What was refused, for people. */
export const refusalNotes = (refused: readonly RefusedOrder[]): readonly string[] => {
  const told = refused.slice(0, mostNotes).map((one) => `refused: ${refusalText(one)}`);
  const rest = refused.length - told.length;
  return rest > 0 ? [...told, `refused: ${formatCount(rest)} more orders; summary.json names them`] : told;
};

/** Why an order of this tenant is not taken; `null`: it is. `tenants: null`: anybody may order. */
export const unknownTenant = (tenant: string, tenants: readonly string[] | null): OrderRefusal | null =>
  tenants === null || tenant === usualTenant || tenants.includes(tenant)
    ? null
    : { field: "tenant", wanted: `one of the tenants file: ${someOf(tenants)}`, got: tenant };

/** The orders of a mission from its file, planned. With a folder of keys each must be signed. `updates`: what orders about models are made from. Throws `SwathError("config")` for a file that is none. */
export const stageOrders = async (
  { orders: file, commanded }: Pick<Scenario, "orders" | "commanded">,
  keys: string | null,
  tenants: readonly string[] | null,
  mission: Omit<OrderMission, "verify">,
  updates: Omit<UpdateMission, "launched" | "satellites" | "verify"> & { readonly model: string },
): Promise<StageOrders> => {
  const open = commanded ? ({ open: true } as const) : {};
  if (file === null) {
    const plan = commanded ? { planned: [], refused: [], ...open } : null;
    return { plan, acquisitions: [], notes: [] };
  }
  const control = keys === null ? null : openControlKeys(keys);
  const satellites = mission.satellites.map(({ id }) => id);
  const read = await readOrderFile(file, mission.contacts.from, async (value) => {
    if (!namesModels(value)) return { value, refused: [], made: new Set() };
    const { model, ...rest } = updates;
    return await expandUpdates(value, {
      ...rest,
      satellites,
      launched: await readUpdateModel(model),
      verify: control === null ? () => null : requestVerifier(control.trust),
    });
  });
  // What mission control makes of a request that it has signed, it signs.
  const orders = read.orders.map((order) =>
    control !== null && read.made.has(order.id)
      ? signOrder(order, control.file.name, control.file.signing)
      : order,
  );
  const signed: OrderMission["verify"] = control === null ? () => null : orderVerifier(control.trust);
  const verify: OrderMission["verify"] = (order) => unknownTenant(order.tenant, tenants) ?? signed(order);
  const { plan, acquisitions } = planOrders({ ...read, orders }, { ...mission, verify });
  return { plan: { ...plan, ...open }, acquisitions, notes: refusalNotes(plan.refused) };
};
