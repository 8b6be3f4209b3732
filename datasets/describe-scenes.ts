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

/** Tiles of several folders may be called alike; a scene's id is its own. */
const withOwnId = (described: UnscaledEntry, taken: Set<string>): UnscaledEntry => {
  const { entry } = described;
  let id = entry.scene.id;
  for (let n = 2; taken.has(id); n++) id = `${entry.scene.id}-${n}`;
  taken.add(id);
  return { ...described, entry: { ...entry, scene: { ...entry.scene, id } } };
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
  const ids = new Set<string>();
  const skipped: Skipped[] = [...alreadySkipped];
  for (const source of sources) {
    try {
      for (const one of await describeScene(source, options)) described.push(withOwnId(one, ids));
    } catch (error) {
      skipped.push(skip(source.id, error, options.strict));
    }
  }
  const given = { scale: options.reflectanceScale, offset: options.reflectanceOffset };
  const { entries, refused, notes } = settleScale(described, given);
  for (const { scene, error } of refused) skipped.push(skip(scene, error, options.strict));
  // What holds for a folder or a product is said once, not once a file.
  const all = new Set([...described.flatMap((d) => d.notes), ...notes]);
  return requireScenes({ name, entries, skipped, notes: [...all] });
};
