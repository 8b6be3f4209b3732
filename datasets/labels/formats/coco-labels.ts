import { z } from "zod";
import { SwathError } from "../../../pipeline/errors.ts";
import { maskBox } from "./coco-mask.ts";
import {
  classNameOf,
  type DrawnLabel,
  type DrawnPoint,
  type ImageLabels,
  joinReads,
  LeftOutCount,
  mostVertices,
  printable,
  type ReadLabels,
} from "../drawn-label.ts";
import { meaningOf, type SaidBox } from "./coco-boxes.ts";
import type { LabelFormat } from "./label-format.ts";

const id = z.union([z.number(), z.string()]);
const size = z.number().positive();
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const cocoImage = z.object({
  id,
  file_name: z.string().min(1),
  width: size.optional().catch(undefined),
  height: size.optional().catch(undefined),
});
const runLengths = z.object({
  counts: z.union([z.string(), z.array(z.number())]),
  size: z.tuple([z.number(), z.number()]),
});

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** True when `json` has the shape of a COCO detection file. */
export const isCoco = (json: unknown): boolean => isObject(json) && "images" in json && "annotations" in json;

const isId = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number";

type Outline = { readonly points: readonly DrawnPoint[] } | { readonly reason: string };

const corners = (x0: number, y0: number, x1: number, y1: number): Outline => ({
  points: [
    [x0, y0],
    [x1, y1],
  ],
});

/** The box round polygons `[[x, y, x, y, …], …]`: parts of one object. */
const polygonBox = (parts: readonly unknown[]): Outline => {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  let count = 0;
  for (const part of parts) {
    if (!Array.isArray(part) || part.length % 2 === 1)
      return { reason: "an outline that is no list of pairs" };
    count += part.length / 2;
    if (count > mostVertices) return { reason: `an outline of more than ${mostVertices} corners` };
    for (let i = 0; i < part.length; i += 2) {
      const [x, y]: unknown[] = [part[i], part[i + 1]];
      if (typeof x !== "number" || typeof y !== "number")
        return { reason: "an outline that is no list of pairs" };
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    }
  }
  return count > 0 ? corners(x0, y0, x1, y1) : { reason: "neither a box nor an outline" };
};

const outlineOf = (segmentation: unknown, imageSize: ImageLabels["size"]): Outline => {
  if (Array.isArray(segmentation)) {
    const isFlat = typeof segmentation[0] === "number";
    return polygonBox(isFlat ? [segmentation] : segmentation);
  }
  const runs = runLengths.safeParse(segmentation);
  if (!runs.success) return { reason: "neither a box nor an outline" };
  const { counts, size: of } = runs.data;
  if (imageSize !== null && (of[0] !== imageSize[1] || of[1] !== imageSize[0]))
    return { reason: "a mask of another size than its image" };
  const around = maskBox({ counts, size: of });
  if (typeof around === "string") return { reason: around };
  return around === null ? { reason: "an empty mask" } : corners(around.x0, around.y0, around.x1, around.y1);
};

/** The box of an annotation: as it says, or round its outline where it says none. */
const boxOf = (bbox: unknown, segmentation: unknown, imageSize: ImageLabels["size"]): Outline => {
  const told = box.safeParse(bbox);
  if (told.success) {
    const [x, y, width, height] = told.data;
    if (width > 0 && height > 0) return corners(x, y, x + width, y + height);
    if (width < 0 || height < 0) return { reason: "a box of negative size" };
  } else if (Array.isArray(bbox) && bbox.length > 0) return { reason: "a box that is not four numbers" };
  const outline = outlineOf(segmentation, imageSize);
  const hasEmptyBox = told.success && "reason" in outline;
  return hasEmptyBox ? { reason: "no area" } : outline;
};

/**
 * Reads a COCO detection file (https://cocodataset.org/#format-data): boxes `[x, y, width, height]` in pixels from the upper left
 * corner; where there is none, the box round the outline or the mask. Crowds become labels to ignore. An annotation that is not
 * right, or names an image or a category that is not there, is left out and counted.
 * Boxes that are fractions are taken as such, with a note. Throws `SwathError("label")` when the file as a whole is not COCO, or its boxes
 * are corners.
 */
export const parseCoco = (json: unknown, file: string): ReadLabels => {
  const { images, categories, annotations } = isObject(json) ? json : {};
  if (!Array.isArray(images) || !Array.isArray(annotations)) {
    throw new SwathError("label", {
      what: `${file}: not a COCO file`,
      wanted: "lists named images, categories and annotations",
      got: Array.isArray(images) ? "annotations that are no list" : "images that are no list",
    });
  }
  const leftOut = new LeftOutCount();
  const classNames = new Map<string, string>();
  for (const category of Array.isArray(categories) ? categories : []) {
    const name = isObject(category) ? classNameOf(category["name"]) : null;
    if (isObject(category) && name !== null) classNames.set(String(category["id"]), name);
  }
  const byImage = new Map<string, { image: z.infer<typeof cocoImage>; labels: DrawnLabel[]; lost: number }>();
  const twice = new Set<string>();
  const said: SaidBox[] = [];
  let malformedImages = 0;
  for (const one of images) {
    const image = cocoImage.safeParse(one);
    if (!image.success) {
      malformedImages++;
      continue;
    }
    const key = String(image.data.id);
    if (byImage.has(key) && byImage.get(key)?.image.file_name !== image.data.file_name) twice.add(key);
    if (!byImage.has(key)) byImage.set(key, { image: image.data, labels: [], lost: 0 });
  }
  const sizeOf = ({ width, height }: z.infer<typeof cocoImage>): ImageLabels["size"] =>
    width === undefined || height === undefined ? null : [width, height];
  annotations.forEach((one: unknown, index) => {
    const refuse = (reason: string): void => leftOut.add(reason, `${file}: annotation ${index}`);
    if (!isObject(one) || !isId(one["image_id"])) return refuse("no image_id");
    const { image_id, category_id, bbox, segmentation, iscrowd } = one;
    const place = byImage.get(String(image_id));
    if (!place) {
      const example = `${file}: annotation ${index} names image ${printable(String(image_id))}`;
      return leftOut.add("an image that the file does not list", example);
    }
    if (twice.has(String(image_id))) {
      place.lost++;
      return refuse("an image number that the file gives to two images");
    }
    const className = classNames.get(String(category_id));
    const outline = boxOf(bbox, segmentation, sizeOf(place.image));
    if (className === undefined || "reason" in outline) {
      place.lost++;
      if ("reason" in outline) return refuse(outline.reason);
      const category = isId(category_id) ? printable(String(category_id)) : "none";
      const example = `${file}: annotation ${index} names category ${category}`;
      return leftOut.add("a category that the file does not list", example);
    }
    const told = box.safeParse(bbox);
    // A box of zeros says nothing: its outline does.
    if (told.success && told.data[2] > 0 && told.data[3] > 0)
      said.push({ bbox: told.data, size: sizeOf(place.image) });
    const ignore = iscrowd === true || iscrowd === 1;
    place.labels.push({ index, className, frame: "pixel", points: outline.points, ignore });
  });
  const meaning = meaningOf(said);
  if (meaning === "corners") {
    throw new SwathError("label", {
      what: `${file}: its boxes leave their images`,
      wanted: "bbox as [x, y, width, height]",
      got: `what fits as two corners, e.g. [${said[0]?.bbox.join(", ") ?? ""}]`,
      hint: "write [x1, y1, x2 - x1, y2 - y1]",
    });
  }
  const inFrame = (labels: readonly DrawnLabel[]): readonly DrawnLabel[] =>
    meaning === "fractions" ? labels.map((label) => ({ ...label, frame: "unit" as const })) : labels;
  const notes = [
    ...(malformedImages > 0
      ? [`${file}: ${malformedImages} images without id or file_name are passed over`]
      : []),
    ...(meaning === "fractions"
      ? [`${file}: all boxes lie between 0 and 1, so they are fractions of their images`]
      : []),
  ];
  return {
    images: [...byImage.values()].map(({ image, labels, lost }) => ({
      image: image.file_name,
      file,
      isOwn: false,
      size: sizeOf(image),
      isSeenUpright: false,
      labels: inFrame(labels),
      lost,
    })),
    loose: [],
    leftOut: leftOut.list(),
    notes,
    failed: [],
  };
};

/** COCO, as `instances_train2017.json`, Roboflow, CVAT and Label Studio write it. */
export const coco: LabelFormat = {
  name: "COCO",
  extensions: [".json"],
  isOwn: false,
  hasClassNumbers: false,
  usualName:
    /(?:^|\/)(?:(?:coco_)?annotations(?:_coco)?|_annotations\.coco|instances_[^/]*|annotations\/[^/]*)\.json$/i,
  recognises: ({ json }) => isCoco(json),
  read: (documents) => joinReads(documents.map(({ json, path }) => parseCoco(json, path))),
};
