import { crc32 } from "node:zlib";
import { SwathError } from "../../errors.ts";
import type { Product } from "../../product/product.ts";
import { productKinds } from "../../product/product.ts";
import { instant } from "../../units.ts";

/**
 * A product as it crosses the link:
 *
 *     0  2  "SW"
 *     2  1  version (high 4 bits), kind: index in `productKinds` (low 4 bits)
 *     3  4  acquisition
 *     7  2  tile, 0xffff for none
 *     9  8  readyAt, seconds since 1970 UTC, float64
 *    17  …  payload; its length follows from the total that every piece names
 *    −4  4  CRC-32 of everything before
 *
 * Big-endian throughout. The product's number is the link's to tell; its priority stays on board.
 */
export const envelopeOverheadBytes = 21;
const magic = 0x5357;
const version = 1;
const payloadAt = 17;
const noTile = 0xffff;

/** What the ground knows of a product. */
export type ReceivedProduct = Omit<Product, "priority">;

/** Throws `SwathError` ("link") for an acquisition or tile index that the format cannot hold. */
export const encodeEnvelope = (product: Product): Uint8Array => {
  const { acquisition, tile, payload } = product;
  if (!isIndex(acquisition, 0xffffffff) || (tile !== null && !isIndex(tile, noTile - 1))) {
    throw new SwathError("link", {
      what: `product ${product.number} cannot be addressed on the link`,
      wanted: `acquisition below 2^32 and tile below ${noTile}`,
      got: `acquisition ${acquisition}, tile ${tile}`,
    });
  }
  const envelope = new Uint8Array(envelopeOverheadBytes + payload.length);
  const view = new DataView(envelope.buffer);
  view.setUint16(0, magic);
  view.setUint8(2, (version << 4) | productKinds.indexOf(product.kind));
  view.setUint32(3, acquisition);
  view.setUint16(7, tile ?? noTile);
  view.setFloat64(9, product.readyAt);
  envelope.set(payload, payloadAt);
  view.setUint32(envelope.length - 4, crc32(envelope.subarray(0, -4)));
  return envelope;
};

/** A product read from its bytes, or why they cannot be read. */
export type EnvelopeReading =
  | { readonly kind: "product"; readonly product: ReceivedProduct }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Reads the envelope of the product that the link calls `number`; the payload views `envelope`. Never throws. */
export const decodeEnvelope = (number: number, envelope: Uint8Array): EnvelopeReading => {
  const unreadable = (reason: string): EnvelopeReading => ({ kind: "unreadable", reason });
  if (envelope.length < envelopeOverheadBytes) return unreadable(`${envelope.length} bytes are no envelope`);
  const view = new DataView(envelope.buffer, envelope.byteOffset, envelope.length);
  if (view.getUint16(0) !== magic) return unreadable("does not begin as an envelope");
  const got = view.getUint8(2) >> 4;
  if (got !== version) return unreadable(`envelope version ${got}, this station reads ${version}`);
  if (view.getUint32(envelope.length - 4) !== crc32(envelope.subarray(0, -4)))
    return unreadable("CRC-32 differs");
  const kind = productKinds[view.getUint8(2) & 15];
  if (kind === undefined) return unreadable(`product kind ${view.getUint8(2) & 15} is not known`);
  const tile = view.getUint16(7);
  const product = {
    number,
    kind,
    acquisition: view.getUint32(3),
    tile: tile === noTile ? null : tile,
    readyAt: instant(view.getFloat64(9)),
    payload: envelope.subarray(payloadAt, -4),
  };
  return { kind: "product", product };
};

const isIndex = (value: number, last: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= last;
