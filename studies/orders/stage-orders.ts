import {
  orderVerifier,
  requestVerifier,
  signOrder,
  tenantOf,
  tenantRequestVerifier,
  tenantVerifier,
  type TenantKeys,
} from "../../pipeline/keys/order-signature.ts";
import type { Tenant } from "../../pipeline/tenancy/tenant-file.ts";
import type { OrderPlan, PlannedOrder } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { refusalText, type OrderRefusal, type RefusedOrder } from "../../pipeline/orders/order-answer.ts";
import type { Order } from "../../pipeline/orders/order.ts";
import { usualTenant } from "../../pipeline/orders/order-bounds.ts";
import { formatCount, someOf } from "../../pipeline/format.ts";
import type { Scenario } from "../scenario.ts";
import { openControlKeys } from "../keys/node-buses.ts";
import { readUpdateModel } from "../updates/model-update.ts";
import { expandUpdates, namesModels, nothingMade, type UpdateMission } from "../updates/order-updates.ts";
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

/** Who may order. */
export type Payers = readonly Pick<Tenant, "id" | "key">[];

const keysOf = (tenants: Payers | null): TenantKeys =>
  new Map((tenants ?? []).flatMap(({ id, key }) => (key === null ? [] : [[id, key] as const])));

/** Why an order of this tenant is not taken; `null`: it is. `tenants: null`: anybody may order. */
export const unknownTenant = (tenant: string, tenants: readonly string[] | null): OrderRefusal | null =>
  tenants === null || tenant === usualTenant || tenants.includes(tenant)
    ? null
    : { field: "tenant", wanted: `one of the tenants file: ${someOf(tenants)}`, got: tenant };

const idsOf = (tenants: Payers | null): readonly string[] | null => tenants?.map(({ id }) => id) ?? null;

/** What mission control does with an order that a tenant gives: who may give it, who signs it for the uplink. */
export interface OrderDoor {
  /** Why an order is not taken; `null`: it is. A tenant that has a key signs its own orders, and nobody else does; all others are as `signed` has it. */
  readonly verify: (order: Order) => OrderRefusal | null;
  /** What its tenant has signed goes up under the signature of mission control, where it signs. */
  readonly forward: <One extends Order>(order: One) => One;
}

/** `signed`: why mission control does not stand behind an order; `sign`: how it signs one. */
export const orderDoor = (
  tenants: Payers | null,
  signed: (order: Order) => OrderRefusal | null,
  sign: <One extends Order>(order: One) => One,
): OrderDoor => {
  const [keys, ids] = [keysOf(tenants), idsOf(tenants)];
  const own = tenantVerifier(keys);
  return {
    verify: (order) =>
      unknownTenant(order.tenant, ids) ?? (keys.has(order.tenant) ? own(order) : signed(order)),
    forward: (order) => (keys.has(order.tenant) ? sign(order) : order),
  };
};

/** The orders of a mission from its file, planned. With a folder of keys each must be signed. `updates`: what orders about models are made from. Throws `SwathError("config")` for a file that is none. */
export const stageOrders = async (
  { orders: file, commanded }: Pick<Scenario, "orders" | "commanded">,
  keys: string | null,
  tenants: Payers | null,
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
    if (!namesModels(value)) return { value, ...nothingMade };
    const { model, ...rest } = updates;
    return await expandUpdates(value, {
      ...rest,
      satellites,
      launched: await readUpdateModel(model),
      verify: (request) =>
        keysOf(tenants).has(tenantOf(request))
          ? tenantRequestVerifier(keysOf(tenants))(request)
          : control === null
            ? null
            : requestVerifier(control.trust)(request),
    });
  });
  const sign = <One extends Order>(order: One): One =>
    control === null ? order : signOrder(order, control.file.name, control.file.signing);
  const door = orderDoor(tenants, control === null ? () => null : orderVerifier(control.trust), sign);
  const isMade = ({ id }: Order): boolean => read.made.has(id);
  // What mission control makes of a request that it stands behind is its own, and it signs it.
  const orders = read.orders.map((order) => (isMade(order) ? sign(order) : order));
  const verify: OrderMission["verify"] = (order) =>
    isMade(order) ? unknownTenant(order.tenant, idsOf(tenants)) : door.verify(order);
  const { plan, acquisitions } = planOrders({ ...read, orders }, { ...mission, verify });
  const all = plan.planned.map((one): PlannedOrder => {
    if (!isMade(one.order)) return { ...one, order: door.forward(one.order) };
    const after = read.after.get(one.order.id);
    return after === undefined ? one : { ...one, after };
  });
  const { kept: planned, refused: orphans } = withoutOrphans(all);
  // Pieces of a model whose order is refused go with it, and are not told of one by one.
  const installs = new Set(
    planned.flatMap(({ order }) => (order.kind === "model-install" ? [order.id] : [])),
  );
  const isLostPiece = ({ id, kind, body }: Order): boolean =>
    kind === "model-piece" && read.made.has(id) && !installs.has(body.install);
  const lost = new Set(read.orders.filter(isLostPiece).map(({ id }) => id));
  const kept = planned.filter(({ order }) => !lost.has(order.id));
  const refused = [...plan.refused, ...orphans].filter(({ id }) => id === null || !lost.has(id));
  return { plan: { ...plan, planned: kept, refused, ...open }, acquisitions, notes: refusalNotes(refused) };
};

/** Without orders that would wait for one which is not planned. */
const withoutOrphans = (
  planned: readonly PlannedOrder[],
): { readonly kept: readonly PlannedOrder[]; readonly refused: readonly RefusedOrder[] } => {
  const ids = new Set(planned.map(({ order }) => order.id));
  const missingFor = ({ after = [] }: PlannedOrder): string | undefined =>
    after.find(({ order }) => !ids.has(order))?.order;
  const orphans = planned.flatMap((one) => {
    const missing = missingFor(one);
    return missing === undefined ? [] : [{ id: one.order.id, missing }];
  });
  if (orphans.length === 0) return { kept: planned, refused: [] };
  const gone = new Set(orphans.map(({ id }) => id));
  const rest = withoutOrphans(planned.filter(({ order }) => !gone.has(order.id)));
  const refused = orphans.map(({ id, missing }) => ({
    id,
    field: "then",
    wanted: `order ${missing} before it`,
    got: "one that is refused",
  }));
  return { kept: rest.kept, refused: [...refused, ...rest.refused] };
};
