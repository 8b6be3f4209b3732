import { box, initially, whole } from "../order-field.ts";
import { orderKind } from "../order-kind.ts";

/** Bring down what is still on board. */
export const pixels = orderKind({
  kind: "pixels",
  meaning: "send down tiles of an area that are still on board",
  fields: {
    bbox: box,
    /** At most this many, those nearest to the middle of the area first. */
    tiles: initially(whole(1, 65_535), 16),
  },
  asked: {
    words: {
      bbox: "the area: west,south,east,north in degrees",
      tiles: "at most so many tiles, those nearest to its middle first (default: 16)",
    },
    example: "pixels --bbox 5.2,43.2,5.4,43.4 --tiles 4 --deadline 12h --file orders.yaml",
  },
});
