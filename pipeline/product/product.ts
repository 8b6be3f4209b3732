import type { Instant } from "../units.ts";
import { productClasses, type ProductCodec } from "./product-kind.ts";
import { products } from "./registry.ts";

/** What a policy may send down. */
export type ProductKind = (typeof products)[number]["kind"];

const codecs: readonly ProductCodec<ProductKind>[] = products;

/** All kinds of products. */
export const productKinds: readonly ProductKind[] = codecs.map(({ kind }) => kind);

const byKind = new Map<string, ProductCodec>(codecs.map((codec) => [codec.kind, codec]));

/** What there is to know of a kind. */
export const codecOf = (kind: ProductKind): ProductCodec => byKind.get(kind) as ProductCodec;

/** Something that waits on board to be sent, and that the ground can use by itself. */
export interface Product {
  /** Counts from 0 for each satellite in the order of creation; names the product on the link. */
  readonly number: number;
  readonly kind: ProductKind;
  /** Index of the acquisition in the run's schedule, which both sides know. */
  readonly acquisition: number;
  /** Index of the tile in the scene's tile plan; `null` for what belongs to the whole acquisition. */
  readonly tile: number | null;
  readonly readyAt: Instant;
  /** Sent first when smaller. */
  readonly priority: number;
  /** As the codec of its kind made it. */
  readonly payload: Uint8Array;
}

/** Results before chips before tiles: the lower number is sent first. */
export const priorityOf = (kind: ProductKind): number => productClasses.indexOf(codecOf(kind).class);
