import { posix } from "node:path";
import { bandInFileName } from "./band-name.ts";
import { sceneId } from "./catalogue.ts";
import { gridTiles } from "./grid-tile.ts";
import { groupBy } from "./grouping.ts";
import type { ProductPart } from "./products/product-part.ts";
import { productPart } from "./products/registry.ts";

/** The files that make up one scene. */
export interface SceneFiles {
  readonly id: string;
  /** Relative paths with `/`; `band` is `null` for a file that holds all bands of its scene. */
  readonly files: readonly { readonly path: string; readonly band: string | null }[];
  /** Masks, quality layers and previews that lie with the scene and are no imagery: relative paths. */
  readonly aside: readonly string[];
}

/** The scenes of a folder tree, and what belongs to none of them. */
export interface FoundScenes {
  readonly scenes: readonly SceneFiles[];
  /** Masks, quality layers and previews of products whose bands are not there, and pictures of classes: relative paths. */
  readonly strays: readonly string[];
}

interface Named {
  readonly path: string;
  readonly band: string | null;
  readonly stem: string;
}

/** A scene on its way to its own id. */
interface Draft {
  readonly folder: string;
  readonly id: string;
  readonly files: readonly { readonly path: string; readonly band: string | null }[];
  readonly aside: readonly string[];
}

const withoutExtension = (path: string): string => posix.basename(path).replace(/\.[^.]*$/, "");

const take = (path: string, tiles: ReadonlySet<string>): Named => {
  const name = withoutExtension(path);
  const found = tiles.has(name) ? null : bandInFileName(posix.basename(path));
  return found
    ? { path, band: found.band, stem: found.stem.replaceAll(/([_.-])[_.-]+/g, "$1") }
    : { path, band: null, stem: name };
};

/** What stands in the name of a mask, a quality layer or a preview of a scene whose name is the rest. */
const asideToken =
  /(?:^|[_.-])(?:SCL|TCI|AOT|WVP|GT|labels?|seg(?:mentation)?|QA|QA60|QA_PIXEL|QA_RADSAT|SR_QA_AEROSOL|UDM2?|MSK_?[A-Z]*|F?mask|cloud_?mask|CLDPRB|SNWPRB|SZA|SAA|VZA|VAA)(?:_\d\dm)?(?=[_.-]|$)/i;
const pixelSize = /[_.-]\d\dm(?=[_.-]|$)/;

/** Splits off the files that are named like a scene of the folder and, besides, like what is no imagery. */
const splitAside = (
  files: readonly Named[],
): { readonly images: readonly Named[]; readonly aside: readonly Named[] } => {
  const bare = (name: string): string => name.replace(pixelSize, "");
  const stems = new Set(files.map(({ stem }) => bare(stem)));
  const isAside = ({ band, stem }: Named): boolean =>
    band === null && asideToken.test(stem) && stems.has(bare(stem.replace(asideToken, "")));
  return { images: files.filter((file) => !isAside(file)), aside: files.filter(isAside) };
};

/** Groups one folder's files: by what their names share besides the band, or all of them when that leaves only singles. */
const groupFolder = (files: readonly Named[]): readonly (readonly Named[])[] => {
  const [single, perBand] = [
    files.filter(({ band }) => band === null),
    files.filter(({ band }) => band !== null),
  ];
  const groups = [...groupBy(perBand, ({ stem }) => stem).values()];
  const differ = new Set(perBand.map(({ band }) => band)).size === perBand.length;
  const loose = groups.length > 1 && groups.every(({ length }) => length === 1) && differ;
  return [...(loose ? [perBand] : groups), ...single.map((file) => [file])];
};

/** Folders in which those who make data sets put pictures of classes, one for each image. */
const maskFolder =
  /(?:^|\/)(?:masks?|labels?|gt|ground_?truth|annotations?|targets?|seg(?:mentations?|mentation(?:class|object))?)$/i;

/** Splits off the pictures of classes: those in a folder for them whose name an image of another folder has. */
const splitMasks = (
  paths: readonly string[],
): { readonly images: readonly string[]; readonly masks: readonly string[] } => {
  const nameOf = (path: string): string =>
    posix.basename(withoutExtension(path)).replace(/[_.-](?:masks?|labels?|gt|seg)$/i, "");
  const isInMasks = (path: string): boolean => maskFolder.test(posix.dirname(path));
  const imageNames = new Set(paths.filter((path) => !isInMasks(path)).map(nameOf));
  const isMask = (path: string): boolean => isInMasks(path) && imageNames.has(nameOf(path));
  return { images: paths.filter((path) => !isMask(path)), masks: paths.filter(isMask) };
};

/** Scenes of one folder whose files are of no known product. */
const plainScenes = (folder: string, paths: readonly string[], root: string): readonly Draft[] => {
  const tiles = gridTiles(paths.map(withoutExtension));
  const { images, aside } = splitAside(paths.map((path) => take(path, tiles)));
  const groups = groupFolder(images);
  const isNamedByFolder = groups.length === 1 && images.length > 1;
  return groups.map((group, i) => {
    const folderName = folder === "." ? root : folder;
    const name = isNamedByFolder ? folderName : group[0]?.stem || folderName;
    const own = i === 0 ? aside.map(({ path }) => path) : [];
    return { folder, id: sceneId(name), files: group.map(({ path, band }) => ({ path, band })), aside: own };
  });
};

/** The scene of one product: each band once, from the file with the finest pixels; its picture only where there are no bands. */
const productScene = (parts: readonly (ProductPart & { readonly path: string })[]): Draft => {
  const bands = parts
    .filter(({ role }) => role === "bands")
    .toSorted((a, b) => a.metres - b.metres)
    .filter(({ band }, i, all) => band === null || all.findIndex((other) => other.band === band) === i);
  const chosen = bands.length > 0 ? bands : parts.filter(({ role }) => role === "picture");
  const [first] = chosen.length > 0 ? chosen : parts;
  return {
    folder: posix.dirname(first?.path ?? "."),
    id: sceneId(first?.name ?? ""),
    files: chosen.map(({ path, band }) => ({ path, band })).sort((a, b) => (a.path < b.path ? -1 : 1)),
    // A band that is there twice, at two pixel sizes, is not missed.
    aside: parts.filter((part) => !chosen.includes(part) && part.role !== "bands").map(({ path }) => path),
  };
};

/**
 * Finds the scenes among the image files of a folder tree. Files of a known product (Sentinel-2, Landsat, PlanetScope) go together as that
 * product has it; of the others, those whose names differ in a band only are one scene; any other file is a scene by itself. A folder with the
 * bands of a single scene gives it its name, since that is where people put it (`genoa/2023-08-23-00:00_…_B02_(Raw).tiff`); else the
 * shared part of the file names does. `root` is the name of the topmost folder. Plain data: touches no file.
 */
export const findScenes = (paths: readonly string[], root: string): FoundScenes => {
  const { images: sorted, masks } = splitMasks([...paths].sort());
  const parts = sorted.flatMap((path) => {
    const part = productPart(`${root}/${path}`);
    return part ? [{ ...part, path }] : [];
  });
  const inProducts = new Set(parts.map(({ path }) => path));
  const products = [...groupBy(parts, ({ product }) => product).values()].map(productScene);
  const folders = groupBy(
    sorted.filter((path) => !inProducts.has(path)),
    (path) => posix.dirname(path),
  );
  const plain = [...folders].flatMap(([folder, files]) => plainScenes(folder, files, root));
  const scenes = [...products.filter(({ files }) => files.length > 0), ...plain];
  const count = new Map<string, number>();
  for (const { id } of scenes) count.set(id, (count.get(id) ?? 0) + 1);
  const taken = new Set<string>();
  return {
    scenes: scenes.map(({ folder, id, files, aside }) => {
      const wanted = (count.get(id) ?? 0) > 1 && folder !== "." ? sceneId(`${folder}-${id}`) : id;
      let unique = wanted;
      for (let n = 2; taken.has(unique); n++) unique = `${wanted}-${n}`;
      taken.add(unique);
      return { id: unique, files, aside };
    }),
    strays: [...products.filter(({ files }) => files.length === 0).flatMap(({ aside }) => aside), ...masks],
  };
};
