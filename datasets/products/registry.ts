import { landsatFacts } from "./landsat.ts";
import { planetScopeFacts } from "./planetscope.ts";
import type { FactFinder } from "./product-facts.ts";
import { sentinel2Facts } from "./sentinel-2.ts";

/** Add a kind of product here. */
const finders: readonly FactFinder[] = [sentinel2Facts, landsatFacts, planetScopeFacts];

/** What a product says of one of its files (absolute path); `null` for a file that is part of none that is known. */
export const productFacts: FactFinder = async (path) => {
  for (const find of finders) {
    const facts = await find(path);
    if (facts) return facts;
  }
  return null;
};
