import { angle, box, optional } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";

/** Photograph an area. */
export const look = orderKind({
  kind: "look",
  meaning: "photograph an area",
  fields: {
    bbox: box,
    /** `null`: as far as the satellite turns. */
    maxOffNadir: optional(angle(0, 80)),
  },
});
