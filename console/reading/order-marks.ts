import type { OrderMark } from "../map/picture.ts";
import { orderStage, stageSince, type OrderRecord } from "../state/order-record.ts";
import { boxCentre, boxOutline } from "./box-outline.ts";
import { freshFor } from "./scene-marks.ts";
import type { PolicyView } from "./policy-view.ts";
import type { Selection } from "./selection.ts";

/** Orders that are drawn one by one, those that something happened to last. */
const mostDrawn = 200;
/** At most this many have their names. */
const mostNamed = 12;

/** How an order is called to people. */
export const orderLabel = ({ id, kind }: OrderRecord): string => (kind === "" ? id : `${kind} ${id}`);

/** The orders at `t` (seconds from the start) as marks; those without an area are not on the map. */
export const orderMarks = (
  view: PolicyView,
  t: number,
  selection: Selection | null,
): readonly OrderMark[] => {
  const shown = view.orders
    .flatMap((order) => {
      const stage = orderStage(order, t);
      return order.box === null || stage === "ahead"
        ? []
        : [{ order, box: order.box, stage, since: stageSince(order, stage) }];
    })
    .toSorted((a, b) => b.since - a.since)
    .slice(0, mostDrawn);
  return shown.map(({ order, box, stage, since }): OrderMark => {
    const selected = selection?.kind === "order" && selection.name === order.id;
    return {
      id: order.id,
      label: stage === "refused" || stage === "expired" ? `✕ ${order.id}` : order.id,
      lonLat: boxCentre(box),
      outline: boxOutline(box),
      stage,
      selected,
      named: selected || shown.length <= mostNamed || t - since < freshFor,
    };
  });
};
