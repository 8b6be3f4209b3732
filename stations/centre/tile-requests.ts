import { askOf, type AskPlan } from "../../pipeline/mission/ask-plan.ts";
import type { RunPlan } from "../../pipeline/mission/run-plan.ts";
import type { TileRequest } from "../../pipeline/link/transfer/tile-request.ts";
import type { Contact } from "../../pipeline/orbit/contact.ts";
import { instant } from "../../pipeline/units.ts";
import type { AcquisitionState } from "./acquisition-state.ts";

/** The tiles of an acquisition that its detections make worth a look: most detections in the band first, then plan order. */
export const tilesWorthAsking = (
  { batch, plan }: Pick<AcquisitionState, "batch" | "plan">,
  { from, to, tilesPerScene }: AskPlan,
): readonly number[] => {
  const counts = new Map<number, number>();
  for (const { score, boxPx } of batch?.detections ?? []) {
    if (score < from || score > to) continue;
    const x = (boxPx.x0 + boxPx.x1) / 2;
    const y = (boxPx.y0 + boxPx.y1) / 2;
    const owner = plan.find(
      ({ core }) => x >= core.x && x < core.x + core.width && y >= core.y && y < core.y + core.height,
    );
    if (owner !== undefined) counts.set(owner.index, (counts.get(owner.index) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a, n], [b, m]) => m - n || a - b)
    .slice(0, tilesPerScene)
    .map(([tile]) => tile);
};

/**
 * The requests of the mission centre. Each acquisition is judged once, when the first contact with its satellite opens
 * after the centre has its detections; in a contact that is locked while the station is out, nothing is requested. So requests follow
 * from what earlier contacts delivered, and from nothing else.
 */
export class Asking {
  readonly #plan: RunPlan;
  readonly #judged = new Set<number>();
  readonly #contacts: ReadonlyMap<string, Contact>;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.#contacts = new Map(plan.contacts.contacts.map((contact) => [contact.id, contact]));
  }

  /** The contact of that id, which has opened, and what is requested in it; requests are noted in the states. */
  requestsAt(
    id: string,
    states: ReadonlyMap<number, AcquisitionState>,
  ): { readonly contact: Contact; readonly requests: readonly TileRequest[] } {
    const contact = this.#contacts.get(id);
    if (contact === undefined) throw new RangeError(`contact ${id} is not in the plan`);
    const { satellite, station, lockedAt, backhaul } = contact;
    // What the station is to send up as soon as it can has left the centre by then.
    const decidedAt = instant(lockedAt - backhaul);
    const rule = askOf(this.#plan);
    const { outages } = this.#plan.errors;
    const isOut = outages.some((one) => one.station === station && one.from <= lockedAt && lockedAt < one.to);
    if (rule === null || isOut) return { contact, requests: [] };
    const requests = this.#plan.acquisitions.flatMap(({ index, satellite: taker }): TileRequest[] => {
      if (taker !== satellite || this.#judged.has(index)) return [];
      const state = states.get(index);
      if (state === undefined || (state.batch?.arrival.atCentre ?? Infinity) > decidedAt) return [];
      this.#judged.add(index);
      return tilesWorthAsking(state, rule).map((tile) => {
        state.asked.set(tile, decidedAt);
        return { acquisition: index, tile };
      });
    });
    return { contact, requests };
  }
}
