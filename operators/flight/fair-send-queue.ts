import { frameDataBytes } from "../../pipeline/link/frames/frame.ts";
import { FairShare } from "../tenancy/fair-share.ts";
import type { Queued, SendQueue } from "./send-queue.ts";

/** Bytes in a row for one lane: enough frames to be planned as one, few enough to stay fair. */
const quantum = 64 * frameDataBytes;

interface Lane<Item extends Queued> {
  readonly owners: readonly string[];
  readonly queue: SendQueue<Item>;
}

/**
 * The link shared among tenants by weight: what belongs to the same tenants is a lane, in the order that the plan has declared; the lane of whoever
 * is furthest behind, by bytes, is sent next (`FairShare`). A lane keeps the link for 64 frames in a row.
 */
export const fairSendQueue = <Item extends Queued>(
  weights: ReadonlyMap<string, number>,
  open: () => SendQueue<Item>,
): SendQueue<Item> => {
  const share = new FairShare(weights);
  const lanes = new Map<string, Lane<Item>>();
  let current: Lane<Item> | null = null;
  /** Left of the row of the current lane. */
  let credit = 0;
  const laneOf = ({ product: { owners = [] } }: Item): Lane<Item> => {
    const key = owners.join("\n");
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const lane = { owners: owners.length === 0 ? [""] : owners, queue: open() };
    lanes.set(key, lane);
    return lane;
  };
  return {
    add(item) {
      const lane = laneOf(item);
      share.want(lane.owners);
      lane.queue.add(item);
    },
    remove(item) {
      const lane = laneOf(item);
      share.drop(lane.owners);
      lane.queue.remove(item);
    },
    first(accept) {
      const going = credit > 0 ? current?.queue.first(accept) : undefined;
      if (going !== undefined) return going;
      let best: Item | undefined;
      let least = Infinity;
      for (const { owners, queue } of lanes.values()) {
        const urgency = share.urgency(owners);
        if (urgency >= least) continue;
        const item = queue.first(accept);
        if (item === undefined) continue;
        best = item;
        least = urgency;
      }
      return best;
    },
    charge(item, count) {
      const lane = laneOf(item);
      if (lane !== current || credit <= 0) {
        current = lane;
        credit = quantum;
        share.begin(share.urgency(lane.owners));
      }
      credit -= count;
      lane.queue.charge(item, count);
      const amount = count / lane.owners.length;
      share.charge(lane.owners.map((tenant) => ({ tenant, amount })));
    },
    leeway: (item) => (laneOf(item) === current ? Math.min(credit, laneOf(item).queue.leeway(item)) : 0),
    snapshot: () => null,
    restore: () => undefined,
  };
};
