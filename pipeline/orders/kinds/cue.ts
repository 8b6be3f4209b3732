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
});
