import type { Instant } from "../../pipeline/units.ts";
import type { ToldBand } from "../told-band.ts";

/** What the name or the metadata of a product says of a file in it: what a count is worth, when and by whom it was taken. */
export interface ProductFacts {
  readonly platform: string | null;
  readonly acquiredAt: Instant | null;
  /** The bands of the file in order, where the product says them; `scale` and `offset` are meant for integer samples. */
  readonly bands: readonly ToldBand[];
  /** What was taken for granted, or what is missing to know what a count is worth; a sentence each. */
  readonly notes: readonly string[];
}

/** Finds out about one file by its absolute path; `null` when it is no file of that kind of product. */
export type FactFinder = (path: string) => Promise<ProductFacts | null>;
