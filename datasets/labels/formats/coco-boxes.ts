import type { ImageLabels } from "../drawn-label.ts";

/** A box as its annotation has it, and the size of its image. */
export interface SaidBox {
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly size: ImageLabels["size"];
}

/** What the four numbers of a file's boxes are: what COCO says, fractions of the image's sides, or two corners. */
export type BoxMeaning = "pixels" | "fractions" | "corners";

const slackPx = 1;

const leaves = ({ bbox: [x, y, width, height], size }: SaidBox): boolean =>
  size !== null && (x + width > size[0] + slackPx || y + height > size[1] + slackPx);

const fitsAsCorners = ({ bbox: [x0, y0, x1, y1], size }: SaidBox): boolean =>
  x1 > x0 && y1 > y0 && (size === null || (x1 <= size[0] + slackPx && y1 <= size[1] + slackPx));

/**
 * What writers mean who do not mean COCO's `[x, y, width, height]` in pixels. Fractions where no number is over 1; corners where half of the
 * boxes or more would leave their images, and none does when it is read as two corners.
 */
export const meaningOf = (boxes: readonly SaidBox[]): BoxMeaning => {
  if (boxes.length === 0) return "pixels";
  if (boxes.every(({ bbox }) => bbox.every((value) => value >= 0 && value <= 1))) return "fractions";
  const off = boxes.filter(leaves).length;
  return off > 0 && 2 * off >= boxes.length && boxes.every(fitsAsCorners) ? "corners" : "pixels";
};
