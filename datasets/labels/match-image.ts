import { basename, dirname, relative, resolve } from "node:path";
import type { SceneEntry } from "../catalogue.ts";
import type { ImageLabels } from "./drawn-label.ts";

/** The scene that a label file means by an image name, or in words why none is certain. */
export type ImageMatch = { readonly entry: SceneEntry } | { readonly reason: string };

/** Which image, and which file says so. */
type NamedImage = Pick<ImageLabels, "image" | "file" | "isOwn">;

/** macOS writes `é` as two characters, most others as one; Windows separates folders by `\`. */
const plain = (path: string): string => path.normalize("NFC").replaceAll("\\", "/");
const stemOf = (path: string): string => baseOf(path).replace(/\.[^.]*$/, "");
const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const foldersOf = (path: string): readonly string[] =>
  path
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "" && part !== ".");

/** Folders that say what kind of file is in them, not which images: they need not agree. */
const isNeutral = (folder: string): boolean =>
  /^(?:images?|imgs?|jpegimages|pictures|photos|data|labels?|labeltxt.*|annotations?|xmls?|obj_train_data|raw|rgb)$/i.test(
    folder,
  );
const isSplit = (folder: string): boolean =>
  /^(?:train|val|valid|validation|test|dev)(?:ing)?[-_]?\d*$/i.test(folder);

/** How many folders agree, from the file upwards; −1 when two differ. */
const agreement = (a: readonly string[], b: readonly string[]): number => {
  const [left, right] = [a, b].map((folders) => folders.filter((folder) => !isNeutral(folder)).toReversed());
  let agreed = 0;
  while (left && right && agreed < Math.min(left.length, right.length)) {
    if (left[agreed] !== right[agreed]) return -1;
    agreed++;
  }
  return agreed;
};

// What a rendering of an image adds to its name. `_2` does not stand here: that is another image.
const rendering =
  /^(?:rgba?|bgr|nir|ms|mul|pan|ps|pansharpen(?:ed)?|sharp|visual|tci|image|img|scene|tile|mask|labels?|annotations?|cog|tiff?|jpe?g|png|webp|preview|quicklook|toa|boa|sr|analytic|composite|raw|[348]band|8bit|16bit|uint8|uint16|byte|l[12][acp]?|b\d[\da]|true|false|colou?r)$/i;
const wordBreak = /[^\p{L}\p{N}]+/u;

/**
 * True when `rest`, by which one name is longer than the other, tells no two images apart: words of a rendering, a date. `_2`,
 * `_B` or `_north` does tell them apart.
 */
const isIndifferent = (rest: string): boolean => {
  const words = rest.split(wordBreak).filter((word) => word !== "");
  const dates = rest.replaceAll(
    /\d{4}[-_]?\d{2}[-_]?\d{2}(?:[-_T ]?\d{2}[-:_]?\d{2}(?:[-:_]?\d{2})?)?Z?/g,
    " ",
  );
  const others = dates.split(wordBreak).filter((word) => word !== "");
  return words.length > 0 && others.every((word) => rendering.test(word));
};

/** Roboflow's `port_jpg.rf.0f3c….jpg` was `port.jpg`. */
const unmangled = (name: string): string | null =>
  /^(.+)_(?:jpe?g|png|tiff?|webp|bmp)\.rf\.[0-9a-z]{8,40}(?:\.[^.]+)?$/i.exec(name)?.[1] ?? null;

interface Named {
  readonly entry: SceneEntry;
  readonly folders: readonly string[];
}

/** The scenes by every name that their images have. */
interface Index {
  readonly root: string;
  readonly byPath: ReadonlyMap<string, SceneEntry>;
  readonly byBase: ReadonlyMap<string, readonly Named[]>;
  readonly byStem: ReadonlyMap<string, readonly Named[]>;
  readonly byId: ReadonlyMap<string, readonly Named[]>;
  readonly byLowerStem: ReadonlyMap<string, readonly Named[]>;
  /** By each beginning and end of a stem that stops at a break, what is left. */
  readonly byPart: ReadonlyMap<string, readonly { readonly entry: SceneEntry; readonly rest: string }[]>;
}

/** The parts of a name before and after each break between words. */
const partsOf = (stem: string): readonly { readonly part: string; readonly rest: string }[] =>
  [...stem.matchAll(/[^\p{L}\p{N}]/gu)].slice(0, 40).flatMap(({ index }) => [
    { part: stem.slice(0, index), rest: stem.slice(index + 1) },
    { part: stem.slice(index + 1), rest: stem.slice(0, index) },
  ]);

const indexOf = (entries: readonly SceneEntry[], root: string): Index => {
  const byPath = new Map<string, SceneEntry>();
  const byBase = new Map<string, Named[]>();
  const byStem = new Map<string, Named[]>();
  const byId = new Map<string, Named[]>();
  const byLowerStem = new Map<string, Named[]>();
  const byPart = new Map<string, { entry: SceneEntry; rest: string }[]>();
  const put = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    const known = map.get(key);
    if (known) known.push(value);
    else map.set(key, [value]);
  };
  for (const entry of entries) {
    const stems = new Set<string>([entry.scene.id]);
    put(byId, entry.scene.id, { entry, folders: [] });
    for (const { path } of entry.assets) {
      const full = plain(path);
      const inside = plain(relative(root, path));
      const named = { entry, folders: foldersOf(inside.startsWith("../") ? full : inside) };
      const base = baseOf(full);
      byPath.set(full, entry);
      put(byBase, base, named);
      put(byStem, stemOf(base), named);
      put(byLowerStem, stemOf(base).toLowerCase(), named);
      stems.add(stemOf(base));
    }
    for (const stem of stems) for (const { part, rest } of partsOf(stem)) put(byPart, part, { entry, rest });
  }
  return { root, byPath, byBase, byStem, byId, byLowerStem, byPart };
};

const quote = (entries: readonly SceneEntry[]): string =>
  entries
    .slice(0, 3)
    .map(({ scene }) => scene.id)
    .join(", ") + (entries.length > 3 ? ", …" : "");

/** Of images of that name, the one in the folder that is meant. */
const chooseByFolder = (
  candidates: readonly Named[],
  folders: readonly string[],
  file: readonly string[],
): ImageMatch => {
  const fits = candidates.flatMap(({ entry, folders: of }) => {
    const named = agreement(folders, of);
    const [labelSplit, imageSplit] = [file.find(isSplit), of.find(isSplit)];
    const isElsewhere =
      folders.length === 0 &&
      labelSplit !== undefined &&
      imageSplit !== undefined &&
      labelSplit !== imageSplit;
    if (named < 0 || isElsewhere) return [];
    const shared = of.filter((folder) => file.includes(folder)).length;
    return [{ entry, rank: named * 1000 + shared }];
  });
  const best = fits.reduce((most, { rank }) => Math.max(most, rank), -1);
  const chosen = [...new Set(fits.filter(({ rank }) => rank === best).map(({ entry }) => entry))];
  const [only] = chosen;
  if (only === undefined)
    return { reason: "an image of a folder that is not in the dataset, where another has one of that name" };
  return chosen.length === 1
    ? { entry: only }
    : { reason: `an image name that several scenes have (${quote(chosen)})` };
};

interface Guess {
  readonly match: ImageMatch | null;
  /** False where the name only resembles the scene's. */
  readonly isExact: boolean;
}

const byName = (
  name: string,
  folders: readonly string[],
  file: readonly string[],
  index: Index,
): ImageMatch | null => {
  const base = baseOf(name);
  const found =
    index.byBase.get(base) ??
    index.byStem.get(stemOf(base)) ??
    index.byStem.get(base) ??
    index.byLowerStem.get(stemOf(base).toLowerCase()) ??
    index.byLowerStem.get(base.toLowerCase()) ??
    index.byId.get(stemOf(base)) ??
    index.byId.get(base);
  return found ? chooseByFolder(found, folders, file) : null;
};

/** The scene whose name and this one differ by words that tell no images apart. */
const byWords = (stem: string, index: Index): ImageMatch | null => {
  const longer = partsOf(stem)
    .filter(({ rest }) => isIndifferent(rest))
    .toSorted((a, b) => b.part.length - a.part.length)
    .flatMap(({ part }) => [(index.byStem.get(part) ?? index.byId.get(part) ?? []).map(({ entry }) => entry)])
    .find((entries) => entries.length > 0);
  const shorter = (index.byPart.get(stem) ?? [])
    .filter(({ rest }) => isIndifferent(rest))
    .map(({ entry }) => entry);
  const found = [...new Set(longer ?? shorter)];
  const [only] = found;
  if (only === undefined) return null;
  return found.length === 1
    ? { entry: only }
    : { reason: `an image name that fits several scenes (${quote(found)})` };
};

const guess = ({ image, file, isOwn }: NamedImage, index: Index): Guess => {
  const name = plain(image);
  const place = plain(relative(index.root, dirname(file)));
  // `annotations/instances_train2017.json` speaks of images in `train2017`.
  const fileFolders = place.startsWith("../")
    ? []
    : [...place.split("/"), ...stemOf(plain(file)).split(wordBreak)];
  if (!isOwn) {
    const here = index.byPath.get(plain(resolve(dirname(file), name)));
    if (here) return { match: { entry: here }, isExact: true };
  }
  const folders = isOwn
    ? place.split("/").filter((part) => part !== "" && part !== "." && part !== "..")
    : foldersOf(name);
  // A file of one image has no ending left to take off: `port.v2.txt` is of `port.v2`.
  const whole = isOwn ? `${basename(name)}.` : name;
  const exact = byName(whole, folders, fileFolders, index);
  if (exact) return { match: exact, isExact: true };
  const original = unmangled(baseOf(name));
  const stem = original ?? (isOwn ? baseOf(name) : stemOf(name));
  const resembling = (original ? byName(`${original}.`, [], [], index) : null) ?? byWords(stem, index);
  return { match: resembling, isExact: false };
};

/**
 * The scene of each image, in the order given: by path from the label file, by file name in the folder that is meant, by name
 * without ending, by the scene's id, by the name before Roboflow changed it, or by a name that is longer or shorter by words which
 * tell no images apart (`genoa_rgb` is of `genoa`, `port_1_2` is not of `port_1`). Where two names resemble one scene, or
 * another has its very name, neither resembling one is taken.
 */
export const matchImages = (
  images: readonly NamedImage[],
  entries: readonly SceneEntry[],
  root: string,
): readonly ImageMatch[] => {
  const index = indexOf(entries, resolve(root));
  const guesses = images.map((image) => guess(image, index));
  const exact = new Set<SceneEntry>();
  const resembling = new Map<SceneEntry, Set<string>>();
  guesses.forEach(({ match, isExact }, i) => {
    if (match === null || !("entry" in match)) return;
    if (isExact) exact.add(match.entry);
    else
      resembling.set(
        match.entry,
        (resembling.get(match.entry) ?? new Set()).add(plain(images[i]?.image ?? "")),
      );
  });
  return guesses.map(({ match, isExact }): ImageMatch => {
    if (match === null) return { reason: "an image that is not in the dataset" };
    if (isExact || !("entry" in match)) return match;
    if (exact.has(match.entry))
      return {
        reason: `an image named like scene ${match.entry.scene.id}, which the labels also name itself`,
      };
    if ((resembling.get(match.entry)?.size ?? 0) > 1)
      return { reason: `one of several images named like scene ${match.entry.scene.id}` };
    return match;
  });
};
