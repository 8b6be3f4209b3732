import { statIfThere } from "../../pipeline/stat-if-there.ts";
import { basename, dirname, extname, join, resolve } from "node:path";
import { isSwathError, SwathError } from "../../pipeline/errors.ts";
import type { SceneEntry } from "../catalogue.ts";
import { listFiles } from "../file-tree.ts";
import { foreignKind } from "./foreign-labels.ts";
import { foreignText } from "./foreign-text.ts";
import { type LabelDocument, mostLabelBytes, readDocument } from "./label-document.ts";
import type { LabelFormat } from "./formats/label-format.ts";
import { formatOf, labelExtensions, labelFormats } from "./formats/label-formats.ts";

/** A label file with its format. */
export interface FoundFile {
  readonly document: LabelDocument;
  readonly format: LabelFormat;
  /** True where it belongs to the one image that it is named like. */
  readonly isOwn: boolean;
}

/** The label files to read, all of one format, and what is to be said of those that are not read. */
export interface FoundLabels {
  readonly files: readonly FoundFile[];
  /** Files that look like labels and are not taken, and why: a sentence each. */
  readonly notes: readonly string[];
  readonly failed: readonly SwathError[];
}

const extensionOf = (path: string): string => extname(path).toLowerCase();
const stemOf = (path: string): string => basename(path).replace(/\.[^.]*$/, "");

/** Text files that belong to images and hold no labels. */
const isListing = (path: string): boolean =>
  /^(?:classes|obj|readme.*|licen[cs]e|train|val|test|notes|imagesets)\.txt$/i.test(basename(path));

/** Stems of images and ids of scenes. */
const imageStems = (entries: readonly SceneEntry[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ scene, assets }) => [
      scene.id,
      ...assets.map(({ path }) => stemOf(path).normalize("NFC")),
    ]),
  );

interface Sorted {
  readonly files: readonly FoundFile[];
  readonly strange: readonly LabelDocument[];
  readonly failed: readonly SwathError[];
}

/** Reads files and finds out their formats. `stems` are the images that a file may be named like. */
const sortFiles = async (paths: readonly string[], stems: ReadonlySet<string>): Promise<Sorted> => {
  const files: FoundFile[] = [];
  const strange: LabelDocument[] = [];
  const failed: SwathError[] = [];
  let bytes = 0;
  for (const path of paths) {
    try {
      const document = await readDocument(path);
      bytes += document.text.length;
      if (bytes > 2 * mostLabelBytes) {
        const wanted = `at most ${(2 * mostLabelBytes) / 1e6} MB of label files`;
        throw new SwathError("label", { what: path, wanted, got: "more, with the files before it" });
      }
      const format = formatOf(document, extensionOf(path));
      if (format === null) strange.push(document);
      else files.push({ document, format, isOwn: format.isOwn || stems.has(stemOf(path).normalize("NFC")) });
    } catch (error) {
      if (!isSwathError(error, "label")) throw error;
      failed.push(error);
    }
  }
  return { files, strange, failed };
};

const some = (paths: readonly string[]): string =>
  `${paths[0] ?? ""}${paths.length > 1 ? ` and ${paths.length - 1} more` : ""}`;

/** An empty text file is YOLO by itself; among DOTA files it is one of them. */
const joinEmpty = (files: readonly FoundFile[]): readonly FoundFile[] => {
  const written = files.find(
    ({ document, format }) => format.extensions.includes(".txt") && document.text.trim() !== "",
  );
  return files.map((file) =>
    written && file.document.text.trim() === "" && extensionOf(file.document.path) === ".txt"
      ? { ...file, format: written.format }
      : file,
  );
};

/** Of several formats, the first in the order of the registry; the others are named. */
const chooseFormat = ({ files, failed }: Sorted): FoundLabels => {
  const all = joinEmpty(files);
  const chosen = labelFormats.find((format) => all.some((file) => file.format === format));
  const taken = all.filter(({ format }) => format === chosen);
  const others = labelFormats.flatMap((format) => {
    const paths = all
      .filter((file) => file.format === format && format !== chosen)
      .map(({ document }) => document.path);
    return paths.length === 0 || !chosen
      ? []
      : [
          `${some(paths)}: ${format.name} labels, not taken, since there are ${chosen.name} labels; ask for them with --labels`,
        ];
  });
  return { files: taken, notes: others, failed };
};

/** Why files that may hold labels were not taken: one sentence for each kind. */
const explain = async (
  paths: readonly string[],
  root: string,
  stems: ReadonlySet<string>,
): Promise<readonly string[]> => {
  const notes: string[] = [];
  const foreign = new Map<string, string[]>();
  const sized: string[] = [];
  for (const path of paths) {
    const kind = foreignKind(path);
    if (kind !== null) foreign.set(kind, [...(foreign.get(kind) ?? []), path]);
    else if (labelExtensions.has(extensionOf(path)) && !isListing(path)) {
      const info = await statIfThere(join(root, path), "label");
      if (info && info.size < 64e6 && sized.length < 200) sized.push(path);
    }
  }
  const { files, strange } = await sortFiles(
    sized.map((path) => join(root, path)),
    stems,
  );
  for (const format of labelFormats) {
    const of = files.filter((file) => file.format === format && file.document.text.trim() !== "");
    const found = of.map(({ document }) => document.path);
    if (found.length === 0) continue;
    const why = format.isOwn
      ? "not taken, since no image is named like it"
      : "not taken, since it is not called as label tools call files for the images around them; ask for it with --labels";
    notes.push(`${some(found)} looks like ${format.name} labels: ${why}`);
  }
  const unknown: LabelDocument[] = [];
  for (const document of strange) {
    const kind = foreignText(document);
    if (kind === null) unknown.push(document);
    else foreign.set(kind, [...(foreign.get(kind) ?? []), document.path]);
  }
  for (const [kind, of] of foreign) notes.push(`${some(of)} looks like labels: not taken, since ${kind}`);
  const named = unknown
    .map(({ path }) => path)
    .filter((path) => stems.has(stemOf(path)) && extensionOf(path) !== ".json");
  if (named.length > 0)
    notes.push(`${some(named)} is named like an image, but is in no label format that is read`);
  return notes;
};

/**
 * Looks for labels among the files of a dataset's folder, unasked: files called as label tools call them, else files named like the
 * images. Of several formats one is taken. `deep` looks into folders below.
 */
export const findLabels = async (
  root: string,
  entries: readonly SceneEntry[],
  deep: boolean,
): Promise<FoundLabels> => {
  const paths = (await listFiles(root, deep)).filter((path) => basename(path) !== "collection.json");
  const stems = imageStems(entries);
  const usual = paths.filter((path) => {
    const isNamed = labelFormats.some(
      ({ usualName, extensions }) => usualName?.test(path) && extensions.includes(extensionOf(path)),
    );
    return isNamed && !stems.has(stemOf(path).normalize("NFC"));
  });
  const listed = await sortFiles(
    usual.map((path) => join(root, path)),
    stems,
  );
  if (listed.files.length > 0) return chooseFormat(listed);
  const places = new Set(entries.flatMap(({ assets }) => assets.map(({ path }) => dirname(path))));
  const beside = deep
    ? []
    : [...places].flatMap((place) => labelFolders(place)).filter((place) => place !== resolve(root));
  const others = await Promise.all(
    beside.map(async (place) =>
      (await listFiles(place, false).catch((): string[] => [])).map((path) => join(place, path)),
    ),
  );
  const named = [...paths.map((path) => join(root, path)), ...others.flat()].filter(
    (path) =>
      labelExtensions.has(extensionOf(path)) && stems.has(stemOf(path).normalize("NFC")) && !isListing(path),
  );
  const own = await sortFiles(named, stems);
  const failed = [...listed.failed, ...own.failed];
  if (own.files.length > 0) return { ...chooseFormat(own), failed };
  return { files: [], notes: await explain(paths, root, stems), failed };
};

/** Where the labels of a folder of images may lie: beside them, or in the folder that stands for `images`. */
export const labelFolders = (imageFolder: string): readonly string[] => {
  const parts = resolve(imageFolder).split("/");
  const at = parts.findLastIndex((part) => /^(?:images?|imgs?|jpegimages)$/i.test(part));
  if (at < 0) return [resolve(imageFolder)];
  const swapped = ["labels", "labelTxt", "Annotations", "annotations"].map((name) =>
    parts.with(at, name).join("/"),
  );
  return [resolve(imageFolder), ...swapped];
};

/** The label files of a folder that the user named: those called as label tools call them, else all that are in a format of one image. */
export const findLabelsIn = async (
  folder: string,
  entries: readonly SceneEntry[],
  deep = true,
): Promise<FoundLabels> => {
  const paths = (await listFiles(folder, deep)).filter(
    (path) => labelExtensions.has(extensionOf(path)) && !isListing(path),
  );
  const sorted = await sortFiles(
    paths.map((path) => join(folder, path)),
    imageStems(entries),
  );
  const found = chooseFormat(sorted);
  const strange =
    sorted.strange.length > 0
      ? [`${some(sorted.strange.map(({ path }) => path))} is in no label format that is read`]
      : [];
  if (found.files.length > 0 || found.failed.length > 0)
    return { ...found, notes: [...found.notes, ...strange] };
  const notes = await explain(await listFiles(folder, deep), folder, imageStems(entries));
  const wanted = `label files (${labelFormats.map(({ name }) => name).join(", ")})`;
  throw new SwathError("label", { what: `no labels in ${folder}`, wanted, got: notes[0] ?? "none" });
};
