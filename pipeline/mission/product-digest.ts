import { createHash } from "node:crypto";

/** The first 128 bits of the SHA-256 of a product's envelope, in hex: what left one end is what came to the other. */
export const productDigest = (envelope: Uint8Array): string =>
  createHash("sha256").update(envelope).digest("hex").slice(0, 32);

/** A product that came down whole, as the mission centre put it together. */
export interface ReceivedDigest {
  readonly satellite: string;
  /** Its number on that satellite. */
  readonly number: number;
  readonly digest: string;
}
