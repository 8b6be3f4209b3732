import { landsatFacts, landsatPart } from "./landsat.ts";
import { planetScopeFacts, planetScopePart } from "./planetscope.ts";
import type { FactFinder } from "./product-facts.ts";
import type { PartFinder } from "./product-part.ts";
import { sentinel2Facts, sentinel2Part } from "./sentinel-2.ts";

/** Add a kind of product here, and to `partFinders`. */
const finders: readonly FactFinder[] = [sentinel2Facts, landsatFacts, planetScopeFacts];

const partFinders: readonly PartFinder[] = [sentinel2Part, landsatPart, planetScopePart];

/** What a file is in its product, by its path with `/`; `null` for a file that is part of none that is known. */
export const productPart: PartFinder = (path) => {
  for (const find of partFinders) {
    const part = find(path);
    if (part) return part;
  }
  return null;
};

/** What a product says of one of its files; `null` for a file that is part of none that is known. */
export const productFacts: FactFinder = async (path, clues) => {
  for (const find of finders) {
    const facts = await find(path, clues);
    if (facts) return facts;
  }
  return null;
};
