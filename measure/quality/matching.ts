import { boxArea, boxIou, type BoxPx } from "../../pipeline/detection/box.ts";
import type { Label } from "../../pipeline/detection/detection.ts";
import type { NamedDetection } from "../../pipeline/detection/named-detection.ts";

/** What was found in one scene and what is there, both in pixels of the scene. */
export interface JudgedScene {
  readonly detections: readonly NamedDetection[];
  readonly labels: readonly Label[];
}

/** What became of one detection. `label` is the index of the label it hit. */
export type Verdict =
  | { readonly kind: "hit"; readonly detection: NamedDetection; readonly label: number }
  | { readonly kind: "miss"; readonly detection: NamedDetection }
  | { readonly kind: "ignored"; readonly detection: NamedDetection };

/** From this overlap on a detection counts as the object. */
export const hitIou = 0.5;

/** Best score first; equal scores in an order of their own, so that no result depends on the order of arrival. */
export const byScore = (a: NamedDetection, b: NamedDetection): number =>
  b.score - a.score ||
  a.boxPx.y0 - b.boxPx.y0 ||
  a.boxPx.x0 - b.boxPx.x0 ||
  a.boxPx.y1 - b.boxPx.y1 ||
  a.boxPx.x1 - b.boxPx.x1 ||
  (a.className < b.className ? -1 : a.className > b.className ? 1 : 0);

/** The part of `a` that lies in `b`, 0…1. */
const coveredShare = (a: BoxPx, b: BoxPx): number => {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return width > 0 && height > 0 ? (width * height) / boxArea(a) : 0;
};

/**
 * Judges the detections of one scene, best score first: each takes the free label of its class that it overlaps most, at
 * IoU ≥ 0.5. One that takes none but lies at least half inside an ignored label of its class is itself ignored
 * (as COCO does for crowds: an ignored label takes any number).
 */
export const judge = ({ detections, labels }: JudgedScene): readonly Verdict[] => {
  const taken = new Set<number>();
  return detections.toSorted(byScore).map((detection): Verdict => {
    let label = -1;
    let best = 0;
    labels.forEach(({ className, boxPx, ignore }, index) => {
      if (ignore || className !== detection.className || taken.has(index)) return;
      const iou = boxIou(detection.boxPx, boxPx);
      if (iou >= hitIou && iou > best) {
        label = index;
        best = iou;
      }
    });
    if (label >= 0) {
      taken.add(label);
      return { kind: "hit", detection, label };
    }
    const excused = labels.some(
      ({ className, boxPx, ignore }) =>
        ignore && className === detection.className && coveredShare(detection.boxPx, boxPx) >= 0.5,
    );
    return { kind: excused ? "ignored" : "miss", detection };
  });
};
