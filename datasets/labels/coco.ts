import { z } from "zod";
import { SwathError } from "../../pipeline/errors.ts";
import { groupBy } from "../grouping.ts";
import type { ImageLabels } from "./drawn-label.ts";

const cocoFile = z.object({
  images: z.array(
    z.object({
      id: z.union([z.number(), z.string()]),
      file_name: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
    }),
  ),
  categories: z.array(z.object({ id: z.union([z.number(), z.string()]), name: z.string() })),
  annotations: z.array(
    z.object({
      image_id: z.union([z.number(), z.string()]),
      category_id: z.union([z.number(), z.string()]),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      iscrowd: z.union([z.number(), z.boolean()]).optional(),
    }),
  ),
});

/** True when `json` has the shape of a COCO detection file. */
export const isCoco = (json: unknown): boolean =>
  typeof json === "object" && json !== null && "images" in json && "annotations" in json;

/**
 * Reads a COCO detection file (https://cocodataset.org/#format-data): boxes `[x, y, width, height]` in pixels from the
 * upper left corner. Masks are not needed for boxes and are passed over; crowds become labels to ignore.
 * Throws `SwathError("label")` when the file is not COCO or an annotation names an image or category that is not there.
 */
export const parseCoco = (json: unknown, file: string): readonly ImageLabels[] => {
  const parsed = cocoFile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const got = issue ? `${issue.path.join(".")}: ${issue.message}` : "something else";
    throw new SwathError("label", {
      what: `${file}: not a COCO file`,
      wanted: "images, categories, annotations",
      got,
    });
  }
  const { images, categories, annotations } = parsed.data;
  const classNames = new Map(categories.map(({ id, name }) => [id, name]));
  const known = new Set(images.map(({ id }) => id));
  annotations.forEach(({ image_id, category_id }, index) => {
    const missing = !known.has(image_id)
      ? `image ${image_id}`
      : !classNames.has(category_id) && `category ${category_id}`;
    if (missing) {
      const what = `${file}: annotation ${index} names ${missing}, which the file does not hold`;
      throw new SwathError("label", { what, hint: "correct the file or drop the annotation" });
    }
  });
  const byImage = groupBy(
    annotations.map((annotation, index) => ({ ...annotation, index })),
    ({ image_id }) => image_id,
  );
  return images.map(({ id, file_name, width, height }) => ({
    image: file_name,
    size: width !== undefined && height !== undefined && width > 0 && height > 0 ? [width, height] : null,
    labels: (byImage.get(id) ?? []).map(({ bbox: [x, y, w, h], category_id, iscrowd, index }) => ({
      index,
      className: classNames.get(category_id) ?? "",
      frame: "pixel" as const,
      points: [
        [x, y],
        [x + w, y + h],
      ],
      ignore: Boolean(iscrowd),
    })),
  }));
};
