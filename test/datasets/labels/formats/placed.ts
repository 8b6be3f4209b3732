import type { DrawnLabel, ReadLabels } from "../../../../datasets/labels/drawn-label.ts";
import type { LabelContext } from "../../../../datasets/labels/formats/label-format.ts";
import type { LabelDocument } from "../../../../datasets/labels/label-document.ts";
import { placerOn } from "../../../../datasets/labels/place-label.ts";
import type { Label } from "../../../../pipeline/detection/detection.ts";
import { proj4Definition } from "../../../../pipeline/raster/projection.ts";
import type { Scene } from "../../../../pipeline/raster/scene.ts";

export const scene: Scene = {
  id: "port",
  width: 400,
  height: 300,
  bands: [],
  georeference: {
    crs: "EPSG:32631",
    proj4: proj4Definition("EPSG:32631") ?? "",
    transform: [10, 0, 420_000, 0, -10, 4_480_000],
  },
  acquiredAt: null,
  platform: null,
};
export const picture: Scene = { ...scene, georeference: null };

/** Labels as they come to lie on `on`, and in words what does not. */
export const place = (drawn: readonly DrawnLabel[], on: Scene): readonly (Label | string)[] => {
  const placer = placerOn(on);
  return drawn.map((label) => {
    const placement = placer(label);
    if (placement.kind !== "inside") return placement.kind === "nowhere" ? placement.reason : placement.kind;
    const { className, ignore } = label;
    return { className, boxPx: placement.boxPx, ...(ignore ? { ignore: true } : {}) };
  });
};

export const labelsIn = ({ images, loose }: ReadLabels): readonly DrawnLabel[] => [
  ...images.flatMap(({ labels }) => labels),
  ...loose,
];
export const reasonsOf = ({ leftOut }: ReadLabels): readonly string[] =>
  leftOut.map(({ reason, count, example }) => `${count} × ${reason} (${example})`);
export const document = (text: string, path = "a.txt"): LabelDocument => ({
  path,
  text,
  json: undefined,
  encoding: null,
});
export const context = (
  classNames: readonly string[] = [],
  keyPoints: LabelContext["keyPoints"] = null,
): LabelContext => ({
  classNames,
  keyPoints,
});
export const box = (className: string, x0: number, y0: number, x1: number, y1: number) => ({
  className,
  boxPx: { x0, y0, x1, y1 },
});
