import { isSwathError, messageOf, SwathError } from "../pipeline/errors.ts";
import { mapOrdered } from "../pipeline/streams.ts";
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

/** Scenes looked at at once: from elsewhere each is a few round trips, and a sample of one is small. */
const scenesInFlight = 4;

/**
 * Opens and describes scenes, in order; what cannot be read is left out, or thrown when `strict`.
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
  const looked = mapOrdered(sources, scenesInFlight, async (source) => {
    try {
      return { id: source.id, error: null, scenes: await describeScene(source, options) };
    } catch (error) {
      return { id: source.id, error, scenes: null };
    }
  });
  for await (const found of looked) {
    if (found.scenes === null) skipped.push(skip(found.id, found.error, options.strict));
    else for (const one of found.scenes) described.push(withOwnId(one, ids));
  }
  const given = { scale: options.reflectanceScale, offset: options.reflectanceOffset };
  const { entries, refused, notes } = settleScale(described, given);
  for (const { scene, error } of refused) skipped.push(skip(scene, error, options.strict));
  // What holds for a folder or a product is said once, not once a file.
  const all = new Set([...described.flatMap((d) => d.notes), ...notes]);
  return requireScenes({ name, entries, skipped, notes: [...all] });
};
