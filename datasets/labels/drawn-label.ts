import type { BoxPx } from "../../pipeline/detection/box.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { lonLatToPixel } from "../../pipeline/raster/georeference.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import { degrees } from "../../pipeline/units.ts";

/** How a label file counts: pixels from the upper left, fractions of the image's sides, or longitude and latitude. */
export type LabelFrame = "pixel" | "unit" | "lonlat";

/** A label as its file has it, before it is known how large the image is and where it lies. */
export interface DrawnLabel {
  /** Position in the file, counting from 0, so that a message can name it. */
  readonly index: number;
  readonly className: string;
  readonly frame: LabelFrame;
  /** Corners of a box or a polygon; at least two. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly ignore: boolean;
}

/** The labels of one image; `image` as the label file names it. */
export interface ImageLabels {
  readonly image: string;
  /** The size that the file believes the image has; `null` when it does not say. */
  readonly size: readonly [width: number, height: number] | null;
  readonly labels: readonly DrawnLabel[];
}

export interface PlacedLabels {
  readonly labels: readonly Label[];
  /** One for each label that lies wholly outside the image or has no area. */
  readonly errors: readonly SwathError[];
}

// Degrees carried through a file come back as 411.9999998 pixels; nobody draws finer than a thousandth.
const snap = (value: number): number => Math.round(value * 1000) / 1000;

const extentOf = (points: readonly (readonly [number, number])[]): BoxPx => {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return {
    x0: snap(Math.min(...xs)),
    y0: snap(Math.min(...ys)),
    x1: snap(Math.max(...xs)),
    y1: snap(Math.max(...ys)),
  };
};

const pixelPoints = (drawn: DrawnLabel, scene: Scene): readonly (readonly [number, number])[] => {
  if (drawn.frame === "pixel") return drawn.points;
  if (drawn.frame === "unit")
    return drawn.points.map(([x, y]) => [x * scene.width, y * scene.height] as const);
  const { georeference } = scene;
  if (georeference === null) return [];
  return drawn.points.map(([x, y]) => lonLatToPixel(georeference, [degrees(x), degrees(y)]));
};

/** The label's box in pixels of `scene`, before clipping; `null` for longitudes on a scene without georeference. */
export const boxInScene = (drawn: DrawnLabel, scene: Scene): BoxPx | null => {
  const points = pixelPoints(drawn, scene);
  return points.length === 0 ? null : extentOf(points);
};

/** What of `box` lies in the image; `null` when that has no area. */
export const clipToScene = (box: BoxPx, scene: Scene): BoxPx | null => {
  const clipped = {
    x0: Math.max(0, box.x0),
    y0: Math.max(0, box.y0),
    x1: Math.min(scene.width, box.x1),
    y1: Math.min(scene.height, box.y1),
  };
  return clipped.x1 > clipped.x0 && clipped.y1 > clipped.y0 ? clipped : null;
};

/**
 * Turns drawn labels into pixel boxes of `scene`. Labels partly outside are clipped; labels wholly outside,
 * without area or not to be placed come back as `SwathError("label")` that names `file`, index, box and image size.
 */
export const placeLabels = (drawn: readonly DrawnLabel[], scene: Scene, file: string): PlacedLabels => {
  const labels: Label[] = [];
  const errors: SwathError[] = [];
  for (const label of drawn) {
    const box = boxInScene(label, scene);
    const boxPx = box && clipToScene(box, scene);
    if (boxPx) {
      labels.push({ className: label.className, boxPx, ...(label.ignore ? { ignore: true } : {}) });
      continue;
    }
    const wanted = box
      ? `a box with area inside ${scene.width} × ${scene.height} pixels`
      : "pixel coordinates, since the scene has no georeference";
    const got = box ? `x ${box.x0}…${box.x1}, y ${box.y0}…${box.y1}` : "longitude and latitude";
    const what = `${file}: label ${label.index} (${label.className}) of scene "${scene.id}"`;
    errors.push(new SwathError("label", { what, wanted, got }));
  }
  return { labels, errors };
};
