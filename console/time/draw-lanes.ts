import { drawStages } from "./draw-stages.ts";
import { colourOfKind, fontOf, type Palette } from "../look/palette.ts";
import { inWindow, type HandOver, type LaneRow } from "./lane.ts";
import { ticksOf, xOf, type TimeScale } from "./time-axis.ts";

type Context = CanvasRenderingContext2D;

/** What the lanes show: rows as laid out, the stretch of time, now, and whether now is all that is known. */
export interface LaneChart {
  readonly rows: readonly LaneRow[];
  readonly handOvers: readonly HandOver[];
  readonly scale: TimeScale;
  readonly now: number;
  readonly height: number;
  readonly labelWidth: number;
  readonly hovered: number | null;
}

/** Widths of names: measuring a thousand of them again for each picture is what lanes would spend their time on. */
const widths = new Map<string, number>();

const widthOf = (ctx: Context, sizePx: 11 | 12, text: string): number => {
  const key = `${sizePx}${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ctx.font = fontOf(sizePx);
  const { width } = ctx.measureText(text);
  widths.set(key, width);
  return width;
};

const axisHeight = 20;

/** How far down the first lane begins. */
export const lanesTop = axisHeight;

const drawAxis = (ctx: Context, palette: Palette, { scale, height, now }: LaneChart): void => {
  ctx.font = fontOf(12);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const { t, label } of ticksOf(scale, 110)) {
    const x = xOf(scale, t);
    ctx.strokeStyle = palette.rule;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(x) + 0.5, axisHeight - 3);
    ctx.lineTo(Math.round(x) + 0.5, height);
    ctx.stroke();
    ctx.fillStyle = palette.ink2;
    // The mark of now stands on the axis: a label under it could not be read.
    const isClear = Math.abs(x - xOf(scale, now)) > 24;
    if (isClear && x > scale.x + 14 && x < scale.x + scale.width - 16) ctx.fillText(label, x, 9);
  }
};

/** Filled what has been, outlined what is planned; a bar that now lies in is both. */
const drawBars = (ctx: Context, palette: Palette, chart: LaneChart, row: LaneRow): void => {
  const { scale, now, hovered } = chart;
  const top = row.selected ? row.y + 17 : row.y + 2;
  const high = row.selected ? 12 : row.height - 5;
  let lastNameEnd = -Infinity;
  for (const bar of inWindow(row.lane.bars, scale.from, scale.to)) {
    const x0 = Math.max(scale.x, xOf(scale, bar.from));
    const x1 = Math.min(scale.x + scale.width, xOf(scale, bar.to));
    const width = Math.max(1.5, x1 - x0);
    const passed = Math.max(0, Math.min(width, xOf(scale, Math.min(now, bar.to)) - x0));
    if (passed > 0) {
      ctx.fillStyle = palette.past;
      ctx.fillRect(x0, top, Math.max(1, passed), high);
    }
    if (passed < width) {
      ctx.strokeStyle = palette.plan;
      ctx.lineWidth = 1;
      ctx.strokeRect(x0 + passed + 0.5, top + 0.5, Math.max(1, width - passed - 1), high - 1);
    }
    if (hovered === bar.contact) {
      ctx.strokeStyle = palette.ink;
      ctx.lineWidth = 1.5;
      ctx.strokeRect(x0 - 0.5, top - 0.5, width + 1, high + 1);
    }
    ctx.textBaseline = "middle";
    if (row.selected) {
      const textWidth = widthOf(ctx, 12, bar.label);
      const middle = Math.max(scale.x + textWidth / 2, (x0 + x1) / 2);
      if (middle - textWidth / 2 > lastNameEnd + 8 && middle + textWidth / 2 < scale.x + scale.width) {
        ctx.font = fontOf(12);
        ctx.textAlign = "center";
        ctx.fillStyle = palette.ink2;
        ctx.fillText(bar.label, middle, row.y + 8);
        lastNameEnd = middle + textWidth / 2;
      }
    } else if (high >= 9) {
      // Four pixels a letter are less than any name takes: most bars need not even be looked up.
      if (width < 4 * bar.label.length || widthOf(ctx, 11, bar.label) + 6 > width) continue;
      ctx.font = fontOf(11);
      ctx.textAlign = "left";
      ctx.fillStyle = passed > 0 ? palette.ink : palette.ink2;
      ctx.fillText(bar.label, x0 + 4, top + high / 2 + 0.5);
    }
  }
};

const drawShots = (ctx: Context, palette: Palette, { scale, now }: LaneChart, row: LaneRow): void => {
  const base = row.selected ? row.y + 29 : row.y + row.height - 4;
  const size = row.selected ? 5 : 4;
  let lastEnd = -Infinity;
  for (const shot of row.lane.shots) {
    if (shot.t < scale.from || shot.t > scale.to) continue;
    const x = xOf(scale, shot.t);
    ctx.beginPath();
    ctx.moveTo(x, base - 2 * size + 1);
    ctx.lineTo(x + size, base);
    ctx.lineTo(x - size, base);
    ctx.closePath();
    const ahead = shot.t > now;
    const landed = shot.landedAt !== null && shot.landedAt <= now;
    ctx.strokeStyle = ahead ? palette.plan : palette.detections;
    ctx.fillStyle = landed ? palette.detections : palette.panel;
    ctx.lineWidth = 1.5;
    ctx.fill();
    ctx.stroke();
    if (row.selected && shot.label !== "") {
      ctx.font = fontOf(12, true);
      const width = ctx.measureText(shot.label).width;
      if (x + 8 < lastEnd || x + 8 + width > scale.x + scale.width) continue;
      lastEnd = x + 8 + width + 4;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.strokeStyle = palette.faint;
      ctx.lineWidth = 3;
      ctx.strokeText(shot.label, x + 8, base - 4);
      ctx.fillStyle = ahead ? palette.ink2 : palette.detections;
      ctx.fillText(shot.label, x + 8, base - 4);
    }
  }
};

const drawSends = (ctx: Context, palette: Palette, { scale, now }: LaneChart, row: LaneRow): void => {
  const top = row.selected ? row.y + 15 : row.y + 1;
  const high = row.selected ? 16 : row.height - 3;
  for (const send of inWindow(row.lane.sends, scale.from, Math.min(now, scale.to))) {
    const x = xOf(scale, send.from);
    ctx.fillStyle = colourOfKind(palette, send.kind);
    // A sending of a tenth of a millisecond is drawn two pixels wide: nobody would see it else.
    ctx.fillRect(x - 1, top, Math.max(2, xOf(scale, Math.min(now, send.to)) - x), high);
  }
};

const drawTrouble = (ctx: Context, palette: Palette, { scale, now }: LaneChart, row: LaneRow): void => {
  const middle = row.y + row.height / 2;
  ctx.strokeStyle = palette.trouble;
  ctx.lineWidth = 1.8;
  for (const t of row.lane.losses) {
    if (t > now || t < scale.from || t > scale.to) continue;
    const x = xOf(scale, t);
    ctx.beginPath();
    ctx.moveTo(x - 3, middle - 3);
    ctx.lineTo(x + 3, middle + 3);
    ctx.moveTo(x + 3, middle - 3);
    ctx.lineTo(x - 3, middle + 3);
    ctx.stroke();
  }
  const { silentSince } = row.lane;
  if (silentSince === null || silentSince > now) return;
  const from = Math.max(scale.x, xOf(scale, silentSince));
  const to = Math.min(scale.x + scale.width, xOf(scale, now));
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, row.y + 1, Math.max(0, to - from), row.height - 2);
  ctx.clip();
  ctx.lineWidth = 1;
  for (let x = from - row.height; x < to; x += 6) {
    ctx.beginPath();
    ctx.moveTo(x, row.y + row.height);
    ctx.lineTo(x + row.height, row.y);
    ctx.stroke();
  }
  ctx.restore();
};

/** Arrows from lane to lane: full once it has happened, dotted while it is planned. */
const drawHandOvers = (ctx: Context, palette: Palette, { rows, handOvers, scale, now }: LaneChart): void => {
  const middles = new Map(rows.map((row) => [row.lane.id, row.y + (row.selected ? 23 : row.height / 2)]));
  for (const { t, from, to, kind } of handOvers) {
    const [y0, y1] = [middles.get(from), middles.get(to)];
    if (t < scale.from || t > scale.to || y0 === undefined || y1 === undefined || y0 === y1) continue;
    const x = xOf(scale, t);
    const up = Math.sign(y1 - y0);
    ctx.strokeStyle = colourOfKind(palette, kind);
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = 1.6;
    ctx.setLineDash(t <= now ? [] : [1.5, 2.5]);
    ctx.beginPath();
    ctx.moveTo(x, y0);
    ctx.lineTo(x, y1 - up * 5);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, y1);
    ctx.lineTo(x - 3.5, y1 - up * 6);
    ctx.lineTo(x + 3.5, y1 - up * 6);
    ctx.closePath();
    if (t <= now) ctx.fill();
    else ctx.stroke();
  }
};

const drawNow = (ctx: Context, palette: Palette, { scale, now, height }: LaneChart): void => {
  if (now < scale.from || now > scale.to) return;
  const x = Math.round(xOf(scale, now));
  ctx.strokeStyle = palette.ink;
  ctx.fillStyle = palette.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x, axisHeight - 6);
  ctx.lineTo(x, height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 5, axisHeight - 9);
  ctx.lineTo(x + 5, axisHeight - 9);
  ctx.lineTo(x + 5, axisHeight - 4);
  ctx.lineTo(x, axisHeight + 1);
  ctx.lineTo(x - 5, axisHeight - 4);
  ctx.closePath();
  ctx.fill();
};

const drawNames = (ctx: Context, palette: Palette, { rows, now, labelWidth }: LaneChart): void => {
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  for (const { lane, y, height, selected } of rows) {
    ctx.font = fontOf(12, selected);
    ctx.fillStyle = selected ? palette.ink : palette.ink2;
    const text = selected ? lane.fullLabel : lane.label;
    ctx.fillText(text, 10, selected ? y + 23 : y + height / 2, labelWidth - 24);
    const inShadow = lane.shadows.some(([from, to]) => now >= from && now < to);
    if (!inShadow) continue;
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    ctx.arc(labelWidth - 10, selected ? y + 23 : y + height / 2, 2.8, 0, 2 * Math.PI);
    ctx.stroke();
  }
};

/** Draws the lanes: ground (shadow, selection), bars, sendings, shots, troubles, hand-overs, and the line of now. */
export const drawLanes = (ctx: Context, palette: Palette, chart: LaneChart): void => {
  const { rows, scale, height } = chart;
  const seen = rows.filter((row) => row.y + row.height > 0 && row.y < height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, axisHeight, scale.x + scale.width, height - axisHeight);
  ctx.clip();
  ctx.translate(0, axisHeight);
  for (const { lane, y, height: rowHeight, selected } of seen) {
    if (selected) {
      ctx.fillStyle = palette.faint;
      ctx.fillRect(0, y, scale.x + scale.width, rowHeight);
    }
    ctx.fillStyle = palette.shadow;
    for (const [from, to] of lane.shadows) {
      if (to < scale.from || from > scale.to) continue;
      const x0 = Math.max(scale.x, xOf(scale, from));
      const x1 = Math.min(scale.x + scale.width, xOf(scale, to));
      ctx.fillRect(x0, y, x1 - x0, rowHeight);
    }
    ctx.fillStyle = palette.rule;
    ctx.fillRect(0, y + rowHeight - 0.5, scale.x + scale.width, 0.5);
  }
  ctx.restore();
  drawAxis(ctx, palette, chart);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, axisHeight, scale.x + scale.width, height - axisHeight);
  ctx.clip();
  ctx.translate(0, axisHeight);
  drawNames(ctx, palette, { ...chart, rows: seen });
  ctx.beginPath();
  ctx.rect(scale.x, 0, scale.width, height);
  ctx.clip();
  for (const row of seen) {
    drawBars(ctx, palette, chart, row);
    drawSends(ctx, palette, chart, row);
    if (row.lane.stages !== undefined) drawStages(ctx, palette, chart, row);
    drawShots(ctx, palette, chart, row);
    drawTrouble(ctx, palette, chart, row);
  }
  drawHandOvers(ctx, palette, chart);
  ctx.restore();
  drawNow(ctx, palette, chart);
};
