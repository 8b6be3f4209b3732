import { orderStage, type OrderRecord, type OrderStage } from "../state/order-record.ts";

const words: Readonly<Record<OrderStage, string>> = {
  ahead: "not given yet",
  waits: "waits for a contact",
  "on board": "on board",
  taken: "image on board",
  done: "done",
  landed: "image on the ground",
  refused: "✕ refused",
  expired: "✕ past its deadline",
};

/** Where an order stands at `t`, in words. */
export const stageText = (order: OrderRecord, t: number): string => words[orderStage(order, t)];

/** Orders in the order in which a reader looks for them: those that something happened to last come first, those ahead last. */
export const latestFirst = (orders: readonly OrderRecord[], t: number): readonly OrderRecord[] => {
  const lastOf = ({ times }: OrderRecord): number => {
    const { given, heard, refused, taken, done, landed, deadline } = times;
    return [given, heard, refused, taken, done, landed, deadline]
      .filter((at) => at <= t)
      .reduce((last, at) => Math.max(last, at), -Infinity);
  };
  return orders
    .map((order) => ({ order, last: lastOf(order) }))
    .toSorted((a, b) => b.last - a.last || a.order.times.given - b.order.times.given)
    .map(({ order }) => order);
};

/** How many orders are where, in words: `3 of 8 done, 2 wait, 1 refused`. */
export const tallyText = (orders: readonly OrderRecord[], t: number): string => {
  const counts = new Map<OrderStage, number>();
  for (const order of orders) {
    const stage = orderStage(order, t);
    counts.set(stage, (counts.get(stage) ?? 0) + 1);
  }
  const of = (...stages: readonly OrderStage[]): number =>
    stages.reduce((sum, stage) => sum + (counts.get(stage) ?? 0), 0);
  const parts = [
    [of("waits"), "wait for a contact"],
    [of("on board", "taken"), "on board"],
    [of("refused"), "refused"],
    [of("expired"), "past their deadline"],
    [of("ahead"), "not given yet"],
  ] as const;
  const rest = parts.flatMap(([count, text]) => (count === 0 ? [] : [`${count} ${text}`]));
  return [`${of("done", "landed")} of ${orders.length} done`, ...rest].join(", ");
};
