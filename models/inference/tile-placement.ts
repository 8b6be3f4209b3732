import type { BoxPx } from "../../pipeline/detection/box.ts";
import type { Detection } from "../../pipeline/detection/detection.ts";
import type { PointPx } from "../../pipeline/detection/outline.ts";
import type { PixelWindow } from "../../pipeline/raster/raster.ts";
import type { SizePx } from "../heads/head.ts";

/** How tiles of another size than the network's input get into it; the fields of a card's `input`. */
export interface FitRules {
  /** `pad`: as they are, in the upper left corner; `letterbox`: scaled as far as they fit, sides kept in proportion. */
  readonly fit: "pad" | "letterbox";
  /** Where a scaled tile that does not fill the input lies. */
  readonly anchor: "centre" | "corner";
  /** Sides of the input; `null` where the network takes any. */
  readonly fixed: { readonly width: number | null; readonly height: number | null };
  /** A free side is a multiple of this. */
  readonly multipleOfPx: number;
}

/** Where a tile lies in a network's input. */
export interface Placement {
  readonly inputPx: SizePx;
  /** The part of the input that holds the tile. */
  readonly tilePx: PixelWindow;
  readonly fit: FitRules["fit"];
  /** Input pixels a tile pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** How much of a margin lies before a tile, to its left and above, in pixels. */
export interface Inset {
  readonly left: number;
  readonly top: number;
}

/** A tile in the upper left corner. */
export const noInset: Inset = { left: 0, top: 0 };

const paddedLength = (length: number, fixed: number | null, multipleOf: number): number =>
  fixed ?? Math.ceil(length / multipleOf) * multipleOf;

/**
 * Places a tile. A letterbox scales by what fits and rounds sides and margins as Ultralytics' `LetterBox` does (ultralytics/data/
 * augment.py: margins of half pixels go to the right and below); on a network without fixed sides it is the same as `pad`.
 * `inset` is for tiles that are not scaled, on networks that take any size: it moves the tile on the network's grid.
 */
export const placeTile = (
  { width, height }: SizePx,
  rules: FitRules,
  { left, top }: Inset = noInset,
): Placement => {
  const { fixed, multipleOfPx, fit } = rules;
  const inputPx = {
    width: paddedLength(width + left, fixed.width, multipleOfPx),
    height: paddedLength(height + top, fixed.height, multipleOfPx),
  };
  if (fit === "pad")
    return { fit, inputPx, tilePx: { x: left, y: top, width, height }, scaleX: 1, scaleY: 1 };
  const scale = Math.min(inputPx.width / width, inputPx.height / height);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const margin = (whole: number, part: number): number =>
    rules.anchor === "corner" ? 0 : Math.round((whole - part) / 2 - 0.1) + 0;
  const tilePx = { x: margin(inputPx.width, w), y: margin(inputPx.height, h), width: w, height: h };
  return { fit, inputPx, tilePx, scaleX: w / width, scaleY: h / height };
};

/** A detection in pixels of the input as one in pixels of the tile: the exact inverse of the placement. */
export const intoTile = (detection: Detection, { tilePx, scaleX, scaleY }: Placement): Detection => {
  const { boxPx, outlinePx } = detection;
  const atX = (x: number): number => (x - tilePx.x) / scaleX;
  const atY = (y: number): number => (y - tilePx.y) / scaleY;
  const box: BoxPx = { x0: atX(boxPx.x0), y0: atY(boxPx.y0), x1: atX(boxPx.x1), y1: atY(boxPx.y1) };
  if (outlinePx === undefined) return { ...detection, boxPx: box };
  return { ...detection, boxPx: box, outlinePx: outlinePx.map(([x, y]): PointPx => [atX(x), atY(y)]) };
};
