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

/** What is known of a product besides the name of a file in it. */
export interface ProductClues {
  /**
   * The metadata file whose name matches, named by the dataset, in the folder of `path`, or in one of the `levels` above it; `null` when
   * there is none.
   */
  find(path: string, pattern: RegExp, levels: number): Promise<string | null>;
  /** The text of what `find` found. Throws `SwathError("dataset")` when it cannot be read. */
  read(location: string): Promise<string>;
  /** Which band the dataset has in the file; `null` where it does not say, or where that is a picture. */
  readonly band: string | null;
  /** Sentinel-2's processing baseline by the dataset, as in product names: 509 is 05.09. */
  readonly baseline: number | null;
  /** Whether the dataset says that Sentinel-2's offset has been taken out of the counts. */
  readonly isOffsetApplied: boolean;
}

/** Finds out about one file by its location; `null` when it is no file of that kind of product. */
export type FactFinder = (path: string, clues: ProductClues) => Promise<ProductFacts | null>;
