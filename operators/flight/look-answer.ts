import type { AcquisitionRecord } from "../../pipeline/mission/ledger.ts";
import type { OrderAnswer } from "../../pipeline/orders/order-answer.ts";

/** What an acquisition that was ordered came to. */
export const answerOf = ({ index, readyAt: at, failure, tenancy }: AcquisitionRecord): OrderAnswer => {
  if (failure === null) return { answer: "done", at, acquisitions: [index] };
  return tenancy !== undefined && tenancy.refused.length > 0
    ? { answer: "refused", at, field: "tenant", wanted: "a budget that holds the quote", got: failure }
    : { answer: "refused", at, field: "bbox", wanted: "a scene that can be read", got: failure };
};
