import { stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { messageOf, SwathError } from "../../pipeline/errors.ts";
import type { Catalogue, CatalogueOptions, SceneEntry } from "../catalogue.ts";
import { groupBy } from "../grouping.ts";
import { attachLabels } from "./attach-labels.ts";
import { type DataYaml, findClassFile, readClassFile } from "./data-yaml.ts";
import { type ImageLabels, joinReads, type ReadLabels } from "./drawn-label.ts";
import { findLabels, findLabelsIn, type FoundFile, type FoundLabels, labelFolders } from "./find-labels.ts";
import { otherReadings, readDocument } from "./label-document.ts";
import type { LabelContext } from "./formats/label-format.ts";
import { foreignKind } from "./foreign-labels.ts";
import { foreignText } from "./foreign-text.ts";
import { formatOf, labelFormats } from "./formats/label-formats.ts";
import { type LabelSource, noLabels } from "./label-tally.ts";
import { matchImages } from "./match-image.ts";
import { statIfThere } from "../../pipeline/stat-if-there.ts";

/** A file of one image says nothing of others: what it holds without an image's name is that image's. */
const asOwn = (read: ReadLabels, file: string): ReadLabels => {
  const image: ImageLabels = {
    image: file.replace(/\.[^./\\]*$/, ""),
    file,
    isOwn: true,
    size: null,
    isSeenUpright: false,
    labels: read.loose,
    lost: read.leftOut.reduce((sum, { count }) => sum + count, 0),
  };
  return read.images.length > 0 ? read : { ...read, images: [image], loose: [] };
};

/** How many of the images that a file names are in the dataset. */
const matchesIn = ({ images }: ReadLabels, entries: readonly SceneEntry[], root: string): number =>
  matchImages(images, entries, root).filter((match) => "entry" in match).length;

/** Reads a file that names images. Where its encoding is a guess, the one that makes most names those of images. */
const readNamed = (
  { document, format }: FoundFile,
  told: LabelContext,
  root: string,
  entries: readonly SceneEntry[],
): ReadLabels => {
  let best = format.read([document], told);
  if (!document.bytes) return best;
  let most = matchesIn(best, entries, root);
  for (const other of otherReadings(document)) {
    if (most === best.images.length) break;
    const read = format.read([other], told);
    const matches = matchesIn(read, entries, root);
    if (matches > most) [best, most] = [read, matches];
  }
  return best;
};

/** Reads files of one format. Names of class numbers: those told, else from the data.yaml or list of names above each file. */
const readFiles = async (
  files: readonly FoundFile[],
  root: string,
  told: LabelContext,
  entries: readonly SceneEntry[],
): Promise<ReadLabels> => {
  const [first] = files;
  if (!first) return joinReads([]);
  const { format } = first;
  if (format.hasClassNumbers) {
    const contexts = new Map<string, LabelContext>();
    const byClassFile = new Map<string, FoundFile[]>();
    for (const file of files) {
      const folder = dirname(file.document.path);
      const classFile = (await findClassFile(folder, root)) ?? "";
      if (!contexts.has(classFile))
        contexts.set(classFile, classFile ? await readClassFile(classFile) : noContext);
      byClassFile.set(classFile, [...(byClassFile.get(classFile) ?? []), file]);
    }
    return joinReads(
      [...byClassFile].map(([classFile, group]) => {
        const { classNames, keyPoints } = contexts.get(classFile) ?? noContext;
        return format.read(
          group.map(({ document }) => document),
          {
            classNames: told.classNames.length > 0 ? told.classNames : classNames,
            keyPoints: told.keyPoints ?? keyPoints,
          },
        );
      }),
    );
  }
  const reads: ReadLabels[] = [];
  const failed: SwathError[] = [];
  const together = format.isOwn ? [files] : files.map((file) => [file]);
  for (const group of together) {
    try {
      const [file] = group;
      const documents = group.map(({ document }) => document);
      const read =
        format.isOwn || !file ? format.read(documents, told) : readNamed(file, told, root, entries);
      reads.push(file?.isOwn && !format.isOwn ? asOwn(read, file.document.path) : read);
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      failed.push(error);
    }
  }
  return joinReads([...reads, { images: [], loose: [], leftOut: [], notes: [], failed }]);
};

const noContext: LabelContext = { classNames: [], keyPoints: null };

const sourceOf = (files: readonly FoundFile[]): readonly LabelSource[] => {
  const [first] = files;
  return first ? [{ format: first.format.name, file: first.document.path, files: files.length }] : [];
};

/** Reads what was found and gives it to the scenes. `isAsked`: the user named the labels, so none at all is an error. */
const attachFound = async (
  catalogue: Catalogue,
  { files, notes, failed }: FoundLabels,
  root: string,
  classRoot: string,
  { strict = false, classNames = [] }: CatalogueOptions,
  keyPoints: LabelContext["keyPoints"],
  isAsked: boolean,
): Promise<Catalogue> => {
  const read = await readFiles(files, classRoot, { classNames, keyPoints }, catalogue.entries);
  const broken = [...failed, ...read.failed];
  const [first] = broken;
  if (first && (strict || (isAsked && read.images.length === 0 && read.loose.length === 0))) throw first;
  const told = { ...catalogue, notes: [...catalogue.notes, ...notes] };
  const whole = { ...read, failed: broken };
  if (isAsked || strict) return attachLabels(told, whole, sourceOf(files), { strict, root });
  try {
    return await attachLabels(told, whole, sourceOf(files), { strict, root });
  } catch (error) {
    if (!(error instanceof SwathError)) throw error;
    // Labels that nobody asked for cost themselves, not the dataset.
    const scene = sourceOf(files)[0]?.file ?? catalogue.name;
    return {
      ...told,
      skipped: [...told.skipped, { scene, error }],
      labelTally: { ...noLabels, sources: sourceOf(files) },
    };
  }
};

/** The label files of a data.yaml: beside or opposite the folders of images that it names. */
const findByYaml = async (
  yaml: DataYaml,
  path: string,
  entries: readonly SceneEntry[],
): Promise<FoundLabels> => {
  const folders = new Set<string>();
  for (const place of yaml.imagePlaces) {
    const info = await statIfThere(place, "label");
    const imageFolders = info?.isDirectory() ? [place] : info?.isFile() ? [dirname(place)] : [];
    for (const folder of imageFolders.flatMap(labelFolders))
      if ((await statIfThere(folder, "label"))?.isDirectory() === true) folders.add(folder);
  }
  const found: FoundLabels[] = [];
  for (const folder of folders) {
    try {
      found.push(await findLabelsIn(folder, entries));
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
    }
  }
  const files = new Map(found.flatMap((one) => one.files).map((file) => [file.document.path, file]));
  if (files.size > 0) {
    return {
      files: [...files.values()].filter(({ format }) => format.hasClassNumbers),
      notes: found.flatMap(({ notes }) => notes),
      failed: found.flatMap(({ failed }) => failed),
    };
  }
  throw new SwathError("label", {
    what: `${path}: no label files beside the images that it names`,
    wanted: "train, val or test with a folder of images, and one of labels for it",
    got: yaml.imagePlaces.slice(0, 4).join(", ") || "no train, val or test",
  });
};

const attachAsked = async (
  catalogue: Catalogue,
  root: string,
  path: string,
  options: CatalogueOptions,
): Promise<Catalogue> => {
  const info = await stat(path).catch((cause: unknown) => {
    throw new SwathError("label", {
      what: `labels ${path}`,
      wanted: "a file or folder",
      got: messageOf(cause),
      cause,
    });
  });
  const full = resolve(path);
  const { entries } = catalogue;
  if (info.isDirectory()) {
    const found = await findLabelsIn(full, entries);
    return attachFound(catalogue, found, full, dirname(full), options, null, true);
  }
  if (/\.ya?ml$/i.test(path)) {
    const yaml = await readClassFile(full);
    const found = await findByYaml(yaml, path, entries);
    const names = options.classNames?.length ? options.classNames : yaml.classNames;
    return attachFound(
      catalogue,
      found,
      root,
      dirname(full),
      { ...options, classNames: names },
      yaml.keyPoints,
      true,
    );
  }
  const document = await readDocument(path);
  const format = formatOf(document, extname(path).toLowerCase());
  if (format === null) {
    const wanted = `${labelFormats.map(({ name }) => name).join(", ")}, a data.yaml or a folder of label files`;
    const advice = foreignKind(path) ?? foreignText(document);
    throw new SwathError("label", {
      what: `${path}: format not known`,
      wanted,
      ...(advice === null ? {} : { hint: advice }),
    });
  }
  const found = { files: [{ document, format, isOwn: format.isOwn }], notes: [], failed: [] };
  return attachFound(catalogue, found, root, dirname(full), options, null, true);
};

/**
 * Reads the labels of a catalogue: from `options.labels`, or, without it, from what lies with the images in `root`: files called as
 * label tools call them, else files named like the images. What looks like labels and is not taken is noted.
 * Throws `SwathError("label")` when labels that were asked for are not there, cannot be read or speak of none of the images.
 */
export const readLabels = async (
  catalogue: Catalogue,
  root: string,
  options: CatalogueOptions,
  deep = true,
): Promise<Catalogue> => {
  if (options.labels !== undefined) return attachAsked(catalogue, root, options.labels, options);
  const found = await findLabels(root, catalogue.entries, deep);
  const { files, failed, notes } = found;
  if (files.length === 0) {
    const [first] = failed;
    if (first && options.strict) throw first;
    const skipped = failed.map((error) => ({ scene: catalogue.name, error }));
    return {
      ...catalogue,
      skipped: [...catalogue.skipped, ...skipped],
      notes: [...catalogue.notes, ...notes],
      labelTally: noLabels,
    };
  }
  return attachFound(catalogue, found, root, root, options, null, false);
};

/** Reads the label file that each scene names itself (`named` by scene id, as STAC items do). What is broken costs its own scene. */
export const readSceneLabels = async (
  catalogue: Catalogue,
  named: ReadonlyMap<string, string>,
  { strict = false, classNames = [] }: CatalogueOptions,
): Promise<Catalogue> => {
  const reads: ReadLabels[] = [];
  const sources: LabelSource[] = [];
  const sceneOf = new Map<string, SceneEntry>();
  const failed: SwathError[] = [];
  const sharedBy = groupBy(
    catalogue.entries.filter(({ scene }) => named.has(scene.id)),
    ({ scene }) => named.get(scene.id) ?? "",
  );
  for (const [path, entries] of sharedBy) {
    try {
      const document = await readDocument(path);
      const format = formatOf(document, extname(path).toLowerCase());
      if (format === null)
        throw new SwathError("label", {
          what: `${path}: format not known`,
          wanted: labelFormats.map(({ name }) => name).join(", "),
        });
      const files = [{ document, format, isOwn: entries.length === 1 }];
      const read = await readFiles(files, dirname(path), { classNames, keyPoints: null }, catalogue.entries);
      const [entry] = entries;
      const isOfOne = entries.length === 1 && read.images.every(({ isOwn }) => isOwn);
      if (entry && isOfOne) sceneOf.set(path, entry);
      reads.push(read);
      sources.push({ format: format.name, file: path, files: 1 });
    } catch (error) {
      if (!(error instanceof SwathError)) throw error;
      failed.push(error);
    }
  }
  const [first] = sources;
  const read = joinReads(reads);
  const summed = first ? [{ ...first, files: sources.length }] : [];
  const root = dirname(join(first?.file ?? "."));
  return attachLabels(catalogue, { ...read, failed: [...failed, ...read.failed] }, summed, {
    strict,
    root,
    sceneOf,
  });
};
