import { isSwathError, messageOf, SwathError } from "../pipeline/errors.ts";
import type { Catalogue, CatalogueOptions, Skipped } from "./catalogue.ts";
import { settleScale } from "./reflectance-scale.ts";
import { describeScene, type EntrySource, type UnscaledEntry } from "./scene-entry.ts";

/** Turns what a reader threw into the note of a scene left out; throws it when `strict`, or when it is a defect of ours. */
export const skip = (scene: string, error: unknown, strict = false): Skipped => {
  if (strict || !isSwathError(error)) throw error;
  return { scene, error };
};

/** Refuses a catalogue without scenes, with the first reason at hand. */
const requireScenes = (catalogue: Catalogue): Catalogue => {
  const [first] = catalogue.skipped;
  if (catalogue.entries.length > 0) return catalogue;
  const what = `no scene of "${catalogue.name}" can be used (${catalogue.skipped.length} tried)`;
  throw new SwathError("dataset", {
    what,
    ...(first ? { got: messageOf(first.error), cause: first.error } : {}),
  });
};

/**
 * Opens and describes scenes one after the other; what cannot be read is left out, or thrown when `strict`.
 * Throws `SwathError("dataset")` when none is left.
 */
export const describeScenes = async (
  name: string,
  sources: readonly EntrySource[],
  options: CatalogueOptions,
  alreadySkipped: readonly Skipped[] = [],
): Promise<Catalogue> => {
  const described: UnscaledEntry[] = [];
  const skipped: Skipped[] = [...alreadySkipped];
  for (const source of sources) {
    try {
      described.push(await describeScene(source, options));
    } catch (error) {
      skipped.push(skip(source.id, error, options.strict));
    }
  }
  const { entries, notes } = settleScale(described, options.reflectanceScale);
  return requireScenes({ name, entries, skipped, notes: [...described.flatMap((d) => d.notes), ...notes] });
};
