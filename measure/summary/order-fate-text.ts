import type { OrderRow } from "./order-summary.ts";

const words: Readonly<Record<OrderRow["fate"], string>> = {
  done: "done",
  accepted: "on board, not yet due",
  expired: "expired",
  refused: "refused",
  "not-heard": "never on board",
};

/** What became of an order, in words: of one that was refused, by whom and why. */
export const orderFateText = ({ fate, refusal }: OrderRow): string =>
  refusal === undefined
    ? words[fate]
    : `${words[fate]} by the ${refusal.by}: ${refusal.field}: wanted ${refusal.wanted}, got ${refusal.got}`;
