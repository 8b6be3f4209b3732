import { bytes, type Bytes } from "../../units.ts";
import { frameBytes } from "./frame.ts";
import { frameRoom, type LinkProtection } from "./link-protection.ts";

/** A piece's header as it usually is: varints for length, product, offset and total. */
const usualPieceHeader = 10;

/** How much a frame of many products holds of their envelopes, and what each of them takes besides; bytes. */
export const framingOf = (protection: LinkProtection) => ({
  bytes: frameBytes,
  holds: frameRoom(protection) - usualPieceHeader,
  perProduct: usualPieceHeader,
});

/**
 * What `products` products of together `envelopeBytes` take on a link without errors: whole coded frames, filled to the
 * brim, one piece header a frame and one more for every product that begins inside of one.
 */
export const framedSize = (
  envelopeBytes: Bytes,
  products: number,
  protection: LinkProtection = "none",
): Bytes => {
  if (envelopeBytes === 0) return bytes(0);
  const { holds, perProduct, bytes: whole } = framingOf(protection);
  return bytes(Math.ceil((envelopeBytes + products * perProduct) / holds) * whole);
};
