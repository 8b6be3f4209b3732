import type { Detector } from "../detection/detector.ts";
import { lastPriority, usualPriority } from "../orders/order-bounds.ts";
import type { WorkloadPlan, WorkloadsPlan } from "./tenancy-plan.ts";

/** The workloads that are worked on in a scene. `tenants`: whose; `null`: everybody's. In the order of the plan. */
export const workloadsIn = (
  { workloads }: WorkloadsPlan,
  scene: string,
  tenants: readonly string[] | null,
): readonly WorkloadPlan[] => {
  const here = workloads.filter(({ scenes }) => scenes === null || scenes.includes(scene));
  if (tenants === null) return here;
  return here.filter(({ tenant }) => tenants.includes(tenant));
};

/** How urgent a scene of the schedule is: as the most urgent of the workloads that are worked on in it. */
export const scenePriority = (plan: WorkloadsPlan | null, scene: string): number =>
  plan === null
    ? usualPriority
    : Math.min(
        ...workloadsIn(plan, scene, null).map(({ priority }) => priority),
        // Nobody's work waits for everybody's.
        lastPriority,
      );

/** Places of the models that workloads need, in the order of the plan's list. */
export const modelsOf = ({ models }: WorkloadsPlan, workloads: readonly WorkloadPlan[]): readonly number[] =>
  models.flatMap(({ sha256 }, at) => (workloads.some((one) => one.modelSha256 === sha256) ? [at] : []));

/** The detector with the models of these workloads alone, and their classes. A detector that is one model is given back as it is. */
export const detectorFor = (
  plan: WorkloadsPlan,
  detector: Detector,
  workloads: readonly WorkloadPlan[],
): Detector => {
  if (detector.only === undefined) return detector;
  const names = new Set(workloads.flatMap(({ classes }) => classes));
  const classes = detector.info.classes.flatMap((name, at) => (names.has(name) ? [at] : []));
  return detector.only(modelsOf(plan, workloads), new Set(classes));
};
