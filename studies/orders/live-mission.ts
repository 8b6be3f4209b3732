import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import { refusalText } from "../../pipeline/orders/order-answer.ts";
import type { CuePlanner } from "../../pipeline/mission/cue-planner.ts";
import { planOrders } from "./order-planning.ts";
import type { LookPlanner } from "../../stations/centre/look-again.ts";
import { hasCues, mayLoseLooks } from "../../pipeline/mission/order-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { cuePlannerOf } from "./cue-planning.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { GivenOrders, LivePlanner } from "../../stations/centre/live-orders.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { cameraReach } from "../engine/camera-reach.ts";
import type { OrderDoor } from "./stage-orders.ts";
import { livePlanner } from "./live-planner.ts";

/** What orders are planned over: orbits, camera, contacts, and the scenes that the model can read. */
const groundOf = (plan: RunPlan, scenes: readonly Scene[]) => ({
  satellites: plan.orbits,
  spacecraft: plan.spacecraft,
  contacts: plan.contacts,
  protection: plan.protection,
  camera: cameraReach(plan.spacecraft.camera).reach,
  scenes: scenes.filter(({ id }) => plan.bands[id] !== undefined),
});

/** Who plans orders that are given to a run in flight; `null` where it takes none. */
export const plannerFor = (
  plan: RunPlan,
  scenes: readonly Scene[],
  { verify, forward }: OrderDoor,
): LivePlanner | null =>
  plan.orders?.open === true ? livePlanner({ ...groundOf(plan, scenes), verify, forward }) : null;

/** How tips are followed, on board and at the mission centre; `null` in a mission without cues. `sign`: how mission control signs what it orders. */
export const cuePlannerFor = (
  plan: RunPlan,
  scenes: readonly Scene[],
  sign?: Parameters<typeof cuePlannerOf>[2],
): CuePlanner | null => (hasCues(plan) ? cuePlannerOf(plan, scenes, sign) : null);

/** How looks that were lost are planned again; `null` where none can be lost. */
export const lookPlannerFor = (plan: RunPlan, scenes: readonly Scene[]): LookPlanner | null =>
  mayLoseLooks(plan)
    ? (order, now, known) => {
        const again = { ...order, issuedAt: now };
        const { plan: fates, acquisitions } = planOrders(
          { orders: [again], refused: [] },
          // Its signature is over the time at which it was given.
          { ...groundOf(plan, scenes), schedule: known, scheduled: 0, verify: () => null },
        );
        const [planned] = fates.planned;
        const [look] = acquisitions;
        return planned === undefined || look === undefined ? null : { satellite: planned.satellite, look };
      }
    : null;

/** The plan with what was ordered in flight: what the referee holds the books against. */
export const withGiven = (
  plan: RunPlan,
  { planned, refused }: GivenOrders,
  added: readonly Acquisition[],
): RunPlan =>
  plan.orders === undefined || planned.length + refused.length + added.length === 0
    ? plan
    : {
        ...plan,
        acquisitions: [...plan.acquisitions, ...added],
        orders: {
          ...plan.orders,
          planned: [...plan.orders.planned, ...planned],
          refused: [...plan.orders.refused, ...refused],
        },
      };

/** What was refused of orders given in flight, for people. */
export const givenNotes = ({ refused }: GivenOrders): readonly string[] =>
  refused.map((one) => `refused: ${refusalText(one)}`);

/** Refuses a run that is to take orders where nobody could give any. Throws `SwathError("config")`. */
export const requireReachable = (commanded: boolean, nats: string | null): void => {
  if (!commanded || nats !== null) return;
  throw new SwathError("config", {
    what: "--commanded",
    wanted: "--nats URL beside it",
    got: "none",
    hint: "swath command gives orders on a NATS that both reach",
    field: "commanded",
  });
};
