import { boxIou, type BoxPx } from "../../pipeline/detection/box.ts";
import { SwathError } from "../../pipeline/errors.ts";
import { judge } from "../quality/matching.ts";
import { pixelSize } from "../../pipeline/raster/pixel-size.ts";
import { lonLatToPixel } from "../../pipeline/raster/georeference.ts";
import type { LonLat } from "../../pipeline/raster/projection.ts";
import type { Scene } from "../../pipeline/raster/scene.ts";
import type { CheckedScene } from "./checked-scene.ts";

/** How far from a label detections without one are excused. */
export interface Margin {
  readonly amount: number;
  readonly unit: "px" | "m";
}

/** A polygon in degrees: the outline, then its holes. */
export type Area = readonly (readonly LonLat[])[];

/** Where not everything is labelled: a detection off every label is no false alarm there. Labels count as everywhere. */
export interface Excuses {
  readonly margin: Margin | null;
  readonly areas: readonly Area[];
}

/** From this intersection over union with a label on, a false alarm is a poor or a second box of that object. */
export const sameObject = 0.1;

/** Side of a pixel on the ground. Throws `SwathError("config")` for a scene that does not say where it lies. */
const metresPerPixel = (scene: Scene): number => {
  const size = pixelSize(scene);
  if (size !== null) return size;
  throw new SwathError("config", {
    what: "--ignore-margin in metres",
    wanted: `to know where ${scene.id} lies`,
    hint: "give the margin in pixels",
  });
};

/** Between the nearest sides; 0 where boxes touch. */
const gap = (a: BoxPx, b: BoxPx): number =>
  Math.hypot(Math.max(0, a.x0 - b.x1, b.x0 - a.x1), Math.max(0, a.y0 - b.y1, b.y0 - a.y1));

type Ring = readonly (readonly [x: number, y: number])[];

/** By crossings to the right, over all rings: inside a hole is outside. */
const isInside = (rings: readonly Ring[], x: number, y: number): boolean => {
  let inside = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], i) => {
      const [x0, y0] = ring[i - 1] ?? (ring.at(-1) as Ring[number]);
      if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
    });
  }
  return inside;
};

const areasInPixels = ({ georeference, id }: Scene, areas: readonly Area[]): readonly (readonly Ring[])[] => {
  if (areas.length === 0) return [];
  if (georeference === null) {
    throw new SwathError("config", { what: "--ignore-areas", wanted: `to know where scene ${id} lies` });
  }
  return areas.map((rings) => rings.map((ring) => ring.map((point) => lonLatToPixel(georeference, point))));
};

/**
 * A scene without the detections that are excused: those that overlap no label and lie within the margin of one (of any
 * class, from side to side) or have their centre in an area. What hits a label is judged as before, and a poor or second
 * box of a labelled object stays a false alarm. Throws `SwathError("config")` when the scene has to say where it lies and
 * does not.
 */
export const excuse = (checked: CheckedScene, { margin, areas }: Excuses): CheckedScene => {
  const { scene, labels } = checked;
  const reach =
    margin === null ? null : margin.unit === "px" ? margin.amount : margin.amount / metresPerPixel(scene);
  const polygons = areasInPixels(scene, areas);
  const isNear = (box: BoxPx): boolean =>
    (reach !== null && labels.some(({ boxPx }) => gap(boxPx, box) <= reach)) ||
    polygons.some((rings) => isInside(rings, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2));
  const isExcused = (box: BoxPx): boolean =>
    isNear(box) && labels.every(({ boxPx }) => boxIou(boxPx, box) <= sameObject);
  const dropped = new Set(
    judge(checked).flatMap(({ kind, detection }) =>
      kind === "miss" && isExcused(detection.boxPx) ? [detection] : [],
    ),
  );
  return { ...checked, detections: checked.detections.filter((detection) => !dropped.has(detection)) };
};

/** In words, for whoever reads the figures. */
export const excuseText = ({ margin, areas }: Excuses): string =>
  [
    ...(margin === null ? [] : [`within ${margin.amount} ${margin.unit} of a label`]),
    ...(areas.length === 0 ? [] : [`in ${areas.length} ignored area${areas.length === 1 ? "" : "s"}`]),
  ].join(" or ");
