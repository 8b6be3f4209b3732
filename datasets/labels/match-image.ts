import { basename } from "node:path";
import type { SceneEntry } from "../catalogue.ts";

const stemOf = (name: string): string => basename(name).replace(/\.[^.]*$/, "");

/** `genoa_rgb` speaks of `genoa`, but not of `gen`: what follows must not continue the word. */
const extends_ = (longer: string, shorter: string): boolean =>
  longer === shorter || (longer.startsWith(shorter) && !/[A-Za-z0-9]/.test(longer.charAt(shorter.length)));

/**
 * The scene that a label file means by `image`: the one with a file of that name; else the one whose id is the name
 * without its extension, begins with it, or is the longest that it begins with. `null` when none or several fit.
 */
export const matchImage = (image: string, entries: readonly SceneEntry[]): SceneEntry | null => {
  const stem = stemOf(image);
  const byFile = entries.filter(({ assets }) =>
    assets.some(({ path }) => basename(path) === basename(image)),
  );
  if (byFile.length === 1) return byFile[0] ?? null;
  const [longest] = entries
    .filter(({ scene }) => extends_(stem, scene.id))
    .toSorted((a, b) => b.scene.id.length - a.scene.id.length);
  if (longest) return longest;
  const begun = entries.filter(({ scene }) => extends_(scene.id, stem));
  return begun.length === 1 ? (begun[0] ?? null) : null;
};
