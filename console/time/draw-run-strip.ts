import { fontOf, type Palette } from "../look/palette.ts";
import { ticksOf, xOf, type TimeScale } from "./time-axis.ts";

/** The whole run at a glance: how many contacts are open, what was taken, what went wrong. */
export interface RunStrip {
  readonly scale: TimeScale;
  readonly now: number;
  /** Up to where the run has come. */
  readonly head: number;
  readonly window: { readonly from: number; readonly to: number };
  /** Open contacts in even steps over the run. */
  readonly open: Float32Array;
  readonly shots: readonly { readonly t: number; readonly landedAt: number | null }[];
  readonly losses: readonly number[];
  readonly top: number;
  readonly height: number;
}

/** Counts how many stretches are open in each of `cells` even cells over [from, to], as means. */
export const openCounts = (
  stretches: { readonly from: ArrayLike<number>; readonly to: ArrayLike<number> },
  span: number,
  cells: number,
): Float32Array => {
  const open = new Float32Array(cells);
  const cell = span / cells;
  for (let i = 0; i < stretches.from.length; i++) {
    const [a, b] = [stretches.from[i] as number, stretches.to[i] as number];
    const last = Math.min(cells - 1, Math.floor(b / cell));
    for (let at = Math.max(0, Math.floor(a / cell)); at <= last; at++) {
      const share = (Math.min(b, (at + 1) * cell) - Math.max(a, at * cell)) / cell;
      if (share > 0) open[at] = (open[at] as number) + share;
    }
  }
  return open;
};

const drawOpen = (ctx: CanvasRenderingContext2D, palette: Palette, strip: RunStrip): void => {
  const { scale, open, head, top, height } = strip;
  const most = open.reduce((high, value) => Math.max(high, value), 1);
  const high = height * 0.55;
  const headX = xOf(scale, head);
  for (const [from, to, alpha] of [
    [scale.x, headX, 1],
    [headX, scale.x + scale.width, 0.45],
  ] as const) {
    if (to <= from) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, top, to - from, height);
    ctx.clip();
    ctx.globalAlpha = alpha;
    ctx.beginPath();
    ctx.moveTo(scale.x, top + height);
    for (let i = 0; i < open.length; i++) {
      const x = scale.x + ((i + 0.5) / open.length) * scale.width;
      ctx.lineTo(x, top + height - ((open[i] as number) / most) * high);
    }
    ctx.lineTo(scale.x + scale.width, top + height);
    ctx.closePath();
    ctx.fillStyle = palette.rule;
    ctx.fill();
    ctx.restore();
  }
};

/** Draws the run strip: axis, open contacts as an area, shots, losses, the window and now. */
export const drawRunStrip = (ctx: CanvasRenderingContext2D, palette: Palette, strip: RunStrip): void => {
  const { scale, now, window, shots, losses, top, height } = strip;
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.font = fontOf(12);
  for (const { t, label } of ticksOf(scale, 90)) {
    const x = xOf(scale, t);
    ctx.fillStyle = palette.rule;
    ctx.fillRect(Math.round(x), top, 1, height);
    ctx.fillStyle = palette.ink2;
    const half = ctx.measureText(label).width / 2;
    ctx.fillText(label, Math.min(scale.x + scale.width - half, Math.max(scale.x + half, x)), top - 8);
  }
  drawOpen(ctx, palette, strip);
  ctx.fillStyle = palette.rule;
  ctx.fillRect(scale.x, top + height - 1, scale.width, 1);
  for (const { t, landedAt } of shots) {
    const x = xOf(scale, t);
    ctx.beginPath();
    ctx.moveTo(x, top + 3);
    ctx.lineTo(x + 4, top + 10);
    ctx.lineTo(x - 4, top + 10);
    ctx.closePath();
    ctx.strokeStyle = t > now ? palette.plan : palette.detections;
    ctx.fillStyle = landedAt !== null && landedAt <= now ? palette.detections : palette.panel;
    ctx.lineWidth = 1.3;
    ctx.fill();
    ctx.stroke();
  }
  ctx.fillStyle = palette.trouble;
  for (const t of losses) if (t <= now) ctx.fillRect(xOf(scale, t) - 0.5, top + 12, 1.5, height - 13);
  const x0 = xOf(scale, window.from);
  const x1 = xOf(scale, window.to);
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(x0, top - 1, Math.max(6, x1 - x0), height + 1);
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(xOf(scale, now), top - 4);
  ctx.lineTo(xOf(scale, now), top + height + 1);
  ctx.stroke();
};
