/** What a file is in the product that it is part of, by its path alone. */
export interface ProductPart {
  /** The same for all files of one scene, and for no others. */
  readonly product: string;
  /** What the scene is called. */
  readonly name: string;
  /** `picture`: made of the bands, for the eye; `aside`: a mask, a quality layer, a preview: no imagery. */
  readonly role: "bands" | "picture" | "aside";
  /** The only band of the file; `null` for a file that holds several, or none. */
  readonly band: string | null;
  /** Ground distance of a pixel in metres, where the name says it: the finest of two files with one band is meant. */
  readonly metres: number;
}

/** Finds the part by a path with `/`; `null` when it is no file of that kind of product. */
export type PartFinder = (path: string) => ProductPart | null;
