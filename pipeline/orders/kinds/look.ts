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
  asked: {
    words: {
      bbox: "the area: west,south,east,north in degrees",
      maxOffNadir:
        "how far from the vertical it may be taken, in degrees (default: as far as the satellite turns)",
    },
    example: "look --bbox 5.2,43.2,5.4,43.4 --deadline 6h --tenant port-authority --file orders.yaml",
  },
});
