import { readCard } from "../../models/card/card.ts";
import { locateModel, shippedModels } from "../../models/card/location.ts";

/** What the models that come with Swath report. */
export const shippedClasses = async (): Promise<readonly string[]> => {
  const cards = await Promise.all(
    (await shippedModels()).map(async (name) => {
      const { cardPath } = await locateModel(name);
      return cardPath === null ? [] : (await readCard(cardPath)).classes;
    }),
  );
  return [...new Set(cards.flat())];
};
