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
});
