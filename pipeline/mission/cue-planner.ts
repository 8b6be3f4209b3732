import type { OrderRefusal } from "../orders/order-answer.ts";
import type { OrderNamed } from "../orders/order.ts";
import type { Acquisition } from "../orbit/acquisition.ts";
import type { Bytes, Instant } from "../units.ts";
import type { CueTip } from "./cue-tips.ts";

/** How a tip reaches who follows it: the satellite itself comes by again, by way of the mission centre, or over crosslinks alone. */
export const tipRoutes = ["own", "ground", "crosslinks"] as const;

/** One of `tipRoutes`. */
export type TipRoute = (typeof tipRoutes)[number];

/** A step of a tip from satellite to satellite. */
export interface TipHop {
  readonly link: string;
  readonly from: string;
  readonly to: string;
  readonly sentAt: Instant;
  readonly at: Instant;
}

/** Who follows a tip, if nothing is lost, and how he hears of it. */
export interface TipWay {
  readonly satellite: string;
  readonly route: TipRoute;
  /** The earliest moment at which he can know of it. */
  readonly toldAt: Instant;
  /** Over crosslinks: all of its steps. */
  readonly hops: readonly TipHop[];
}

/** When, at what, and after which turn a look is taken. */
export type PlacedLook = Pick<Acquisition, "scene" | "at" | "slew">;

/** What the mission centre makes of a tip: a look that goes up, or why there is none. */
export type GroundFollow =
  | { readonly order: OrderNamed<"look">; readonly satellite: string; readonly look: PlacedLook }
  | { readonly refused: OrderRefusal };

/** How tips are followed. Orbits, contacts and crosslinks are known to everybody, so all of it is worked out alike on board and on the ground. */
export interface CuePlanner {
  /** Who flies over first of those that hear of the tip before; `null`: nobody in time. It says nothing of cameras that are taken. */
  readonly wayOf: (tip: CueTip, cue: OrderNamed<"cue">) => TipWay | null;
  /** The first look at it that one satellite can take, told at `toldAt`, beside what its camera has to do; `null`: none in time. */
  readonly place: (
    tip: CueTip,
    satellite: string,
    toldAt: Instant,
    known: readonly Acquisition[],
  ) => PlacedLook | null;
  /** The look that the mission centre orders, with what is planned by then, once it has the tip. */
  readonly order: (
    tip: CueTip,
    cue: OrderNamed<"cue">,
    now: Instant,
    known: readonly Acquisition[],
  ) => GroundFollow;
  /** What a tip takes of each crosslink. */
  readonly tipBytes: Bytes;
}
