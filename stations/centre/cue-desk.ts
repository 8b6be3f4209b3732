import type { CuePlanner } from "../../pipeline/mission/cue-planner.ts";
import { tipsOf, type CueTip } from "../../pipeline/mission/cue-tips.ts";
import type { LandedAcquisition } from "../../pipeline/mission/landing.ts";
import type { GroundCue } from "../../pipeline/mission/order-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { Acquisition } from "../../pipeline/orbit/acquisition.ts";
import { byUrgency, type OrderNamed } from "../../pipeline/orders/order.ts";
import { acquisitionAsSent, orderData } from "../../pipeline/orders/order-wire.ts";
import { telecommandBytes } from "../../pipeline/link/transfer/turn-report.ts";
import type { LinkProtection } from "../../pipeline/link/frames/link-protection.ts";
import { bytes, type Instant } from "../../pipeline/units.ts";
import type { OrderDesk } from "./order-desk.ts";

/** What the cues of the mission centre need. */
export interface CueDeskPorts {
  readonly planner: CuePlanner;
  /** Of the model. */
  readonly classes: readonly string[];
  readonly desk: OrderDesk;
  /** Of the uplink. */
  readonly protection: LinkProtection;
  /** The schedule as it is known by now. */
  readonly schedule: () => readonly Acquisition[];
  /** Adds an acquisition, and gives it its place in the schedule. */
  readonly add: (acquisition: Omit<Acquisition, "index">) => Acquisition;
}

/**
 * Tip and cue at the mission centre. A batch of detections that has come down is looked through for tips; those that the satellite has not
 * followed by itself become orders for looks, which go up with the next contacts. Batches are taken in the order in which the centre had
 * them, and only once everything before is known: what is ordered follows from the mission alone.
 */
export class CueDesk {
  readonly #ports: CueDeskPorts;
  readonly #cues: readonly OrderNamed<"cue">[];
  readonly #followed: GroundCue[] = [];
  #waiting: { readonly at: Instant; readonly landed: LandedAcquisition }[] = [];

  constructor({ orders }: Pick<RunPlan, "orders">, ports: CueDeskPorts) {
    this.#ports = ports;
    const cues = (orders?.planned ?? []).flatMap(({ order }) => (order.kind === "cue" ? [order] : []));
    this.#cues = [...new Map(cues.map((cue) => [cue.id, cue])).values()].toSorted(byUrgency);
  }

  /** Takes in what came down of an acquisition. */
  landed(landed: LandedAcquisition): void {
    const at = landed.batchArrival?.atCentre;
    if (at !== undefined) this.#waiting.push({ at, landed });
  }

  /** Decides on all that the centre had by `t`; everything until then is known. */
  decide(t: Instant): void {
    const due = this.#waiting.filter(({ at }) => at <= t);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ at }) => at > t);
    due.sort((a, b) => a.at - b.at || a.landed.acquisition.index - b.landed.acquisition.index);
    for (const { at, landed } of due) this.#decideOn(landed, at);
  }

  /** When the centre had the first batch that it has not decided on; infinite where there is none. */
  get nextAt(): number {
    return this.#waiting.reduce((least, { at }) => Math.min(least, at), Infinity);
  }

  /** What it made of tips, in the order of its decisions. */
  get followed(): readonly GroundCue[] {
    return this.#followed;
  }

  #decideOn({ acquisition, scene, detections, batchArrival }: LandedAcquisition, now: Instant): void {
    if (batchArrival === null) return;
    const image = {
      acquisition,
      scene,
      classes: this.#ports.classes,
      detections: detections.map(({ detection }) => detection),
      readyAt: batchArrival.readyAt,
    };
    for (const cue of this.#cues)
      for (const tip of tipsOf(cue, image))
        if (!this.#isFollowedOnBoard(tip, cue, now)) this.#follow(tip, cue, now);
  }

  /** The satellite is known to have had the cue by then, and everybody works out alike who flies over first. */
  #isFollowedOnBoard(tip: CueTip, cue: OrderNamed<"cue">, now: Instant): boolean {
    const { desk, planner } = this.#ports;
    const heardAt = desk.acceptedAt(tip.satellite, cue.id, now);
    if (heardAt === null || heardAt > tip.takenAt) return false;
    const way = planner.wayOf(tip, cue);
    return way === null || way.route !== "ground";
  }

  #follow(tip: CueTip, cue: OrderNamed<"cue">, now: Instant): void {
    const { planner, desk, schedule, add } = this.#ports;
    const fate = planner.order(tip, cue, now, schedule());
    if ("refused" in fate) {
      this.#followed.push({
        tip,
        atCentre: now,
        acquisition: null,
        refusal: fate.refused,
        upBytes: bytes(0),
      });
      return;
    }
    const { order, satellite, look } = fate;
    const acquisition = add(acquisitionAsSent({ index: 0, satellite, ...look, order: order.id }));
    desk.add({ order, satellite, acquisition: acquisition.index }, acquisition);
    const upBytes = telecommandBytes(orderData([order], [acquisition]).length, this.#ports.protection);
    this.#followed.push({ tip, atCentre: now, acquisition: acquisition.index, refusal: null, upBytes });
  }
}
