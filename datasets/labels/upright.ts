import type { SceneEntry } from "../catalogue.ts";
import type { DrawnLabel, DrawnPoint, ImageLabels } from "./drawn-label.ts";

/** How an image's samples are stored against how it is looked at: EXIF 2.32, tag 274. 1 is upright; 5 to 8 lie on their side. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The orientation of a scene that is one image; 1 for one that says none. */
export const orientationOf = ({ orientation = 1 }: SceneEntry): Orientation =>
  orientation >= 2 && orientation <= 8 ? (orientation as Orientation) : 1;

/** Formats that every label tool turns by their EXIF tag. Of a TIFF some show the upright picture (OpenCV), others not (GDAL). */
const isTurnedByAll = ({ assets }: SceneEntry): boolean =>
  assets.every(({ path }) => /\.(?:jpe?g|png|webp)$/i.test(path));

/** A place on the upright picture → on the stored one, both as fractions of their sides. */
const toStored: Readonly<Record<Orientation, (point: DrawnPoint) => DrawnPoint>> = {
  1: (point) => point,
  2: ([u, v]) => [1 - u, v],
  3: ([u, v]) => [1 - u, 1 - v],
  4: ([u, v]) => [u, 1 - v],
  5: ([u, v]) => [v, u],
  6: ([u, v]) => [v, 1 - u],
  7: ([u, v]) => [1 - v, 1 - u],
  8: ([u, v]) => [1 - v, u],
};

type Size = readonly [width: number, height: number];

const isSideways = (orientation: Orientation): boolean => orientation >= 5;

/** The size of an image when it is looked at upright. */
export const uprightSize = ([width, height]: Size, orientation: Orientation): Size =>
  isSideways(orientation) ? [height, width] : [width, height];

/** A label drawn on the upright picture, as one on the stored samples. `stored` is the size of these. */
export const turnBack = (label: DrawnLabel, orientation: Orientation, stored: Size): DrawnLabel => {
  if (label.frame === "lonlat") return label;
  const [width, height] = uprightSize(stored, orientation);
  const turn = toStored[orientation];
  const points = label.points.map(([x, y]) =>
    turn(label.frame === "unit" ? [x, y] : [x / width, y / height]),
  );
  return { ...label, frame: "unit", points };
};

/** On which of the two pictures labels were drawn: the stored samples, the upright one, or nobody can tell. */
export type DrawnOn = "stored" | "upright" | "unknown";

const same = (a: Size, b: Size): boolean => a[0] === b[0] && a[1] === b[1];

/** What a set of pixel labels fits on: its own picture, and perhaps no other. */
const fitsOn = (labels: readonly DrawnLabel[], [width, height]: Size): boolean =>
  labels.every(({ points }) => points.every(([x, y]) => x <= width + 1 && y <= height + 1));

/**
 * Where the labels of an image that is stored turned were drawn. Formats of tools that turn say so; else the size that the file
 * gives tells the two apart, or a corner that lies on one of them alone.
 */
export const drawnOn = (image: ImageLabels, entry: SceneEntry): DrawnOn => {
  const stored = [entry.scene.width, entry.scene.height] as const;
  const orientation = orientationOf(entry);
  if (orientation === 1 || image.labels.length === 0) return "stored";
  if (image.isSeenUpright && isTurnedByAll(entry)) return "upright";
  if (image.labels.some(({ frame }) => frame === "lonlat")) return "stored";
  const upright = uprightSize(stored, orientation);
  if (same(stored, upright)) return "unknown";
  if (image.size !== null) return same(image.size, upright) ? "upright" : "stored";
  if (image.labels.some(({ frame }) => frame === "unit")) return "unknown";
  const [onStored, onUpright] = [fitsOn(image.labels, stored), fitsOn(image.labels, upright)];
  if (onStored === onUpright) return "unknown";
  return onStored ? "stored" : "upright";
};
