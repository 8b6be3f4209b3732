import type { Label } from "../../pipeline/detection/detection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import type { Catalogue, SceneEntry, Skipped } from "../catalogue.ts";
import {
  type DrawnLabel,
  type ImageLabels,
  LeftOutCount,
  printable,
  type ReadLabels,
} from "./drawn-label.ts";
import { isNoFault, type LabelSource, type LabelTally } from "./label-tally.ts";
import { type ImageMatch, matchImages } from "./match-image.ts";
import { type Placement, placerOn, reachOf } from "./place-label.ts";
import { drawnOn, orientationOf, turnBack } from "./upright.ts";

/** How labels are given to scenes. */
export interface AttachOptions {
  /** Throw at the first label or image that is not right, or when no image is in the dataset. */
  readonly strict: boolean;
  /** Where paths in label files start. */
  readonly root: string;
  /** The scenes of files that belong to one each, where that is known from elsewhere. */
  readonly sceneOf?: ReadonlyMap<string, SceneEntry>;
}

const refuseMissing = (missing: readonly ImageLabels[], entries: readonly SceneEntry[]): SwathError => {
  const some = (names: readonly string[]) => names.slice(0, 8).join(", ") + (names.length > 8 ? ", …" : "");
  const images = [...new Set(missing.map(({ image }) => printable(image)))];
  const file = missing[0]?.file ?? "";
  return new SwathError("label", {
    what: `${file}: labels for images that are not in the dataset (${images.length}): ${some(images)}`,
    wanted: `images named like its scenes (${some(entries.map(({ scene }) => scene.id))})`,
    hint: "add the images or drop their labels",
  });
};

const sizeTrouble = ({ image, file, size }: ImageLabels, { scene }: SceneEntry): string =>
  `${file}: labels of ${printable(image)} do not fit scene "${scene.id}": wanted labels of ${scene.width} × ${scene.height} pixels, got ${(size ?? []).join(" × ")}`;

const placeTrouble = (
  label: DrawnLabel,
  { scene }: SceneEntry,
  placement: Placement,
  file: string,
): string => {
  const what = `${file}: label ${label.index} (${label.className}) of scene "${scene.id}"`;
  if (placement.kind === "nowhere") return `${what}: ${placement.reason}`;
  const { x0, y0, x1, y1 } = placement.boxPx;
  const wanted = `a box with area inside ${scene.width} × ${scene.height} pixels`;
  return `${what}: wanted ${wanted}, got x ${x0}…${x1}, y ${y0}…${y1}`;
};

const asLabel = ({ className, ignore }: DrawnLabel, placement: Placement & { kind: "inside" }): Label => ({
  className,
  boxPx: placement.boxPx,
  ...(ignore ? { ignore: true } : {}),
});

const offImage = "outside its image";

/** What is gathered while labels are given out. */
interface Ledger {
  readonly leftOut: LeftOutCount;
  /** What the user is to be told: rows and images that are not right. */
  readonly troubles: LeftOutCount;
  readonly notes: string[];
  readonly labels: Map<SceneEntry, Label[]>;
  /** Which file labelled a scene: a second one would double its objects. */
  readonly labeller: Map<SceneEntry, string>;
  /** Scenes of which something was read and not understood. */
  readonly doubtful: Set<SceneEntry>;
  /** Scenes whose labels were turned back, with their orientation. */
  readonly turned: string[];
  matched: number;
  outside: number;
}

const refuseImage = (
  image: ImageLabels,
  reason: string,
  example: string,
  { leftOut, troubles }: Ledger,
): void => {
  leftOut.add(reason, example, image.labels.length);
  troubles.add(reason, example);
};

/** Labels of one image onto its scene. */
const placeImage = (image: ImageLabels, entry: SceneEntry, ledger: Ledger): void => {
  const { scene } = entry;
  const stored = [scene.width, scene.height] as const;
  const before = ledger.labeller.get(entry);
  if (before !== undefined && before !== image.file) {
    const example = `${image.file}: scene "${scene.id}" has labels from ${before}`;
    return refuseImage(image, "a scene that another file has labelled", example, ledger);
  }
  const orientation = orientationOf(entry);
  const on = drawnOn(image, entry);
  const isSize = (width: number, height: number) => image.size?.[0] === width && image.size[1] === height;
  const fits = on === "upright" && image.size !== null ? isSize(stored[1], stored[0]) : isSize(...stored);
  if (image.size !== null && !fits)
    return refuseImage(image, "labels of an image of another size", sizeTrouble(image, entry), ledger);
  if (on === "unknown") {
    ledger.doubtful.add(entry);
    const example = `${image.file}: scene "${scene.id}" is stored turned (orientation ${orientation}), and nothing says whether its labels are`;
    return refuseImage(image, "labels that may be of the turned or of the stored image", example, ledger);
  }
  if (on === "upright") {
    ledger.turned.push(`${scene.id} (${orientation})`);
  }
  ledger.labeller.set(entry, image.file);
  if (image.lost > 0) ledger.doubtful.add(entry);
  const placed = ledger.labels.get(entry) ?? [];
  ledger.labels.set(entry, placed);
  const place = placerOn(scene);
  for (const drawn of image.labels) {
    const label = on === "upright" ? turnBack(drawn, orientation, stored) : drawn;
    const placement = place(label);
    if (placement.kind === "inside") {
      placed.push(asLabel(label, placement));
      ledger.matched++;
      continue;
    }
    const example = placeTrouble(label, entry, placement, image.file);
    if (placement.kind === "outside") ledger.outside++;
    else {
      ledger.leftOut.add(placement.reason, example);
      ledger.doubtful.add(entry);
    }
    ledger.troubles.add(placement.kind === "outside" ? offImage : placement.reason, example);
  }
  // Pixels that all lie outside are of another image, or none.
  const isOff = placed.length === 0 && image.labels.some(({ frame }) => frame !== "lonlat");
  if (isOff) ledger.doubtful.add(entry);
};

/** Labels that name no image: pixels onto the only scene, ground onto every scene that shows it. */
const placeLoose = (
  loose: readonly DrawnLabel[],
  entries: readonly SceneEntry[],
  { isOfImages, isLossy }: { readonly isOfImages: boolean; readonly isLossy: boolean },
  ledger: Ledger,
  file: string,
): void => {
  const [only] = entries;
  const isOnly = entries.length === 1;
  const placers = entries.map((entry) => ({
    entry,
    place: placerOn(entry.scene),
    mayShow: isOnly ? () => true : reachOf(entry.scene),
  }));
  const grounded = entries.filter(({ scene }) => scene.georeference !== null);
  const hasGround = loose.some(({ frame }) => frame === "lonlat");
  const searched = isOnly ? entries : hasGround ? grounded : [];
  // A file of images says nothing of those that it does not name.
  if (!isOfImages) for (const entry of searched) ledger.labels.set(entry, ledger.labels.get(entry) ?? []);
  // What was there and not understood may lie on any of them.
  if (isLossy) for (const entry of searched) ledger.doubtful.add(entry);
  for (const label of loose) {
    if (label.frame !== "lonlat" && !isOnly) {
      const reason = "pixels that name no image";
      ledger.leftOut.add(reason, `${file}: label ${label.index}`);
      ledger.troubles.add(reason, `${file}: label ${label.index}`);
      continue;
    }
    let isSeen = false;
    let isOff = false;
    let last: Placement | null = null;
    for (const { entry, place, mayShow } of placers) {
      if (!mayShow(label)) {
        isOff = true;
        continue;
      }
      const placement = place(label);
      if (placement.kind === "inside") {
        const found = ledger.labels.get(entry) ?? [];
        ledger.labels.set(entry, found);
        found.push(asLabel(label, placement));
        isSeen = true;
      } else if (last === null || last.kind === "nowhere") last = placement;
    }
    if (isSeen) ledger.matched++;
    else if (last?.kind === "nowhere" && !isOff) {
      const example =
        isOnly && only ? placeTrouble(label, only, last, file) : `${file}: label ${label.index}`;
      ledger.leftOut.add(last.reason, example);
      ledger.troubles.add(last.reason, example);
    } else {
      ledger.outside++;
      if (isOnly && only && last) ledger.troubles.add(offImage, placeTrouble(label, only, last, file));
    }
  }
  if (loose.length > 0 && ledger.outside > 0 && !isOnly)
    ledger.notes.push(`${file}: ${ledger.outside} labels lie on ground that no scene shows`);
};

const turnedNote = (turned: readonly string[]): readonly string[] => {
  if (turned.length === 0) return [];
  const some = turned.slice(0, 6).join(", ") + (turned.length > 6 ? ", …" : "");
  return [
    `${turned.length} ${turned.length === 1 ? "scene is" : "scenes are"} stored turned (orientation): ${some}; the labels were drawn on the upright picture and are turned back`,
  ];
};

const asError = ({ reason, count, example }: ReturnType<LeftOutCount["list"]>[number]): SwathError => {
  const more = count > 1 ? `, and ${count - 1} more like it` : "";
  return new SwathError("label", { what: `${reason}: ${example}${more}` });
};

/**
 * Gives labels to the scenes that they mean. A scene that no file names stays unlabelled; one of whose labels none was understood does
 * too, for it is not empty. What is not right is left out, counted and told in `skipped`, or thrown when `strict`.
 */
export const attachLabels = async (
  catalogue: Catalogue,
  read: ReadLabels,
  sources: readonly LabelSource[],
  { strict, root, sceneOf }: AttachOptions,
): Promise<Catalogue> => {
  const { entries } = catalogue;
  const ledger: Ledger = {
    leftOut: new LeftOutCount(),
    troubles: new LeftOutCount(),
    notes: [],
    labels: new Map(),
    labeller: new Map(),
    doubtful: new Set(),
    turned: [],
    matched: 0,
    outside: 0,
  };
  ledger.leftOut.addAll(read.leftOut);
  ledger.troubles.addAll(read.leftOut.filter(({ reason }) => !isNoFault(reason)));
  const known = read.images.map(({ file }) => sceneOf?.get(file));
  const matches = matchImages(read.images, entries, root).map((match, i): ImageMatch =>
    known[i] ? { entry: known[i] } : match,
  );
  const missing: ImageLabels[] = [];
  for (const [i, image] of read.images.entries()) {
    const match = matches[i];
    if (match === undefined) continue;
    if ("entry" in match) placeImage(image, match.entry, ledger);
    else {
      missing.push(image);
      ledger.leftOut.add(match.reason, `${image.file}: ${printable(image.image)}`, image.labels.length);
    }
  }
  const isOfImages = read.images.length > 0 && read.loose.length === 0;
  const isLossy = !isOfImages && read.leftOut.some(({ reason }) => !isNoFault(reason));
  placeLoose(read.loose, entries, { isOfImages, isLossy }, ledger, sources[0]?.file ?? "");
  const errors: SwathError[] = [...read.failed, ...ledger.troubles.list().map(asError)];
  if (missing.length > 0) errors.push(refuseMissing(missing, entries));
  const [first] = errors;
  if (first && strict) throw first;
  const isStrange =
    read.images.length > 0 && missing.length === read.images.length && read.loose.length === 0;
  const [last] = errors.slice(-1);
  if (isStrange && last && missing.every(({ isOwn }) => !isOwn)) throw last;
  const inRead = read.images.reduce((sum, { labels }) => sum + labels.length, 0) + read.loose.length;
  const tally: LabelTally = {
    sources,
    read: inRead + read.leftOut.reduce((sum, { count }) => sum + count, 0),
    matched: ledger.matched,
    outside: ledger.outside,
    leftOut: ledger.leftOut.list(),
  };
  const skipped: readonly Skipped[] = errors.map((error) => ({
    scene: sources[0]?.file ?? catalogue.name,
    error,
  }));
  return {
    ...catalogue,
    skipped: [...catalogue.skipped, ...skipped],
    notes: [...catalogue.notes, ...read.notes, ...ledger.notes, ...turnedNote(ledger.turned)],
    labelTally: tally,
    entries: entries.map((entry) => {
      const labels = ledger.labels.get(entry);
      const isEmpty = labels !== undefined && labels.length > 0 ? false : ledger.doubtful.has(entry);
      return labels === undefined || isEmpty ? entry : { ...entry, labels };
    }),
  };
};
