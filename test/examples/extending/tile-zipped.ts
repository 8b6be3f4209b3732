import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { productCodec } from "../../../pipeline/product/product-kind.ts";

/** More than any tile takes: a payload from the link must not fill the memory. */
const mostBytes = 1 << 28;

/** A lossless tile through Brotli once more. */
export const zip = (tile: Uint8Array): Uint8Array => brotliCompressSync(tile);

export const zippedTiles = productCodec({
  kind: "tile-zipped",
  key: "tileZipped",
  name: "zipped tiles",
  colour: "lossless",
  class: "tiles",
  decodeTile: (payload, bands, codec) =>
    codec.decode(brotliDecompressSync(payload, { maxOutputLength: mostBytes }), bands),
});
