import type { Palette } from "../look/palette.ts";
import { inWindow, type LaneRow } from "./lane.ts";
import { xOf, type TimeScale } from "./time-axis.ts";

type Context = CanvasRenderingContext2D;

/** What an order waits for, and its deadline: outlined while it is not on board, grey until its image, then in the colour of what comes down. */
export const drawStages = (
  ctx: Context,
  palette: Palette,
  { scale, now }: { readonly scale: TimeScale; readonly now: number },
  { lane, y, height, selected }: LaneRow,
): void => {
  const top = selected ? y + 15 : y + 3;
  const high = selected ? 16 : height - 6;
  const right = scale.x + scale.width;
  for (const { name, from, to } of inWindow(lane.stages ?? [], scale.from, Math.min(now, scale.to))) {
    const x0 = Math.max(scale.x, xOf(scale, from));
    const x1 = Math.min(right, xOf(scale, Math.min(now, to)));
    const width = Math.max(1.5, x1 - x0);
    if (name === "waits") {
      ctx.strokeStyle = palette.plan;
      ctx.lineWidth = 1;
      ctx.strokeRect(x0 + 0.5, top + 0.5, Math.max(1, width - 1), high - 1);
      continue;
    }
    ctx.fillStyle = name === "taken" ? palette.detections : palette.past;
    ctx.fillRect(x0, top, width, high);
  }
  const { deadline } = lane;
  if (deadline === undefined || deadline < scale.from || deadline > scale.to) return;
  const x = xOf(scale, deadline);
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  ctx.moveTo(x, y + 2);
  ctx.lineTo(x, y + height - 2);
  ctx.stroke();
};
