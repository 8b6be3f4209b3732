import { fontOf, type Palette } from "../look/palette.ts";
import type { Box } from "./view.ts";

/** A label that wants a place beside its mark. The order of labels is their rank. */
export interface Label {
  /** Keeps its place from one picture to the next. */
  readonly key: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Of the mark. */
  readonly radius: number;
  readonly bold: boolean;
  readonly colour: string;
}

/** A label with its place. */
export interface PlacedLabel extends Label {
  readonly box: Box;
  /** Moved away so far that a hairline must say what it belongs to. */
  readonly hairline: boolean;
}

/** Right first, since text begins there; then left, above, below, and the corners. */
const directions = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
] as const;
const distances = [3, 13, 26] as const;
const lineHeight = 15;

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const boxOf = (label: Label, width: number, spot: number): Box => {
  const [dx, dy] = directions[spot % directions.length] ?? directions[0];
  const gap = label.radius + (distances[Math.floor(spot / directions.length)] ?? 0);
  const diagonal = dx !== 0 && dy !== 0 ? 0.75 : 1;
  const x = label.x + dx * gap * diagonal + (dx > 0 ? 0 : dx < 0 ? -width : -width / 2);
  const y = label.y + dy * gap * diagonal + (dy > 0 ? 0 : dy < 0 ? -lineHeight : -lineHeight / 2);
  return { x, y, width, height: lineHeight };
};

/** Where each label stood in the last picture, by its key: a label that jumps is harder to read than one that stands badly. */
export type Spots = Map<string, number>;

/**
 * Places labels one after another: eight positions and three distances each, the last picture's first. What finds no free place
 * is left out. Beyond the nearest distance a hairline leads back to the mark.
 */
export const placeLabels = (
  labels: readonly Label[],
  obstacles: readonly Box[],
  frame: Box,
  widthOf: (label: Label) => number,
  spots: Spots,
): readonly PlacedLabel[] => {
  const taken: Box[] = [...obstacles];
  const placed: PlacedLabel[] = [];
  const all = directions.length * distances.length;
  const inside = (box: Box): boolean =>
    box.x >= frame.x &&
    box.y >= frame.y &&
    box.x + box.width <= frame.x + frame.width &&
    box.y + box.height <= frame.y + frame.height;
  for (const label of labels) {
    const width = widthOf(label);
    const before = spots.get(label.key);
    const order =
      before === undefined
        ? Array.from({ length: all }, (_, i) => i)
        : [before, ...Array.from({ length: all }, (_, i) => i)];
    const spot = order.find((candidate) => {
      const box = boxOf(label, width, candidate);
      return inside(box) && !taken.some((other) => overlaps(box, other));
    });
    if (spot === undefined) {
      spots.delete(label.key);
      continue;
    }
    spots.set(label.key, spot);
    const box = boxOf(label, width, spot);
    taken.push(box);
    placed.push({ ...label, box, hairline: spot >= directions.length });
  }
  return placed;
};

/** Widths of texts do not change; measuring them is what a picture of many labels spends its time on. */
const widths = new Map<string, number>();

/** The width of a label's text in pixels. */
export const labelWidth =
  (ctx: CanvasRenderingContext2D) =>
  (label: Label): number => {
    const key = `${label.bold ? "b" : ""}${label.text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    ctx.font = fontOf(12, label.bold);
    const width = ctx.measureText(label.text).width;
    if (widths.size > 5000) widths.clear();
    widths.set(key, width);
    return width;
  };

/** Draws placed labels with a halo of the panel's colour, on which their contrast is reckoned. */
export const drawLabels = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  labels: readonly PlacedLabel[],
): void => {
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.lineJoin = "round";
  for (const { text, box, bold, colour, hairline, x, y } of labels) {
    const middle = box.y + box.height / 2;
    if (hairline) {
      ctx.strokeStyle = palette.ink3;
      ctx.lineWidth = 0.7;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(
        Math.max(box.x, Math.min(box.x + box.width, x)),
        Math.max(box.y, Math.min(box.y + box.height, y)),
      );
      ctx.stroke();
    }
    ctx.font = fontOf(12, bold);
    ctx.strokeStyle = palette.panel;
    ctx.lineWidth = 3;
    ctx.strokeText(text, box.x, middle);
    ctx.fillStyle = colour;
    ctx.fillText(text, box.x, middle);
  }
};
