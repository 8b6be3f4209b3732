import { detectsOnBoard } from "../../pipeline/mission/policy.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import type { OrderKindName } from "../../pipeline/orders/order.ts";
import { CueBoard, type CueSettings } from "../cues/cue-board.ts";
import type { Flight } from "../flight/flight.ts";
import { lookHandler } from "../orders/look-handler.ts";
import type { OrderHandlers } from "../orders/order-handler.ts";
import { pixelsHandler } from "../orders/pixels-handler.ts";
import type { OwnedOrder } from "../tenancy/board-tenancy.ts";
import { BoardSettings } from "./board-settings.ts";
import type { PixelTools } from "./pixel-tools.ts";

/** What orders do on board of a satellite with pixels, models aside. */
export interface OrderedWork {
  /** Whose each order is; those that come in flight among them. */
  readonly owners: ReadonlyMap<string, OwnedOrder>;
  /** `null`: there are no cues, or no model on board that would see anything. */
  readonly board: CueBoard | null;
  readonly settings: BoardSettings | null;
  /** Images that were taken, oldest first; whoever takes one enters it. */
  readonly taken: Map<number, Acquisition>;
  /** Whether tiles may be ordered that are still on board. */
  readonly sendsPixels: boolean;
  readonly handlers: OrderHandlers;
}

/** Whether any order of that kind may come. */
const hasOrders = ({ orders }: RunPlan, kind: OrderKindName): boolean =>
  orders?.open === true || (orders?.planned.some(({ order }) => order.kind === kind) ?? false);

/** Who obeys the orders of a satellite. `flight` is asked once any has come. */
export const openOrderedWork = (
  plan: RunPlan,
  satellite: string,
  {
    acquisitions,
    tools,
    cues,
  }: {
    readonly acquisitions: readonly Acquisition[];
    readonly tools: Pick<PixelTools, "source">;
    readonly cues: Pick<CueSettings, "planner" | "announce"> | null;
  },
  flight: () => Flight,
): OrderedWork => {
  const owners = new Map<string, OwnedOrder>(
    (plan.orders?.planned ?? []).map(({ order }) => [order.id, order]),
  );
  const taken = new Map<number, Acquisition>();
  const look = lookHandler(
    new Map(acquisitions.flatMap((one) => (one.order === undefined ? [] : [[one.order, one]]))),
  );
  const onBoard = detectsOnBoard(plan.policy);
  const settings = plan.orders === undefined ? null : new BoardSettings(plan);
  // What comes down anyway nobody has to order.
  const sendsPixels = onBoard && hasOrders(plan, "pixels");
  const scenes = new Map(tools.source.scenes.map((scene) => [scene.id, scene]));
  const pixels = pixelsHandler({
    taken: () => [...taken.values()],
    sceneOf: (id) => scenes.get(id),
    tile: plan.tile,
    isHeld: (index) => flight().inventory.store.captures.has(index),
    request: (tiles, at, onDone) => flight().asked?.order(tiles, at, onDone),
  });
  const board =
    cues === null || !onBoard
      ? null
      : new CueBoard({
          satellite,
          place: plan.satellites.indexOf(satellite),
          of: plan.satellites.length,
          scheduled: acquisitions.filter(({ order }) => order === undefined),
          onOwned: (tip, cue) => void owners.set(tip, cue),
          ...cues,
        });
  return {
    owners,
    board,
    settings,
    taken,
    sendsPixels,
    handlers: {
      look: (order, bench) => {
        // What is ordered in flight is not in the plan.
        owners.set(order.id, order);
        return look(order, bench);
      },
      ...(board === null ? {} : { cue: board.obey }),
      ...(sendsPixels ? { pixels } : {}),
      ...(settings === null ? {} : { parameter: settings.obey }),
    },
  };
};
