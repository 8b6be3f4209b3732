import { posix } from "node:path";
import { bandInFileName } from "./band-name.ts";
import { sceneId } from "./catalogue.ts";
import { groupBy } from "./grouping.ts";

/** The files that make up one scene. */
export interface SceneFiles {
  readonly id: string;
  /** Relative paths with `/`; `band` is `null` for a file that holds all bands of its scene. */
  readonly files: readonly { readonly path: string; readonly band: string | null }[];
}

interface Named {
  readonly path: string;
  readonly band: string | null;
  readonly stem: string;
}

const take = (path: string): Named => {
  const file = posix.basename(path);
  const found = bandInFileName(file);
  return found
    ? { path, band: found.band, stem: found.stem.replaceAll(/([_.-])[_.-]+/g, "$1") }
    : { path, band: null, stem: file.replace(/\.[^.]*$/, "") };
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

/**
 * Finds the scenes among the image files of a folder tree. Files whose names differ in a band only are one scene; any
 * other file is a scene by itself. A folder with the bands of a single scene gives it its name, since that is where
 * people put it (`genoa/2023-08-23-00:00_…_B02_(Raw).tiff`); else the shared part of the file names does.
 * `root` is the name of the topmost folder. Plain data: touches no file.
 */
export const groupSceneFiles = (paths: readonly string[], root: string): readonly SceneFiles[] => {
  const folders = groupBy([...paths].sort().map(take), ({ path }) => posix.dirname(path));
  const scenes = [...folders].flatMap(([folder, files]) => {
    const groups = groupFolder(files);
    const isNamedByFolder = groups.length === 1 && files.length > 1;
    return groups.map((group) => {
      const folderName = folder === "." ? root : folder;
      const name = isNamedByFolder ? folderName : group[0]?.stem || folderName;
      return { folder, id: sceneId(name), files: group };
    });
  });
  const count = new Map<string, number>();
  for (const { id } of scenes) count.set(id, (count.get(id) ?? 0) + 1);
  const taken = new Set<string>();
  return scenes.map(({ folder, id, files }) => {
    const wanted = (count.get(id) ?? 0) > 1 && folder !== "." ? sceneId(`${folder}-${id}`) : id;
    let unique = wanted;
    for (let n = 2; taken.has(unique); n++) unique = `${wanted}-${n}`;
    taken.add(unique);
    return { id: unique, files: files.map(({ path, band }) => ({ path, band })) };
  });
};
