import type { Satellite } from "../../pipeline/orbit/satellite.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { OrderPlan } from "../../pipeline/mission/order-plan.ts";
import type { WorkloadsPlan } from "../../pipeline/mission/tenancy-plan.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { usualTenant } from "../../pipeline/orders/order-bounds.ts";
import { refusalText } from "../../pipeline/tenancy/tenant-file.ts";
import type { MissionModel } from "../engine/mission-model.ts";
import type { Scenario } from "../scenario.ts";
import { planTenancy, withKnownTenants } from "./plan-tenancy.ts";

/** What a mission flies over. */
interface Flown {
  readonly scenes: readonly Scene[];
  readonly bands: Readonly<Record<string, readonly string[]>>;
  readonly satellites: readonly Satellite[];
  readonly acquisitions: readonly Acquisition[];
  readonly orders: OrderPlan | null;
}

/** The parts of a plan that tell of several workloads and of tenants: none where there is one model and nobody in particular uses the mission. */
export const planUsers = (
  { tenants, spacecraft }: Pick<Scenario, "tenants" | "spacecraft">,
  { model, workloads }: Pick<MissionModel, "model" | "workloads">,
  { scenes, bands, satellites, acquisitions, orders }: Flown,
): { readonly plan: Pick<RunPlan, "tenancy" | "workloads">; readonly notes: readonly string[] } => {
  if (tenants === null) return { plan: workloads === null ? {} : { workloads }, notes: [] };
  const known = workloads === null ? null : withKnownTenants(workloads, tenants, usualTenant);
  const planned: WorkloadsPlan | null =
    workloads === null || known === null ? null : { ...workloads, workloads: known.workloads };
  const tenancy = planTenancy({
    tenancy: tenants,
    workloads: planned,
    detector: model,
    spacecraft,
    scenes,
    bands,
    satellites: satellites.map(({ id }) => id),
    acquisitions,
    orders,
  });
  return {
    plan: { tenancy, ...(planned === null ? {} : { workloads: planned }) },
    notes: [...tenants.refused.map(refusalText), ...(known?.notes ?? [])],
  };
};
