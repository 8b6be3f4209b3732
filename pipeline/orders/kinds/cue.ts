import { box, duration, initially, label, oneOf, optional, share } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";

/** Who detects tells who flies over next. */
export const cue = orderKind({
  kind: "cue",
  meaning: "have whoever flies over next photograph what is detected",
  fields: {
    /** A class of the model. */
    on: label,
    minScore: initially(share, 0.5),
    /** Where detections count; `null`: anywhere. */
    bbox: optional(box),
    /** Who may follow: any satellite, or any but the one that detected. */
    by: initially(oneOf(["any", "other"]), "any"),
    /** From the detection to the last moment at which following it is worth anything. */
    within: duration,
  },
  asked: {
    words: {
      on: "a class of the model, such as ship",
      minScore: "detections of at least this score count, 0 to 1 (default: 0.5)",
      bbox: "where detections count: west,south,east,north in degrees (default: anywhere)",
      by: "who may follow: any satellite, or any other than the one that detected (any, other; default: any)",
      within: "how long after the detection an image of it is worth anything, such as 90min",
    },
    example: "cue --on ship --min-score 0.8 --by any --within 90min --deadline 1d --file orders.yaml",
  },
});
