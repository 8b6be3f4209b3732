import type { Palette } from "../look/palette.ts";
import { strokeShape } from "./draw-links.ts";
import type { OrderMark } from "./picture.ts";
import { pointOf, type View } from "./view.ts";

type Context = CanvasRenderingContext2D;

/** Half of the smallest frame, px: most areas are smaller than a pixel of the world. */
const leastHalf = 7;

/** What an order's frame looks like: outlined is to come, full has happened; trouble is red. */
export const orderColour = (palette: Palette, stage: OrderMark["stage"]): string => {
  if (stage === "landed") return palette.detections;
  if (stage === "refused" || stage === "expired") return palette.trouble;
  return stage === "taken" || stage === "done" ? palette.ink : palette.ink2;
};

const isAhead = (stage: OrderMark["stage"]): boolean => stage === "waits" || stage === "on board";

/** The corners of a frame, as a viewfinder has them. */
const drawCorners = (ctx: Context, x: number, y: number, half: number, arm: number): void => {
  ctx.beginPath();
  for (const [sx, sy] of [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const) {
    ctx.moveTo(x + sx * half, y + sy * (half - arm));
    ctx.lineTo(x + sx * half, y + sy * half);
    ctx.lineTo(x + sx * (half - arm), y + sy * half);
  }
  ctx.stroke();
};

/** The area of an order, and a frame round its middle that is seen whatever the scale; dashed until its image is taken. */
export const drawOrder = (ctx: Context, palette: Palette, view: View, order: OrderMark): void => {
  const { stage, selected } = order;
  const colour = orderColour(palette, stage);
  const dash = isAhead(stage) ? [3, 2] : [];
  strokeShape(
    ctx,
    view,
    { type: "LineString", coordinates: order.outline.map(([lon, lat]) => [lon, lat]) },
    { colour, width: 1.2, dash },
  );
  const point = pointOf(view, order.lonLat);
  if (point === null) return;
  const [x, y] = point;
  const half = selected ? leastHalf + 3 : leastHalf;
  const arm = isAhead(stage) ? 4 : half;
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = selected ? 4.5 : 3.5;
  drawCorners(ctx, x, y, half, arm);
  ctx.strokeStyle = colour;
  ctx.lineWidth = selected ? 2 : 1.4;
  drawCorners(ctx, x, y, half, arm);
  if (stage !== "refused" && stage !== "expired") return;
  ctx.beginPath();
  ctx.moveTo(x - 3, y - 3);
  ctx.lineTo(x + 3, y + 3);
  ctx.moveTo(x + 3, y - 3);
  ctx.lineTo(x - 3, y + 3);
  ctx.stroke();
};
