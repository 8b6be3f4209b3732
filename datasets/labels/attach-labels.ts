import { SwathError } from "../../pipeline/errors.ts";
import type { Catalogue, SceneEntry, Skipped } from "../catalogue.ts";
import type { DrawnLabel, ImageLabels } from "./drawn-label.ts";
import { boxInScene, clipToScene, placeLabels } from "./drawn-label.ts";
import type { GeoJsonLabel } from "./geojson-labels.ts";
import { matchImage } from "./match-image.ts";

/** Places `drawn` on a scene; what does not fit is thrown when `strict`, else added to `skipped`. */
export const labelScene = (
  entry: SceneEntry,
  drawn: readonly DrawnLabel[],
  file: string,
  strict: boolean,
  skipped: Skipped[],
): SceneEntry => {
  const { labels, errors } = placeLabels(drawn, entry.scene, file);
  const [first] = errors;
  if (first && strict) throw first;
  skipped.push(...errors.map((error) => ({ scene: entry.scene.id, error })));
  return { ...entry, labels: [...(entry.labels ?? []), ...labels] };
};

const refuseSize = ({ image, size }: ImageLabels, { scene }: SceneEntry, file: string): SwathError | null =>
  size === null || (size[0] === scene.width && size[1] === scene.height)
    ? null
    : new SwathError("label", {
        what: `${file}: labels of ${image} do not fit scene "${scene.id}"`,
        wanted: `labels of ${scene.width} × ${scene.height} pixels`,
        got: size.join(" × "),
        hint: "label the image at the resolution of the scene",
      });

const refuseMissing = (
  missing: readonly string[],
  file: string,
  entries: readonly SceneEntry[],
): SwathError => {
  const ids = entries.map(({ scene }) => scene.id);
  const some = (names: readonly string[]) => names.slice(0, 8).join(", ") + (names.length > 8 ? ", …" : "");
  return new SwathError("label", {
    what: `${file}: labels for images that are not in the dataset (${missing.length}): ${some(missing)}`,
    wanted: `images named like its scenes (${some(ids)})`,
    hint: "add the images or drop their labels",
  });
};

/**
 * Gives the labels of a file that names images to the scenes that it means. Scenes that the file does not name stay
 * unlabelled. Images that are not there are an error when `strict` or when no image is, else they are skipped.
 */
export const attachByImage = (
  catalogue: Catalogue,
  images: readonly ImageLabels[],
  file: string,
  strict: boolean,
): Catalogue => {
  const skipped = [...catalogue.skipped];
  const labelled = new Map<string, SceneEntry>();
  const missing: string[] = [];
  for (const image of images) {
    const found = matchImage(image.image, catalogue.entries);
    if (found === null) {
      missing.push(image.image);
      continue;
    }
    const entry = labelled.get(found.scene.id) ?? found;
    const wrongSize = refuseSize(image, entry, file);
    if (wrongSize && strict) throw wrongSize;
    if (wrongSize) skipped.push({ scene: entry.scene.id, error: wrongSize });
    else labelled.set(entry.scene.id, labelScene(entry, image.labels, file, strict, skipped));
  }
  if (missing.length > 0) {
    const error = refuseMissing(missing, file, catalogue.entries);
    if (strict || missing.length === images.length) throw error;
    skipped.push({ scene: missing.join(", "), error });
  }
  return { ...catalogue, skipped, entries: catalogue.entries.map((e) => labelled.get(e.scene.id) ?? e) };
};

/** Gives polygons on the ground to every scene that they touch. */
export const attachByPlace = (catalogue: Catalogue, drawn: readonly DrawnLabel[]): Catalogue => ({
  ...catalogue,
  entries: catalogue.entries.map((entry) => {
    const inside = drawn.filter((label) => {
      const box = boxInScene(label, entry.scene);
      return box !== null && clipToScene(box, entry.scene) !== null;
    });
    return { ...entry, labels: placeLabels(inside, entry.scene, "").labels };
  }),
});

/** Gives the labels of one GeoJSON file: by image where features name one, to the only scene, else by place. */
export const attachGeoJson = (
  catalogue: Catalogue,
  labels: readonly GeoJsonLabel[],
  file: string,
  strict: boolean,
): Catalogue => {
  const [only] = catalogue.entries;
  const images = new Map<string, GeoJsonLabel[]>();
  for (const label of labels) {
    if (label.image !== null) images.set(label.image, [...(images.get(label.image) ?? []), label]);
  }
  if (images.size > 0) {
    const named = [...images].map(([image, drawn]) => ({ image, size: null, labels: drawn }));
    return attachByImage(catalogue, named, file, strict);
  }
  if (catalogue.entries.length > 1 || !only) return attachByPlace(catalogue, labels);
  const skipped = [...catalogue.skipped];
  const entries = [labelScene(only, labels, file, strict, skipped)];
  return { ...catalogue, entries, skipped };
};
