import type { Band, Raster } from "../raster/raster.ts";
import type { TileCodec } from "./tile-codec.ts";

/** Kinds of products that share a weight on the link: results, chips of results, tiles. */
export type ProductClass = "results" | "chips" | "tiles";

/** All product classes, in the order of their priority. */
export const productClasses: readonly ProductClass[] = ["results", "chips", "tiles"];

/** One kind of what a satellite may send, and how the ground reads it. `registry.ts` lists them. */
export interface ProductCodec<Kind extends string = string, Key extends string = string> {
  /** Kebab case: in envelopes, ledgers and workloads. */
  readonly kind: Kind;
  /** The same where summaries count its bytes. */
  readonly key: Key;
  /** For people, in the plural. */
  readonly name: string;
  /** Whose colour it has in drawings. */
  readonly colour: "detections" | "chips" | "lossless" | "lossy";
  /** Results go before chips, and chips before tiles. */
  readonly class: ProductClass;
  /** A tile's pixels from its payload; only of tiles. Throws as its codec does. */
  readonly decodeTile?: (payload: Uint8Array, bands: readonly Band[], codec: TileCodec) => Promise<Raster>;
}

/** For the registry: keeps the names as types. */
export const productCodec = <const Kind extends string, const Key extends string>(
  codec: ProductCodec<Kind, Key>,
): ProductCodec<Kind, Key> => codec;
